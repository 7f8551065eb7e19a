// State on Kafka: RocksDB follows the changelog, and is never believed against it.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <map>
#include <thread>

#include "tests/integration/kafka/kafka_cluster.h"

namespace earshot::kafka {

namespace {

namespace fs = std::filesystem;

using Entries = std::map<std::string, std::string>;

class KafkaState : public testing::Test {
 protected:
  void SetUp() override {
    EARSHOT_NEEDS_KAFKA();
    open();
  }

  void open() {
    counters_ = std::make_shared<KafkaCounters>();
    KafkaOptions options = cluster_.options();
    options.counters = counters_;
    options.tombstone_retention_ms = tombstone_retention_ms_;
    log_ = TestCluster::open_log(options);
    auto producer = log_->open_producer(cluster_.unique("detect"));
    ASSERT_TRUE(producer.ok()) << producer.error().to_string();
    producer_ = std::move(*producer);
  }

  // As a process that ends: what is in memory is gone, the folder stays.
  void close() {
    producer_.reset();
    log_.reset();
  }

  std::unique_ptr<StateStore> store() {
    auto opened = log_->open_state("panes", 0);
    EXPECT_TRUE(opened.ok()) << (opened ? "" : opened.error().to_string());
    return opened ? std::move(*opened) : nullptr;
  }

  void commit(StateStore& store) {
    ASSERT_SUCCEEDS(producer_->begin());
    ASSERT_SUCCEEDS(producer_->commit({"detect", nullptr, {}, {&store}}));
  }

  void write(StateStore& store, int from, int to, const std::string& what) {
    for (int i = from; i < to; ++i) store.put("pane/" + std::to_string(i), what + " " + std::to_string(i));
    commit(store);
  }

  static Entries all(StateStore& store) {
    Entries entries;
    const auto scanned = store.scan("", [&](std::string_view key, std::string_view value) {
      entries.emplace(key, value);
      return true;
    });
    EXPECT_TRUE(scanned.ok()) << (scanned ? "" : scanned.error().to_string());
    return entries;
  }

  [[nodiscard]] fs::path folder() const { return cluster_.state_dir() / "panes" / "0"; }

  // Writes, closes, lets `damage` loose on the folder, and answers what is there before and after.
  void expect_rebuilt(const std::function<void()>& damage, std::string_view reason) {
    Entries before;
    {
      const auto written = store();
      write(*written, 0, 500, "value");
      written->erase("pane/7");
      written->put("", "the empty key");
      written->put("pane/8", "");
      commit(*written);
      before = all(*written);
    }
    close();
    damage();
    open();
    const auto restored = store();
    EXPECT_EQ(all(*restored), before);
    EXPECT_EQ(before.size(), 500u);
    EXPECT_TRUE(cluster_.has_logged(reason)) << cluster_.log_text();
    EXPECT_GE(counters_->changelog_records_replayed, 502u) << "not all of the changelog was read";
  }

  TestCluster cluster_;
  int64_t tombstone_retention_ms_ = KafkaOptions().tombstone_retention_ms;
  std::shared_ptr<KafkaCounters> counters_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<Producer> producer_;
};

TEST_F(KafkaState, ReadsOnlyTheTailWhenItIsOpenedAgain) {
  Entries before;
  {
    const auto written = store();
    write(*written, 0, 300, "value");
    before = all(*written);
  }
  close();
  open();
  EXPECT_EQ(all(*store()), before);
  EXPECT_EQ(counters_->changelog_records_replayed, 0u);
}

TEST_F(KafkaState, ReplaysWhatAnOlderFolderMissesErasuresIncluded) {
  const fs::path saved = cluster_.state_dir() / "saved";
  {
    const auto written = store();
    write(*written, 0, 100, "old");
  }
  fs::copy(folder(), saved, fs::copy_options::recursive);
  Entries before;
  {
    const auto written = store();
    for (int i = 0; i < 50; ++i) written->erase("pane/" + std::to_string(i));
    write(*written, 90, 120, "new");
    before = all(*written);
  }
  close();
  fs::remove_all(folder());
  fs::rename(saved, folder());
  open();
  EXPECT_EQ(all(*store()), before);
  EXPECT_EQ(before.size(), 70u);
  EXPECT_EQ(counters_->changelog_records_replayed, 80u);
}

TEST_F(KafkaState, IsRebuiltWhenTheFolderIsGone) {
  Entries before;
  {
    const auto written = store();
    write(*written, 0, 300, "value");
    before = all(*written);
  }
  close();
  fs::remove_all(cluster_.state_dir() / "panes");
  open();
  EXPECT_EQ(all(*store()), before);
  EXPECT_EQ(counters_->changelog_records_replayed, 300u);
}

TEST_F(KafkaState, IsRebuiltWhenAFileIsCutShort) {
  expect_rebuilt(
      [&] {
        for (const auto& file : fs::directory_iterator(folder())) {
          if (file.path().extension() == ".sst") fs::resize_file(file.path(), fs::file_size(file.path()) / 2);
        }
      },
      "is rebuilt from");
}

TEST_F(KafkaState, IsRebuiltWhenAFileIsMissing) {
  expect_rebuilt(
      [&] {
        for (const auto& file : fs::directory_iterator(folder())) {
          if (file.path().extension() == ".sst") fs::remove(file.path());
        }
      },
      "is rebuilt from");
}

TEST_F(KafkaState, IsRebuiltWhenItBelongsToAnotherPartition) {
  {
    auto other = log_->open_state("panes", 1);
    ASSERT_SUCCEEDS(other);
    (*other)->put("pane/foreign", "of partition 1");
    commit(**other);
  }
  expect_rebuilt(
      [&] {
        fs::remove_all(folder());
        fs::copy(cluster_.state_dir() / "panes" / "1", folder(), fs::copy_options::recursive);
      },
      "it belongs to");
}

TEST_F(KafkaState, IsRebuiltWhenItIsOlderThanTheChangelogsErasures) {
  tombstone_retention_ms_ = 0;
  open();
  expect_rebuilt([] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }, "erasures since");
}

TEST_F(KafkaState, IsRebuiltAfterAReadFindsABitFlipped) {
  Entries before;
  {
    const auto written = store();
    write(*written, 0, 500, "value");
    before = all(*written);
  }
  close();
  for (const auto& file : fs::directory_iterator(folder())) {
    if (file.path().extension() != ".sst") continue;
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(100);
    const char byte = static_cast<char>(bytes.get());
    bytes.seekp(100);
    bytes.put(static_cast<char>(byte ^ 4));
  }
  open();
  {
    const auto damaged = log_->open_state("panes", 0);
    if (damaged) {
      const auto scanned = (*damaged)->scan("", [](std::string_view, std::string_view) { return true; });
      ASSERT_FALSE(scanned.ok()) << "the flipped bit was believed";
      EXPECT_EQ(scanned.error().code, ErrorCode::kUnavailable);
    }
  }
  EXPECT_EQ(all(*store()), before);
  EXPECT_TRUE(cluster_.has_logged("is rebuilt from")) << cluster_.log_text();
}

TEST_F(KafkaState, LeavesNoTraceOfAnAbortedTransaction) {
  const auto written = store();
  write(*written, 0, 10, "value");
  const Entries before = all(*written);
  ASSERT_SUCCEEDS(producer_->begin());
  written->put("pane/3", "aborted");
  ASSERT_SUCCEEDS(producer_->abort());
  written->discard_pending();
  EXPECT_EQ(all(*written), before);
  write(*written, 20, 21, "value");
  EXPECT_EQ(all(*written).size(), 11u);
}

TEST_F(KafkaState, IsHeldByOneTaskAtATime) {
  const auto first = store();
  const auto second = log_->open_state("panes", 0);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable) << second.error().to_string();
}

TEST_F(KafkaState, GrowsTheChangelogForAPartitionBeyondIt) {
  {
    const auto written = store();
    write(*written, 0, 5, "value");
  }
  auto beyond = log_->open_state("panes", 5);
  ASSERT_SUCCEEDS(beyond);
  (*beyond)->put("key", "of partition 5");
  commit(**beyond);  // by a producer that knew the smaller topic
  beyond = Error{};
  close();
  fs::remove_all(cluster_.state_dir() / "panes");
  open();
  const auto again = log_->open_state("panes", 5);
  ASSERT_SUCCEEDS(again);
  EXPECT_EQ((*again)->get("key")->value_or("nothing"), "of partition 5");
}

TEST_F(KafkaState, RefusesAStoreNameThatLeavesItsFolder) {
  for (const char* name : {"../panes", "a/b", "", ".hidden"}) {
    const auto opened = log_->open_state(name, 0);
    ASSERT_FALSE(opened.ok()) << name;
    EXPECT_EQ(opened.error().code, ErrorCode::kInvalid) << opened.error().to_string();
  }
}

}  // namespace

}  // namespace earshot::kafka
