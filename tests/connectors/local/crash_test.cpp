// The process dies by SIGKILL at any moment; what it left must be whole commits.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <string>
#include <thread>

#include "tests/connectors/local/open_log.h"
#include "tests/connectors/temporary_folder.h"
#include "tests/contract/drain.h"

namespace earshot::local {
namespace {

pid_t start_commit_loop(const std::string& path, const std::string& sync, const std::string& output) {
  const pid_t child = fork();
  if (child != 0) return child;
  const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(out, STDOUT_FILENO);
  execl(EARSHOT_COMMIT_LOOP, EARSHOT_COMMIT_LOOP, path.c_str(), sync.c_str(), nullptr);
  _exit(127);
}

// The last number that the loop was told is final.
long last_acknowledged(const std::string& printed) {
  const size_t end = printed.rfind('\n');
  if (end == std::string::npos) return -1;
  const size_t start = printed.rfind('\n', end - 1);
  return std::stol(printed.substr(start == std::string::npos ? 0 : start + 1, end));
}

// Outputs, position and state must tell the same number; answers it.
long check_agreement(const std::string& path) {
  const auto log = open_or_fail(test_options(path));
  if (!log || !log->ensure_topics(std::vector<TopicSpec>{{"numbers", 2}}).ok()) return -1;
  const auto source = log->subscribe("check", {"numbers"}, {.until_end = true});
  contract::settle(**source);
  const auto drained = contract::drain(**source);
  const auto store = log->open_state("numbers", 0);
  const long last = std::stol((*store)->get("last")->value_or("-1"));
  for (int32_t partition = 0; partition < 2; ++partition) {
    const auto values = drained.values({"numbers", partition});
    EXPECT_EQ(static_cast<long>(values.size()), last + 1);
    for (size_t i = 0; i < values.size(); ++i) {
      if (std::stoul(values[i]) == i) continue;
      ADD_FAILURE() << "record " << i << " says " << values[i].substr(0, 20);
      break;
    }
  }
  const std::vector<TopicPartition> input{{"input", 0}};
  const auto positions = log->committed("loop", **source, input);
  EXPECT_EQ(positions->contains(input[0]) ? positions->at(input[0]).next_offset : 0, last + 1);
  if (last >= 0) {
    EXPECT_EQ(positions->at(input[0]).metadata, std::to_string(last));
  }
  for (long number = std::max(0L, last - 99); number <= last; ++number) {
    EXPECT_EQ((*store)->get("at/" + std::to_string(number % 100))->value_or(""), std::to_string(number));
  }
  return last;
}

void kill_at_random_moments(const std::string& sync, int kills) {
  const TemporaryFolder folder;
  std::mt19937 random(20260301);
  for (int kill_number = 0; kill_number < kills; ++kill_number) {
    const pid_t child = start_commit_loop(folder / "log", sync, folder / "acknowledged");
    ASSERT_GT(child, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution(20, 400)(random)));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the loop ended by itself, with status " << status;
    const long last = check_agreement(folder / "log");
    EXPECT_GE(last, last_acknowledged(folder.read("acknowledged"))) << "a commit that was acknowledged is gone";
  }
  EXPECT_GT(last_acknowledged(folder.read("acknowledged")), kills);
}

TEST(LocalLogCrash, LeavesOutputsPositionsAndStateInAgreementWhenSynced) {
  kill_at_random_moments("sync", 10);
}

TEST(LocalLogCrash, LeavesOutputsPositionsAndStateInAgreementWhenNotSynced) {
  kill_at_random_moments("unsynced", 15);
}

TEST(LocalLogCrash, IsFollowedByAnotherProcessWhileItIsWrittenAndAfterItsWriterDied) {
  const TemporaryFolder folder;
  const std::string path = folder / "log";
  pid_t writer = start_commit_loop(path, "unsynced", folder / "acknowledged");
  Result<std::unique_ptr<LocalLogReader>> reader = open_local_log_reader(path);
  Result<std::unique_ptr<Source>> source = Error{};
  for (int tries = 0; tries < 500 && !source; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (!reader) reader = open_local_log_reader(path);
    if (reader) source = (*reader)->subscribe({"numbers"}, {});
  }
  ASSERT_TRUE(source.ok()) << source.error().to_string();
  contract::settle(**source);
  std::map<int32_t, unsigned long> next;
  for (int deaths = 0; deaths < 4; ++deaths) {
    const unsigned long goal = next[0] + 3000;
    while (next[0] < goal) {
      const auto polled = (*source)->poll(std::chrono::seconds(20));
      ASSERT_TRUE(polled.ok()) << polled.error().to_string();
      ASSERT_EQ(polled->status, PollStatus::kBatch) << "nothing came after " << next[0] << " records";
      for (size_t i = 0; i < polled->batch->size(); ++i) {
        ASSERT_EQ(std::stoul(std::string((*polled->batch)[i].value)), next[polled->batch->partition().partition]++);
      }
    }
    ASSERT_EQ(kill(writer, SIGKILL), 0);
    ASSERT_EQ(waitpid(writer, nullptr, 0), writer);
    if (deaths < 3) writer = start_commit_loop(path, "unsynced", folder / "acknowledged");
  }
}

}  // namespace
}  // namespace earshot::local
