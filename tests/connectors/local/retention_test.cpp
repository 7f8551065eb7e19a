#include <gtest/gtest.h>

#include <filesystem>

#include "tests/connectors/local/open_log.h"
#include "tests/connectors/temporary_folder.h"
#include "tests/contract/drain.h"

namespace earshot::local {
namespace {

class LocalLogRetention : public testing::Test {
 protected:
  LocalLogOptions options() {
    auto options = test_options(folder_.path());
    options.retention_check_interval_ms = 0;
    options.segment_bytes = 8 << 20;
    options.wall_clock_ms = [this] { return now_ms_; };
    return options;
  }

  // Appends one record to `posts` at the given time.
  void append_at(int64_t time_ms, const std::string& value) {
    now_ms_ = time_ms;
    append(*log_, "posts", 0, {{"key", value}});
  }

  std::vector<std::string> read(std::optional<int64_t> start = std::nullopt) {
    const auto source = log_->subscribe("reader", {"posts"}, {.until_end = true});
    contract::settle(**source, {{{"posts", 0}, start}});
    return contract::drain(**source).values({"posts", 0});
  }

  const TemporaryFolder folder_;
  int64_t now_ms_ = 1'000'000;
  std::unique_ptr<Log> log_ = open_or_fail(options());
};

using Values = std::vector<std::string>;

TEST_F(LocalLogRetention, DropsRecordsThatWereAppendedLongerAgoThanTheTopicKeepsThem) {
  make_topic(*log_, {"posts", 1, 10'000});
  for (int second = 0; second < 30; ++second) append_at(1'000'000 + second * 1000, std::to_string(second));
  const Values left = read();
  ASSERT_FALSE(left.empty());
  EXPECT_EQ(left.back(), "29");
  const int oldest = std::stoi(left.front());
  EXPECT_LE(oldest, 19) << "a record went too early";
  EXPECT_GE(oldest, 16) << "a record stayed too long";
  EXPECT_EQ(static_cast<int>(left.size()), 30 - oldest);
}

TEST_F(LocalLogRetention, KeepsEverythingOfATopicWithoutALimit) {
  make_topic(*log_, {"posts"});
  for (int day = 0; day < 20; ++day) append_at(day * 86'400'000LL, std::to_string(day));
  EXPECT_EQ(read().size(), 20u);
}

TEST_F(LocalLogRetention, StartsAReaderThatStandsBeforeTheEarliestRecordAtTheEarliest) {
  make_topic(*log_, {"posts", 1, 1000});
  append_at(1'000'000, "gone");
  const auto behind = log_->subscribe("slow", {"posts"}, {});
  contract::settle(**behind, {{{"posts", 0}, 0}});
  append_at(1'005'000, "gone too");
  append_at(1'010'000, "there");
  EXPECT_EQ(read(0), Values{"there"});
  const auto drained = contract::drain(**behind, std::chrono::milliseconds(50));
  EXPECT_EQ(drained.values({"posts", 0}), Values{"there"});
  EXPECT_EQ(drained.records.at({"posts", 0})[0].offset, 2);
}

TEST_F(LocalLogRetention, RemembersOffsetsWhenEverythingIsGoneAndTheLogIsOpenedAgain) {
  make_topic(*log_, {"posts", 1, 1000});
  append_at(1'000'000, "first");
  append_at(1'000'100, "second");
  for (int opening = 0; opening < 3; ++opening) {
    log_.reset();
    now_ms_ += 100'000;
    log_ = open_or_fail(options());
  }
  EXPECT_EQ(read(), Values());
  append_at(now_ms_, "third");
  const auto source = log_->subscribe("reader", {"posts"}, {.until_end = true});
  contract::settle(**source);
  EXPECT_EQ(contract::drain(**source).records.at({"posts", 0})[0].offset, 2);
}

TEST_F(LocalLogRetention, FollowsALimitThatIsChanged) {
  make_topic(*log_, {"posts"});
  append_at(1'000'000, "old");
  make_topic(*log_, {"posts", 1, 1000});
  append_at(1'010'000, "marks the old");
  append_at(1'020'000, "new");
  EXPECT_EQ(read(), Values{"new"});
}

TEST_F(LocalLogRetention, DoesNotMindAClockThatGoesBack) {
  make_topic(*log_, {"posts", 1, 10'000});
  append_at(1'000'000, "a");
  append_at(2'000'000, "b");
  append_at(1'000'000, "c");
  append_at(1'001'000, "d");
  EXPECT_EQ(read(), (Values{"b", "c", "d"}));
}

TEST_F(LocalLogRetention, GivesTheDiskBack) {
  make_topic(*log_, {"posts", 1, 10'000});
  const std::string value(200'000, 'x');
  uintmax_t most_bytes = 0;
  for (int second = 0; second < 600; ++second) {  // 120 MB pass through; 2 MB are kept
    append_at(1'000'000 + second * 1000, value);
    uintmax_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      std::error_code gone;
      const uintmax_t size = entry.file_size(gone);
      if (!gone) bytes += size;
    }
    most_bytes = std::max(most_bytes, bytes);
  }
  EXPECT_LT(most_bytes, 30u << 20);
  EXPECT_GT(read().size(), 8u);
}

}  // namespace
}  // namespace earshot::local
