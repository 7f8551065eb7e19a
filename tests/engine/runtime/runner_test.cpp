#include "engine/runtime/runner.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/engine/runtime/scripted_flow.h"

namespace earshot {
namespace {

const TopicPartition kFirst{"posts", 0};
const TopicPartition kSecond{"posts", 1};

// Copies each record to topic "out" as "partition:value".
class CopyTopology : public Topology {
 public:
  Result<std::optional<int64_t>> assigned(const TopicPartition& partition,
                                          const std::optional<Position>& committed) override {
    owned.insert(partition);
    if (!committed) return std::optional<int64_t>();
    return std::optional(std::max<int64_t>(committed->next_offset - rewind, 0));
  }
  void revoked(const TopicPartition& partition) override { owned.erase(partition); }
  std::unique_ptr<Work> process(std::unique_ptr<RecordBatch> batch) const override {
    if (slow) std::this_thread::sleep_for(std::chrono::microseconds(batch->size() * 37 % 200));
    return std::make_unique<Work>(std::move(batch));
  }
  Result<void> apply(Work& work, Outbox& outbox) override {
    for (size_t i = 0; i < work.batch->size(); ++i) {
      const RecordView record = (*work.batch)[i];
      if (record.offset == refuse_offset) return failed("cannot use it");
      ++applied;
      if (record.offset < emit_from) continue;
      const std::string value = std::to_string(work.batch->partition().partition) + ":" + std::string(record.value);
      if (auto produced = outbox.produce({.topic = "out", .value = value}); !produced) return produced;
    }
    return {};
  }
  Result<void> before_commit(const std::vector<TopicPartition>&, bool at_end, Outbox& outbox) override {
    return at_end ? outbox.produce({.topic = "out", .value = "end"}) : Result<void>();
  }
  std::string position_metadata(const TopicPartition&) const override { return "note"; }
  std::vector<StateStore*> stores() override { return {}; }

  std::set<TopicPartition> owned;
  int64_t rewind = 0;
  int64_t emit_from = 0;
  int64_t refuse_offset = -1;
  int applied = 0;
  bool slow = false;
};

std::vector<std::string> values(const DurableLog& durable) {
  std::vector<std::string> all;
  for (const auto& output : durable.outputs) all.push_back(output.value);
  return all;
}

struct Bench {
  DurableLog durable;
  ScriptedLog log{durable};
  Outputs outputs{std::make_unique<ScriptedProducer>(durable)};
  CopyTopology topology;

  Result<void> run(ScriptedSource& source, bool is_parallel = false) {
    Runner runner(topology, source, log, outputs,
                  {.group = "g", .commit_interval = std::chrono::milliseconds(50), .is_parallel = is_parallel}, {});
    return runner.run(std::stop_token());
  }
};

TEST(Runner, CommitsOutputsAndPositionsTogether) {
  Bench bench;
  ScriptedSource source({{kFirst, 4}});
  ASSERT_TRUE(bench.run(source));
  EXPECT_EQ(values(bench.durable), (std::vector<std::string>{"0:0", "0:1", "0:2", "0:3", "end"}));
  EXPECT_EQ(bench.durable.positions[kFirst].next_offset, 4);
  EXPECT_EQ(bench.durable.positions[kFirst].metadata, "note");
}

TEST(Runner, KeepsTheOrderOfAPartitionWhenItProcessesInParallel) {
  Bench bench;
  bench.topology.slow = true;
  ScriptedSource source({{kFirst, 500}, {kSecond, 500}});
  ASSERT_TRUE(bench.run(source, true));
  std::map<char, int> next;
  for (const std::string& value : values(bench.durable)) {
    if (value == "end") continue;
    EXPECT_EQ(std::stoi(value.substr(2)), next[value[0]]++);
  }
  EXPECT_EQ(next['0'], 500);
  EXPECT_EQ(next['1'], 500);
}

TEST(Runner, GoesOnFromTheCommittedPosition) {
  Bench bench;
  bench.durable.positions[kFirst] = {2, ""};
  ScriptedSource source({{kFirst, 4}});
  ASSERT_TRUE(bench.run(source));
  EXPECT_EQ(values(bench.durable), (std::vector<std::string>{"0:2", "0:3", "end"}));
}

TEST(Runner, NeverMovesAPositionBackWhenTheTopologyReadsAgain) {
  Bench bench;
  bench.durable.positions[kFirst] = {4, ""};
  bench.topology.rewind = 3;
  bench.topology.emit_from = 4;
  ScriptedSource source({{kFirst, 4}});
  ASSERT_TRUE(bench.run(source));
  EXPECT_EQ(bench.topology.applied, 3);
  EXPECT_EQ(bench.durable.positions[kFirst].next_offset, 4);
}

TEST(Runner, LeavesNothingBehindWhenACommitFails) {
  Bench bench;
  bench.durable.fail_next_commits = 1;
  ScriptedSource source({{kFirst, 4}});
  const auto ran = bench.run(source);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(bench.durable.outputs.empty());
  EXPECT_TRUE(bench.durable.positions.empty());
}

TEST(Runner, EndsWithTheErrorOfAnOperatorAndCommitsNothingOfItsInterval) {
  for (const bool is_parallel : {false, true}) {
    Bench bench;
    bench.topology.refuse_offset = 5;
    ScriptedSource source({{kFirst, 100}});
    const auto ran = bench.run(source, is_parallel);
    ASSERT_FALSE(ran);
    EXPECT_EQ(ran.error().message, "cannot use it");
    EXPECT_TRUE(bench.durable.outputs.empty());
  }
}

TEST(Runner, EndsWithTheErrorOfASource) {
  Bench bench;
  ScriptedSource source({{kFirst, 100}});
  source.fail_after_polls_ = 2;
  const auto ran = bench.run(source);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().message, "lost touch");
}

TEST(Runner, CommitsWhatItHasAndEndsWhenAskedToStop) {
  Bench bench;
  ScriptedSource source({{kFirst, 3}});
  source.is_bounded_ = false;
  Runner runner(bench.topology, source, bench.log, bench.outputs,
                {.group = "g", .commit_interval = std::chrono::milliseconds(10'000)}, {});
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  ASSERT_TRUE(runner.run(stop.get_token()));
  EXPECT_EQ(bench.durable.positions[kFirst].next_offset, 3);
}

TEST(Runner, EndsWithItsUpstreamOnceNothingIsLeft) {
  Bench bench;
  ScriptedSource source({{kFirst, 7}});
  source.is_bounded_ = false;
  Runner runner(bench.topology, source, bench.log, bench.outputs,
                {.group = "g", .commit_interval = std::chrono::milliseconds(20)}, {});
  ASSERT_TRUE(runner.run(std::stop_token(), [] { return true; }));
  EXPECT_EQ(bench.durable.positions[kFirst].next_offset, 7);
  EXPECT_EQ(bench.durable.outputs.back().value, "end");
}

TEST(Runner, CommitsBeforeItGivesAPartitionAway) {
  Bench bench;
  ScriptedSource source({{kFirst, 6}, {kSecond, 6}});
  source.is_bounded_ = false;
  int rebalances = 0;
  RunnerEvents events;
  int64_t committed_when_revoked = -1;
  std::stop_source stop;
  events.on_interval = [&](const Source&) {
    if (bench.durable.positions[kSecond].next_offset < 6) return;
    if (rebalances == 1) source.plan({.revoked = {kFirst}, .assigned = {}, .lost = {}});
    if (rebalances == 2) stop.request_stop();
  };
  events.on_rebalance = [&](const Rebalance& rebalance) {
    ++rebalances;
    if (!rebalance.revoked.empty()) committed_when_revoked = bench.durable.positions[kFirst].next_offset;
  };
  Runner runner(bench.topology, source, bench.log, bench.outputs,
                {.group = "g", .commit_interval = std::chrono::milliseconds(20)}, events);
  ASSERT_TRUE(runner.run(stop.get_token()));
  EXPECT_EQ(committed_when_revoked, 6);
  EXPECT_EQ(bench.topology.owned, std::set<TopicPartition>{kSecond});
}

// A sink that keeps its text in memory and can be cut back.
class TextSink : public Sink {
 public:
  explicit TextSink(std::string& text) : text_(text) {}
  Result<void> recover(int64_t position) override {
    text_.resize(static_cast<size_t>(position));
    return {};
  }
  Result<void> write(std::string_view value) override {
    text_.append(value).append("\n");
    return {};
  }
  Result<int64_t> flush() override { return static_cast<int64_t>(text_.size()); }

 private:
  std::string& text_;
};

TEST(Outputs, CutsAMirrorBackToWhatWasCommitted) {
  DurableLog durable;
  ScriptedLog log(durable);
  std::string text;
  const auto open = [&] {
    auto outputs = std::make_unique<Outputs>(std::make_unique<ScriptedProducer>(durable));
    outputs->keep_positions_in(std::move(log.open_state("mirrors", 0)).value());
    outputs->mirror({"out"}, "file", std::make_unique<TextSink>(text));
    return outputs;
  };
  auto outputs = open();
  ASSERT_TRUE(outputs->recover());
  ASSERT_TRUE(outputs->produce({.topic = "out", .value = "kept"}));
  ASSERT_TRUE(outputs->produce({.topic = "elsewhere", .value = "not mirrored"}));
  ASSERT_TRUE(outputs->commit({.group = "g"}));
  ASSERT_TRUE(outputs->produce({.topic = "out", .value = "written but never committed"}));
  outputs = open();
  ASSERT_TRUE(outputs->recover());
  EXPECT_EQ(text, "kept\n");
}

}  // namespace
}  // namespace earshot
