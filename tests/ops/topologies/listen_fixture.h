// ListenFixture: LISTEN over posts that a test writes down, without a log.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "operators/sentiment/post_scorer.h"
#include "ops/rules/triage_queries.h"
#include "ops/topologies/audit_interval.h"
#include "ops/topologies/listen.h"
#include "tests/ops/topologies/memory_log.h"

namespace earshot {

inline const TopicPartition kPosts{"posts", 0};

// LISTEN asks it for its number of partitions only.
class OnePartition : public Source {
 public:
  Result<Polled> poll(std::chrono::milliseconds) override { return Polled{}; }
  Rebalance take_rebalance() override { return {}; }
  Result<void> finish_rebalance(const std::map<TopicPartition, std::optional<int64_t>>&) override { return {}; }
  [[nodiscard]] int32_t partition_count() const override { return 1; }
  [[nodiscard]] std::map<TopicPartition, int64_t> lag() const override { return {}; }
  [[nodiscard]] bool caught_up(const TopicPartition&) const override { return false; }
  Result<void> stop_at_end() override { return {}; }
};

inline std::string post(const std::string& id, const std::string& text,
                        const std::string& time = "2026-03-02T14:00:00Z") {
  return R"({"id":")" + id + R"(","platform":"x","created_at":")" + time + R"(","text":")" + text +
         R"(","author":{"id":"a"}})";
}

// `change`: "deleted" or "edited".
inline std::string changed(const std::string& id, const std::string& change, const std::string& text = {},
                           const std::string& edited_at = {}) {
  auto record = nlohmann::json::parse(post(id, text));
  record["change"] = change;
  if (change == "deleted") record.erase("text");
  if (!edited_at.empty()) record["edited_at"] = edited_at;
  return record.dump();
}

class ListenFixture : public testing::Test {
 protected:
  ListenFixture() {
    ListenerSet set;
    set.listeners.push_back({.name = "acme", .spoke = "desk", .owner = "me", .query = "acme"});
    set.listeners.push_back({.name = "acme-too", .spoke = "desk", .owner = "me", .query = "acme"});
    set.version = 7;
    const auto rules = compiled(std::move(set));
    ListenOptions options;
    options.topics = {"posts"};
    options.disorder_ms = 0;
    options.lateness_ms = 0;
    const auto make_scorer = [] { return std::move(*sentiment::PostScorer::make("vader")); };
    listen_ = std::make_unique<ListenTopology>(
        options, rules, *triage::TriageRules::builtin(rules::triage_query_compiler()), make_scorer, source_, stats_);
  }

  static std::shared_ptr<const match::RuleSet> compiled(ListenerSet set) {
    auto rules = match::RuleSet::compile(std::make_shared<const ListenerSet>(std::move(set)), {});
    EXPECT_TRUE(rules) << rules.error().to_string();
    return *rules;
  }

  void feed(const std::vector<std::string>& values, int64_t first_offset, int64_t record_time_ms = kNoTimestamp) {
    auto batch = std::make_unique<RecordBatch>(kPosts, 4096);
    for (const std::string& value : values) batch->append("", value, first_offset++, record_time_ms);
    auto work = listen_->process(std::move(batch));
    const auto applied = listen_->apply(*work, outbox_);
    ASSERT_TRUE(applied) << applied.error().to_string();
  }

  std::vector<wire::AuditEntry> commit() {
    EXPECT_TRUE(listen_->before_commit({}, false, outbox_));
    outbox_.commit();
    std::vector<wire::AuditEntry> entries;
    for (const Output& output : outbox_.of("audit")) {
      EXPECT_TRUE(entries.emplace_back().ParseFromString(output.value));
    }
    return entries;
  }

  OnePartition source_;
  ListenStats stats_;
  MemoryOutbox outbox_;
  std::unique_ptr<ListenTopology> listen_;
};

}  // namespace earshot
