#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "schemas/alert.h"
#include "schemas/window.h"
#include "tests/json_schema/json_schema.h"

namespace earshot {
namespace {

std::filesystem::path schema(const std::string& record) {
  return std::filesystem::path(EARSHOT_SOURCE_DIR) / "schemas" / (record + ".schema.json");
}

Alert alert_of(IncidentEvent event) {
  Alert alert;
  alert.incident_id = "inc-0123456789abcdef";
  alert.sequence = 2;
  alert.event = event;
  alert.hub = "hub";
  alert.listener = "Acme";
  alert.spoke = "service";
  alert.time_ms = 1'772'409'600'000;
  alert.severity.values = {0.8, 0.9, 0.5, 0.4};
  alert.observed = 312;
  alert.expected = 22;
  alert.window_ms = 300'000;
  alert.counts.set_mentions(100);
  alert.counts.set_negative(71);
  alert.timeline = {1'772'408'000'000, 1'772'409'000'000, 400, 20, 300'000, 0, 0};
  for (const char* word : {"outage", "refund"}) {
    wire::Term& term = alert.terms.emplace_back();
    term.set_text(word);
    term.set_count(3);
    term.set_lift(4.5);
  }
  alert.platforms = {{"x", 3}};
  alert.languages = {{"en", 3}};
  wire::Evidence& post = alert.evidence.emplace_back();
  post.set_post_id("1");
  post.set_platform("x");
  post.set_author_handle("emma");
  post.set_followers(48'211);
  post.set_text("down \"again\"\x1b[31m\nno refund\u009bm");
  post.set_sentiment_e4(-7000);
  post.add_clauses("acme");
  alert.rule_version = (uint64_t{1} << 53) - 1;
  return alert;
}

std::string json_of(const Alert& alert) {
  std::string json;
  append_alert_json(json, alert);
  return json;
}

TEST(AlertSchema, DescribesEveryEventThatIsWritten) {
  for (const IncidentEvent event : {IncidentEvent::kOpened, IncidentEvent::kEscalated, IncidentEvent::kEasing,
                                    IncidentEvent::kResolved, IncidentEvent::kReopened}) {
    const std::string written = json_of(alert_of(event));
    EXPECT_EQ(schema_faults(nlohmann::json::parse(written), schema("alert")), "") << written;
  }
}

TEST(AlertSchema, DescribesAnAlertThatKnowsLittle) {
  Alert alert;
  alert.incident_id = "inc-0123456789abcdef";
  alert.sequence = 1;
  alert.listener = "Acme";
  alert.window_ms = 60'000;
  const std::string written = json_of(alert);
  EXPECT_EQ(schema_faults(nlohmann::json::parse(written), schema("alert")), "") << written;
  EXPECT_TRUE(nlohmann::json::parse(written)["data"]["same_time_last_week"].is_null());
}

TEST(AlertHeadline, SaysItInPlainWords) {
  EXPECT_EQ(alert_headline(alert_of(IncidentEvent::kOpened)),
            "Acme: 14 times the usual mentions (312 in 5 min, 22 expected), 71 % negative; words: outage, refund");
  EXPECT_EQ(alert_headline(alert_of(IncidentEvent::kResolved)),
            "Acme: back to usual after 26 min; at its peak 20 times the usual mentions (400 in 5 min, 20 expected)");
}

TEST(AlertText, IsALineAndItsEvidenceWithoutWhatAnAuthorHidInIt) {
  const auto text = render_alert(json_of(alert_of(IncidentEvent::kOpened)));
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text,
            "2026-03-02T00:00:00.000Z  opened     severity 4  Acme: 14 times the usual mentions (312 in 5 min, 22 "
            "expected), 71 % negative; words: outage, refund\n"
            "    x @emma (48211 followers, -0.70): down \"again\" [31m no refund m\n");
}

TEST(AlertText, IsColouredOnlyWhenAsked) {
  const std::string json = json_of(alert_of(IncidentEvent::kEscalated));
  EXPECT_EQ(render_alert(json)->find('\x1b'), std::string::npos);
  EXPECT_NE(render_alert(json, {.is_coloured = true})->find('\x1b'), std::string::npos);
}

TEST(AlertText, RefusesWhatIsNoAlert) {
  for (const char* json : {"", "{", "[]", "{}", R"({"data":{}})", R"({"data":{"severity":{"level":"high"}}})"}) {
    EXPECT_FALSE(render_alert(json).ok()) << json;
  }
}

TEST(WindowSchema, DescribesWhatIsWritten) {
  CountSums counts;
  counts.mentions = 3;
  counts.sentiment_sum_e4 = -5;
  std::string written;
  append_window_json(written,
                     {.listener = "Acme", .spoke = "service", .start_ms = 0, .length_ms = 60'000, .counts = &counts});
  EXPECT_EQ(schema_faults(nlohmann::json::parse(written), schema("window")), "") << written;
  EXPECT_NE(written.find(R"("sentiment_sum":-0.0005,)"), std::string::npos) << written;
  EXPECT_NE(written.find(R"("start":"1970-01-01T00:00:00.000Z","end":"1970-01-01T00:01:00.000Z")"), std::string::npos);
}

}  // namespace
}  // namespace earshot
