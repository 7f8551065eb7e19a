#include "connectors/local/compaction.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "tests/connectors/local/open_log.h"
#include "tests/connectors/temporary_folder.h"
#include "tests/contract/drain.h"

namespace earshot::local {
namespace {

using Values = std::vector<std::string>;
constexpr int64_t kDayMs = 86'400'000;

class LocalLogCompaction : public testing::Test {
 protected:
  LocalLogOptions options(int64_t compaction_min_records) {
    auto options = test_options(folder_.path());
    options.compaction_min_records = compaction_min_records;
    options.wall_clock_ms = [this] { return now_ms_; };
    return options;
  }

  std::vector<contract::ReadRecord> read(std::optional<int64_t> start = std::nullopt) {
    const auto source = log_->subscribe("reader", {"incidents"}, {.until_end = true});
    contract::settle(**source, {{{"incidents", 0}, start}});
    auto drained = contract::drain(**source);
    EXPECT_TRUE((*source)->caught_up({"incidents", 0}));
    return drained.records[{"incidents", 0}];
  }

  void open(int64_t compaction_min_records) {
    log_.reset();
    log_ = open_or_fail(options(compaction_min_records));
    make_topic(*log_, {"incidents", 1, -1, true});
  }

  const TemporaryFolder folder_;
  int64_t now_ms_ = 1'000'000'000'000;
  std::unique_ptr<Log> log_;
};

TEST_F(LocalLogCompaction, KeepsTheLastRecordOfEachKeyWithItsOffset) {
  open(1'000'000);
  std::mt19937 random(3);
  std::map<std::string, std::pair<int64_t, std::string>> last;
  int64_t offset = 0;
  for (int commit = 0; commit < 50; ++commit) {
    std::vector<KeyAndValue> records;
    for (int i = 0; i < 40; ++i) {
      const std::string key = "incident " + std::to_string(random() % 100);
      const std::string value = "sequence " + std::to_string(offset);
      records.emplace_back(key, value);
      last[key] = {offset++, value};
    }
    append(*log_, "incidents", 0, records);
  }
  EXPECT_EQ(read().size(), 2000u) << "compacted before it was worth it";
  open(1);
  const auto left = read();
  ASSERT_EQ(left.size(), last.size());
  for (size_t i = 0; i < left.size(); ++i) {
    EXPECT_EQ(last.at(left[i].key), (std::pair{left[i].offset, left[i].value}));
    if (i > 0) {
      EXPECT_GT(left[i].offset, left[i - 1].offset);
    }
  }
  append(*log_, "incidents", 0, {{"incident 1", "newest"}});
  EXPECT_EQ(read().back().offset, offset) << "offsets went back";
}

TEST_F(LocalLogCompaction, HappensWhileRecordsComeAndStaysProportionalToTheKeys) {
  open(100);
  for (int commit = 0; commit < 500; ++commit) {
    append(*log_, "incidents", 0, {{"a", std::to_string(commit)}, {std::to_string(commit % 7), "x"}});
    if (commit > 200 && commit % 50 == 0) {
      EXPECT_LE(read().size(), 110u);
    }
  }
}

TEST_F(LocalLogCompaction, StartsAReaderInsideAGapAtTheNextRecord) {
  open(1'000'000);
  append(*log_, "incidents", 0, {{"a", "0"}, {"a", "1"}, {"b", "2"}, {"a", "3"}, {"c", "4"}, {"c", "5"}});
  append(*log_, "incidents", 0, {{"c", "6"}, {"d", "7"}, {"d", "8"}});
  open(1);
  const auto values = [&](int64_t start) {
    Values read_values;
    for (const auto& record : read(start)) read_values.push_back(record.value);
    return read_values;
  };
  EXPECT_EQ(values(0), (Values{"2", "3", "6", "8"}));
  EXPECT_EQ(values(1), (Values{"2", "3", "6", "8"}));
  EXPECT_EQ(values(4), (Values{"6", "8"}));
  EXPECT_EQ(values(7), (Values{"8"}));
  EXPECT_EQ(values(9), Values());
}

TEST_F(LocalLogCompaction, DropsAnEmptyValueADayAfterItEndedItsKey) {
  open(1'000'000);
  append(*log_, "incidents", 0, {{"a", "open"}, {"b", "open"}});
  append(*log_, "incidents", 0, {{"a", ""}});
  open(1);
  ASSERT_EQ(read().size(), 2u);
  EXPECT_EQ(read()[1].value, "") << "readers that were away a while must learn that the key ended";
  now_ms_ += 2 * kDayMs;
  append(*log_, "incidents", 0, {{"c", "open"}, {"c", "worse"}});
  const auto left = read();
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].key, "b");
  EXPECT_EQ(left[1].key, "c");
}

TEST_F(LocalLogCompaction, TakesLargeBatchesOutOfTheirSegments) {
  open(1'000'000);
  const std::string large(50'000, 'x');
  for (int commit = 0; commit < 20; ++commit) {
    append(*log_, "incidents", 0, {{"a", std::to_string(commit) + large}, {commit % 2 == 0 ? "b" : "c", "small"}});
  }
  open(1);
  const auto left = read();
  ASSERT_EQ(left.size(), 3u);
  EXPECT_EQ(left[1].value.size(), large.size() + 2);
  open(1);
  size_t segments = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "segments"))
    segments += entry.file_size() > 0 ? 1 : 0;
  EXPECT_LE(segments, 1u);
  EXPECT_EQ(read().size(), 3u);
}

TEST_F(LocalLogCompaction, LeavesToTheNextCallWhatExceedsItsMemory) {
  open(1'000'000);
  std::vector<KeyAndValue> records;
  for (int round = 0; round < 3; ++round) {
    for (int key = 0; key < 100; ++key) append(*log_, "incidents", 0, {{std::to_string(key), std::to_string(round)}});
  }
  log_.reset();
  auto database = Database::open(options(1));
  ASSERT_TRUE(database.ok()) << database.error().to_string();
  Bounds bounds{0, 300, 0};
  int calls = 0;
  for (; bounds.compacted_to < bounds.end; ++calls) {
    const auto compacted = compact(**database, {0, 0}, bounds, now_ms_, {.keys_bytes_max = 2000});
    ASSERT_TRUE(compacted.ok()) << compacted.error().to_string();
    ASSERT_GT(compacted->bounds.compacted_to, bounds.compacted_to);
    bounds = compacted->bounds;
  }
  EXPECT_GT(calls, 5);
  database->reset();
  open(1'000'000);
  const auto left = read();
  ASSERT_EQ(left.size(), 100u);
  for (const auto& record : left) EXPECT_EQ(record.value, "2");
}

}  // namespace
}  // namespace earshot::local
