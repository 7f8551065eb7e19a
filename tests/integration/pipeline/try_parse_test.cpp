// `earshot try parse`: records on stdin, canonical posts on stdout, what was refused on stderr.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::filesystem::path kHostile = std::filesystem::path(EARSHOT_SOURCE_DIR) / "../shared/data/hostile/json";

std::vector<std::string> lines_in(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string post(const std::string& id, const std::string& text) {
  return R"({"id":")" + id + R"(","platform":"x","created_at":"2026-03-02T10:00:00Z","text":")" + text + "\"}\n";
}

TEST(TryParse, WritesACanonicalPostForEachPost) {
  const std::string event =
      R"({"did":"did:plc:a","time_us":1772445600000000,"kind":"commit","commit":{"operation":"create",)"
      R"("collection":"app.bsky.feed.post","rkey":"r1","record":{"text":"Hello Acme","langs":["en"],)"
      R"("createdAt":"2026-03-02T10:00:00Z"}}})";
  const std::string page = R"({"data":[{"id":"1","text":"one","created_at":"2026-03-02T10:00:00.000Z","lang":"en"},)"
                           R"({"id":"2","text":"two","created_at":"2026-03-02T10:00:01.000Z","lang":"en"}]})";
  const auto ended = run_earshot({"try", "parse"}, event + "\n" + page);
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "{\"posts\":3,\"dead_letters\":0,\"not_posts\":0}\n");
  std::vector<std::string> told;
  for (const std::string& line : lines_in(ended.out)) {
    const auto parsed = nlohmann::json::parse(line);
    told.push_back(parsed["platform"].get<std::string>() + " " + parsed["text"].get<std::string>() + " " +
                   parsed["created_at"].get<std::string>());
  }
  EXPECT_THAT(told, ElementsAre("bluesky Hello Acme 2026-03-02T10:00:00.000Z", "x one 2026-03-02T10:00:00.000Z",
                                "x two 2026-03-02T10:00:01.000Z"));
}

TEST(TryParse, ReadsItsOwnOutputToTheSameBytes) {
  const std::string german = "Seit heute Morgen geht bei mir das Internet nicht mehr, hat noch jemand dieses Problem?";
  const auto first =
      run_earshot({"try", "parse"}, post("1", german) + post("2", "\\\"q\\\" \\u00e9\\n\\ud83d\\ude21 \\\\"));
  EXPECT_THAT(first.out, HasSubstr(R"("lang":"de")")) << "the language is detected";
  EXPECT_EQ(lines_in(first.out).size(), 2U);
  const auto second = run_earshot({"try", "parse", "--format", "canonical"}, first.out);
  EXPECT_EQ(second.out, first.out);
}

TEST(TryParse, NamesTheLineOfEachRecordThatIsRefused) {
  const auto ended = run_earshot({"try", "parse"}, post("1", "a") + "no json\n\n" + post("2", "b") +
                                                       R"({"id":"3","platform":"x","text":"c"})" + "\n[1]\n\"\xC3(\"");
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(lines_in(ended.out).size(), 2U);
  const auto errors = lines_in(ended.err);
  ASSERT_EQ(errors.size(), 6U) << ended.err;
  std::vector<std::pair<int, std::string>> refused;
  for (size_t i = 0; i + 1 < errors.size(); ++i) {
    const auto letter = nlohmann::json::parse(errors[i]);
    EXPECT_EQ(letter["stage"], "parse");
    refused.emplace_back(letter["line"].get<int>(), letter["reason"].get<std::string>());
  }
  EXPECT_THAT(refused, ElementsAre(testing::Pair(2, HasSubstr("invalid JSON")), testing::Pair(3, "the record is empty"),
                                   testing::Pair(5, HasSubstr("created_at")), testing::Pair(6, HasSubstr("an array")),
                                   testing::Pair(7, "the record is not valid UTF-8")));
  EXPECT_EQ(errors.back(), R"({"posts":2,"dead_letters":5,"not_posts":0})");
}

TEST(TryParse, CountsWhatIsNoPost) {
  const std::string like =
      R"({"did":"did:plc:a","time_us":1772445600000000,"kind":"commit","commit":{"operation":"create",)"
      R"("collection":"app.bsky.feed.like","rkey":"x","record":{}}})";
  const auto ended = run_earshot({"try", "parse", "--format", "jetstream"}, like + "\n" + like + "\n");
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "{\"posts\":0,\"dead_letters\":0,\"not_posts\":2}\n");
}

TEST(TryParse, ReadsAsTheSourceOfAConfigurationIsRead) {
  const Workspace workspace;
  std::ofstream(workspace.path("rules.yaml")) << "listeners: [{name: a, spoke: s, owner: o, query: acme}]\n";
  std::ofstream(workspace.path("tickets.yaml"))
      << "listeners: rules.yaml\nsource:\n  path: tickets.ndjson\n  format: custom\n  detect_language: false\n"
         "  fields: {platform: helpdesk, id: /ticket/n, created_at: /ticket/at, text: /body}\n";
  const auto ended = run_earshot({"try", "parse", "--config", workspace.path("tickets.yaml").string()},
                                 R"({"ticket":{"n":7,"at":1772445600},"body":"Acme does not answer my calls at all"})");
  const auto lines = lines_in(ended.out);
  ASSERT_EQ(lines.size(), 1U) << ended.err;
  const auto read = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(read["id"], "7");
  EXPECT_EQ(read["platform"], "helpdesk");
  EXPECT_EQ(read["created_at"], "2026-03-02T10:00:00.000Z");
  EXPECT_FALSE(read.contains("lang"));
}

TEST(TryParse, RefusesArgumentsThatItCannotFollow) {
  const auto unknown = run_earshot({"try", "parse", "--format", "myspace"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("unknown format 'myspace'; expected auto, canonical, x-v2"));
  const auto custom = run_earshot({"try", "parse", "--format", "custom"});
  EXPECT_EQ(custom.status, 2);
  EXPECT_THAT(custom.err, HasSubstr("--config"));
  const auto missing = run_earshot({"try", "parse", "--config", "/nowhere/earshot.yaml"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, HasSubstr("/nowhere/earshot.yaml"));
}

// Each document of the JSON test suite, alone and within a post: what must be refused is, and the process lives.
TEST(TryParse, OutlivesHostileJson) {
  if (!std::filesystem::exists(kHostile)) GTEST_SKIP() << "../shared/data is not here";
  std::string input;
  size_t records = 0;
  size_t sound = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kHostile)) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (bytes.find('\n') != std::string::npos) continue;  // a record is a line
    const std::string name = entry.path().filename().string();
    if (name.starts_with("i_")) continue;
    sound += name.starts_with("y_");
    records += 2;
    input += bytes + "\n" + R"({"id":"1","platform":"x","extra":)" + bytes;
    input += R"(,"created_at":"2026-03-02T10:00:00Z","text":"hi"})" + std::string("\n");
  }
  const auto ended = run_earshot({"try", "parse"}, input);
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(lines_in(ended.out).size(), sound) << "only what is JSON passes, within a post";
  const auto counts = nlohmann::json::parse(lines_in(ended.err).back());
  EXPECT_EQ(counts["posts"], sound);
  EXPECT_EQ(counts["posts"].get<size_t>() + counts["dead_letters"].get<size_t>() + counts["not_posts"].get<size_t>(),
            records);
}

}  // namespace
}  // namespace earshot
