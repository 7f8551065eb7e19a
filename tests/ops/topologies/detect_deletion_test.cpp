// Evidence of posts that are deleted or edited while a crisis is under way.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ops/topologies/detect.h"
#include "ops/topologies/incident.h"
#include "schemas/evidence.h"
#include "tests/ops/topologies/crisis_scenario.h"
#include "tests/ops/topologies/memory_log.h"

namespace earshot {
namespace {

class DetectDeletion : public testing::Test {
 protected:
  // One commit for every partial from the crisis on; a new life of both topologies every `commits_per_life` commits.
  std::vector<nlohmann::json> alerts_of(const std::vector<std::string>& partials, size_t commits_per_life) {
    MemoryLog log;
    MemoryOutbox signals;
    play<DetectTopology>({"partials", 0}, partials, commits_per_life, log, signals, DetectOptions{});
    std::vector<std::string> values;
    for (const Output& signal : signals.of("signals")) values.push_back(signal.value);
    MemoryOutbox alerts;
    play<IncidentTopology>({"signals", 0}, values, commits_per_life, log, alerts, IncidentOptions{});
    std::vector<nlohmann::json> parsed;
    for (const Output& alert : alerts.of("alerts")) parsed.push_back(nlohmann::json::parse(alert.value));
    return parsed;
  }

  template <class AnyTopology, class Options>
  void play(const TopicPartition& partition, const std::vector<std::string>& records, size_t commits_per_life,
            MemoryLog& log, MemoryOutbox& outbox, const Options& options) {
    constexpr size_t kRecordsPerCommit = 40;
    std::unique_ptr<AnyTopology> topology;
    size_t commits = 0;
    for (size_t next = 0; next < records.size(); ++commits) {
      if (!topology || (commits_per_life > 0 && commits % commits_per_life == 0)) {
        topology = std::make_unique<AnyTopology>(options, scenario_.listeners, log);
        ASSERT_TRUE(topology->assigned(partition, Position{static_cast<int64_t>(next), {}}));
      }
      const size_t last = std::min(records.size(), next + kRecordsPerCommit);
      const std::vector<std::string> values(records.begin() + static_cast<ptrdiff_t>(next),
                                            records.begin() + static_cast<ptrdiff_t>(last));
      auto work = topology->process(batch_of(partition.topic, values, static_cast<int64_t>(next)));
      ASSERT_TRUE(topology->apply(*work, outbox));
      ASSERT_TRUE(topology->before_commit({}, last == records.size(), outbox));
      outbox.commit();
      log.commit(topology->stores());
      next = last;
    }
  }

  static std::vector<std::string> evidence_of(const nlohmann::json& alert) {
    std::vector<std::string> ids;
    for (const auto& piece : alert["data"]["evidence"]) ids.push_back(piece["id"]);
    return ids;
  }
  static bool shows(const nlohmann::json& alert, const std::string& id) {
    const auto ids = evidence_of(alert);
    return std::ranges::find(ids, id) != ids.end();
  }

  // A post that the first alert and one after it show, and how the second shows it.
  nlohmann::json long_lived(const std::vector<nlohmann::json>& alerts) const {
    for (const auto& piece : alerts.front()["data"]["evidence"]) {
      for (size_t i = 1; i < alerts.size(); ++i) {
        if (shows(alerts[i], piece["id"])) return piece;
      }
    }
    return {};
  }

  // The partials with one more after the crisis has begun.
  std::vector<std::string> with(const std::function<void(wire::Partial&)>& fill) const {
    auto partials = interleave(scenario_, 5, 1);
    const auto is_late_enough = [](const std::string& bytes) {
      wire::Partial partial;
      EXPECT_TRUE(partial.ParseFromString(bytes));
      return partial.watermark_ms() >= CrisisScenario::kCrisisStartMs + 300'000;
    };
    const auto after = std::ranges::find_if(partials, is_late_enough);
    wire::Partial change;
    EXPECT_TRUE(change.ParseFromString(*after));
    change.clear_panes();
    fill(change);
    partials.insert(after + 1, change.SerializeAsString());
    return partials;
  }

  CrisisScenario scenario_ = make_crisis_scenario(1);
};

TEST_F(DetectDeletion, ADeletedPostIsInNoAlertThatFollows) {
  const auto undisturbed = alerts_of(interleave(scenario_, 5, 1), 0);
  ASSERT_GE(undisturbed.size(), 2u);
  const auto piece = long_lived(undisturbed);
  ASSERT_FALSE(piece.is_null()) << "the scenario must have a post that stays in evidence";
  const std::string id = piece["id"];
  const auto partials =
      with([&](wire::Partial& partial) { partial.add_deleted(post_hash(id, piece["platform"].get<std::string>())); });
  for (const size_t commits_per_life : {0, 7}) {
    const auto alerts = alerts_of(partials, commits_per_life);
    ASSERT_EQ(alerts.size(), undisturbed.size());
    EXPECT_TRUE(shows(alerts.front(), id)) << "it was not deleted yet";
    for (size_t i = 1; i < alerts.size(); ++i) EXPECT_FALSE(shows(alerts[i], id)) << "alert " << i;
    EXPECT_FALSE(evidence_of(alerts.back()).empty());
  }
}

TEST_F(DetectDeletion, AnEditedPostIsShownAsItIsNow) {
  const auto piece = long_lived(alerts_of(interleave(scenario_, 5, 1), 0));
  ASSERT_FALSE(piece.is_null());
  const std::string id = piece["id"];
  const auto change_to = [&](const std::string& text) {
    return with([&](wire::Partial& partial) {
      wire::EvidenceChange& change = *partial.add_changes();
      change.set_listener(scenario_.listeners->listeners.front().name);
      change.set_post(post_hash(id, piece["platform"].get<std::string>()));
      if (text.empty()) return;
      wire::Evidence evidence;
      evidence.set_post_id(id);
      evidence.set_platform(piece["platform"].get<std::string>());
      evidence.set_text(text);
      evidence.set_followers(1'000'000'000);  // so that it stays among the first
      evidence.set_sentiment_e4(-9999);
      evidence.set_text_hash(42);
      write_evidence(rank(evidence), *change.mutable_evidence());
    });
  };
  const auto edited = alerts_of(change_to("what it says now"), 7);
  bool is_shown = false;
  for (size_t i = 1; i < edited.size(); ++i) {
    for (const auto& shown : edited[i]["data"]["evidence"]) {
      if (shown["id"] != id) continue;
      EXPECT_EQ(shown["text"], "what it says now") << "alert " << i;
      is_shown = true;
    }
  }
  EXPECT_TRUE(is_shown);
  const auto withdrawn = alerts_of(change_to(""), 7);
  for (size_t i = 1; i < withdrawn.size(); ++i) EXPECT_FALSE(shows(withdrawn[i], id)) << "alert " << i;
}

// Another partition of the input may deliver a post after its deletion was heard of.
TEST_F(DetectDeletion, APostThatComesAfterItsDeletionIsInNoAlert) {
  const auto piece = long_lived(alerts_of(interleave(scenario_, 5, 1), 0));
  ASSERT_FALSE(piece.is_null());
  auto partials = interleave(scenario_, 5, 1);
  wire::Partial first;
  ASSERT_TRUE(first.ParseFromString(partials.front()));
  first.add_deleted(post_hash(piece["id"].get<std::string>(), piece["platform"].get<std::string>()));
  partials.front() = first.SerializeAsString();
  for (const auto& alert : alerts_of(partials, 7)) EXPECT_FALSE(shows(alert, piece["id"]));
}

}  // namespace
}  // namespace earshot
