#include "connectors/file/file_sink.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "tests/connectors/temporary_folder.h"

namespace earshot::file {
namespace {

TEST(FileSink, WritesALineForEachRecordAndAnswersTheSize) {
  const TemporaryFolder folder;
  const auto sink = open_file_sink(folder / "alerts.ndjson");
  ASSERT_TRUE(sink.ok()) << sink.error().to_string();
  ASSERT_TRUE((*sink)->recover(0).ok());
  ASSERT_TRUE((*sink)->write("one").ok());
  ASSERT_TRUE((*sink)->write("two").ok());
  EXPECT_EQ(*(*sink)->flush(), 8);
  EXPECT_EQ(folder.read("alerts.ndjson"), "one\ntwo\n");
}

TEST(FileSink, ForgetsWhatNoCommitRecorded) {
  const TemporaryFolder folder;
  {
    const auto sink = open_file_sink(folder / "alerts");
    ASSERT_TRUE((*sink)->write("committed").ok());
    ASSERT_EQ(*(*sink)->flush(), 10);
    ASSERT_TRUE((*sink)->write("flushed, but the process died before the commit").ok());
    ASSERT_TRUE((*sink)->flush().ok());
    ASSERT_TRUE((*sink)->write("never flushed").ok());
  }
  const auto sink = open_file_sink(folder / "alerts");
  ASSERT_TRUE((*sink)->recover(10).ok());
  ASSERT_TRUE((*sink)->write("again").ok());
  EXPECT_EQ(*(*sink)->flush(), 16);
  EXPECT_EQ(folder.read("alerts"), "committed\nagain\n");
}

TEST(FileSink, DropsItsBufferWhenItRecovers) {
  const TemporaryFolder folder;
  const auto sink = open_file_sink(folder / "alerts");
  ASSERT_TRUE((*sink)->write("of an aborted transaction").ok());
  ASSERT_TRUE((*sink)->recover(0).ok());
  EXPECT_EQ(*(*sink)->flush(), 0);
}

TEST(FileSink, RefusesAFileThatIsShorterThanWhatWasCommitted) {
  const TemporaryFolder folder;
  const auto sink = open_file_sink(folder.write("alerts", "short\n"));
  const auto recovered = (*sink)->recover(100);
  ASSERT_FALSE(recovered.ok());
  EXPECT_EQ(recovered.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(folder.read("alerts"), "short\n");
}

TEST(FileSink, MakesItsFolder) {
  const TemporaryFolder folder;
  const auto sink = open_file_sink(folder / "new/folder/alerts");
  ASSERT_TRUE(sink.ok()) << sink.error().to_string();
  ASSERT_TRUE((*sink)->write("one").ok());
  EXPECT_EQ(*(*sink)->flush(), 4);
  EXPECT_EQ(folder.read("new/folder/alerts"), "one\n");
}

TEST(FileSink, SaysWhichFolderCannotBeMade) {
  const TemporaryFolder folder;
  const auto sink = open_file_sink(folder.write("file", "") + "/folder/alerts");
  ASSERT_FALSE(sink.ok());
  EXPECT_NE(sink.error().message.find(folder / "file/folder"), std::string::npos) << sink.error().to_string();
}

TEST(FileSink, ReportsAWriteThatFailsAndRecoversOnceItsCauseIsGone) {
  const TemporaryFolder folder;
  const auto sink = open_file_sink(folder / "alerts");
  ASSERT_TRUE((*sink)->write("committed").ok());
  ASSERT_EQ(*(*sink)->flush(), 10);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 100;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  ASSERT_TRUE((*sink)->write(std::string(1000, 'x')).ok());
  const auto flushed = (*sink)->flush();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(flushed.ok());
  EXPECT_NE(flushed.error().message.find(folder / "alerts"), std::string::npos) << flushed.error().message;
  ASSERT_TRUE((*sink)->recover(10).ok());
  ASSERT_TRUE((*sink)->write("again").ok());
  EXPECT_EQ(*(*sink)->flush(), 16);
  EXPECT_EQ(folder.read("alerts"), "committed\nagain\n");
}

TEST(FileSink, WritesToStdoutWithoutAPosition) {
  testing::internal::CaptureStdout();
  const auto sink = open_file_sink("-");
  ASSERT_TRUE((*sink)->recover(500).ok());
  ASSERT_TRUE((*sink)->write("{\"alert\":1}").ok());
  EXPECT_EQ(*(*sink)->flush(), -1);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "{\"alert\":1}\n");
}

}  // namespace
}  // namespace earshot::file
