// Faults of the disk. A limit on file sizes stands in for a disk that refuses writes: the system call fails in the same
// place.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/connectors/local/open_log.h"
#include "tests/connectors/temporary_folder.h"
#include "tests/contract/drain.h"

namespace earshot::local {
namespace {

class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
    rlimit small = before_;
    small.rlim_cur = bytes;
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  }
  ~FileSizeLimit() {
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &before_), 0);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*old_handler_)(int);
};

size_t count_records(Log& log) {
  const auto source = log.subscribe("reader", {"posts"}, {.until_end = true});
  contract::settle(**source);
  return contract::drain(**source).count();
}

struct FaultyCommit {
  std::string name;
  size_t output_bytes;
  size_t state_bytes;
  bool recovers_in_process;  // RocksDB gives up for good on a failed write of its own, unless the disk was full
};

class LocalLogDiskFault : public testing::TestWithParam<FaultyCommit> {};

TEST_P(LocalLogDiskFault, LeavesNothingHalfVisibleAndTheLogUsable) {
  const TemporaryFolder folder;
  const std::vector<TopicPartition> input{{"input", 0}};
  {
    const auto log = open_or_fail(test_options(folder.path()));
    make_topic(*log, {"posts", 2});
    append(*log, "posts", 0, {{"", "before"}});
    const auto producer = log->open_producer("test");
    const auto store = log->open_state("panes", 0);
    const auto source = log->subscribe("group", {"posts"}, {});
    ASSERT_TRUE((*producer)->begin().ok());
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE((*producer)->produce({"posts", i % 2, "", std::string(GetParam().output_bytes, 'x')}).ok());
    }
    (*store)->put("key", std::string(GetParam().state_bytes, 's'));
    const CommitRequest request{"group", source->get(), {{input[0], {7, ""}}}, {store->get()}};
    {
      const FileSizeLimit limit(200'000);
      const auto committed = (*producer)->commit(request);
      ASSERT_FALSE(committed.ok());
      EXPECT_EQ(committed.error().code, ErrorCode::kUnavailable) << committed.error().to_string();
      EXPECT_NE(committed.error().message.find(folder.path()), std::string::npos) << committed.error().to_string();
    }
    EXPECT_EQ((*store)->pending().size(), 1u) << "the changes belong to a commit that failed";
    EXPECT_EQ(count_records(*log), 1u);
    EXPECT_TRUE(log->committed("group", **source, input)->empty());
    ASSERT_TRUE((*producer)->abort().ok());
    (*store)->discard_pending();
    EXPECT_FALSE((*store)->get("key")->has_value());
    const auto begun = (*producer)->begin();
    ASSERT_EQ(begun.ok(), GetParam().recovers_in_process);
    if (begun) {
      ASSERT_TRUE((*producer)->produce({"posts", 0, "", std::string(20'000, 'y')}).ok());
      const auto committed = (*producer)->commit({});
      ASSERT_TRUE(committed.ok()) << committed.error().to_string();
      EXPECT_EQ(count_records(*log), 2u);
    } else {
      EXPECT_EQ(begun.error().code, ErrorCode::kFailed) << begun.error().to_string();
    }
  }
  const auto log = open_or_fail(test_options(folder.path()));
  ASSERT_TRUE(log);
  EXPECT_EQ(count_records(*log), GetParam().recovers_in_process ? 2u : 1u);
  append(*log, "posts", 1, {{"", "later"}});
  EXPECT_EQ(count_records(*log), GetParam().recovers_in_process ? 3u : 2u);
}

INSTANTIATE_TEST_SUITE_P(Of, LocalLogDiskFault,
                         testing::Values(FaultyCommit{"Outputs", 10'000, 10, true},
                                         FaultyCommit{"State", 10, 1'000'000, false}),
                         [](const auto& fault) { return fault.param.name; });

}  // namespace
}  // namespace earshot::local
