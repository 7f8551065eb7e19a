#include "connectors/file/file_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "tests/connectors/file/compress.h"
#include "tests/connectors/file/read_lines.h"
#include "tests/connectors/temporary_folder.h"

namespace earshot::file {
namespace {

using Lines = std::vector<std::string>;

TEST(FileSource, ReadsAFoldersFilesByNameWithoutHiddenOnesAndSubfolders) {
  const TemporaryFolder folder;
  folder.write("b.ndjson", "b\n");
  folder.write("a.ndjson.gz", gzip("a\n"));
  folder.write(".hidden", "hidden\n");
  std::filesystem::create_directory(folder / "deeper");
  folder.write("deeper/c", "c\n");
  const auto source = open_or_fail({.paths = {folder.path()}});
  const auto assigned = contract::settle(*source);
  EXPECT_EQ(assigned, (std::vector<TopicPartition>{{folder / "a.ndjson.gz", 0}, {folder / "b.ndjson", 1}}));
  const auto drained = contract::drain(*source);
  EXPECT_EQ(drained.values(assigned[0]), Lines{"a"});
  EXPECT_EQ(drained.values(assigned[1]), Lines{"b"});
  EXPECT_EQ(drained.count(), 2u);
}

TEST(FileSource, AdvancesItsFilesSideBySide) {
  const TemporaryFolder folder;
  const std::string line = std::string(999, 'x') + "\n";
  std::string text;
  for (int i = 0; i < 1000; ++i) text += line;
  for (const char* name : {"a", "b", "c"}) folder.write(name, text);
  const auto source = open_or_fail({.paths = {folder.path()}, .batch_bytes = 50'000});
  contract::settle(*source);
  std::map<TopicPartition, int64_t> reached{{{folder / "a", 0}, 0}, {{folder / "b", 1}, 0}, {{folder / "c", 2}, 0}};
  while (true) {
    const auto polled = source->poll(std::chrono::seconds(1));
    ASSERT_TRUE(polled.ok());
    if (polled->status != PollStatus::kBatch) break;
    reached.at(polled->batch->partition()) = polled->batch->next_offset();
    const auto [least, most] = std::minmax_element(reached.begin(), reached.end(),
                                                   [](const auto& a, const auto& b) { return a.second < b.second; });
    ASSERT_LE(most->second - least->second, 400'000) << "one file ran ahead of another";
  }
  for (const auto& [partition, offset] : reached) EXPECT_EQ(offset, 1'000'000) << partition.to_string();
}

TEST(FileSource, NamesAMissingFileAndAnEmptyFolder) {
  const TemporaryFolder folder;
  const auto missing = open_file_source({.paths = {folder / "none.ndjson"}});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("none.ndjson"), std::string::npos);
  const auto empty = open_file_source({.paths = {folder.path()}});
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().code, ErrorCode::kNotFound);
  EXPECT_NE(empty.error().message.find(folder.path()), std::string::npos);
  EXPECT_FALSE(open_file_source({}).ok());
}

TEST(FileSource, RefusesMoreFilesThanItMayReadSideBySide) {
  const TemporaryFolder folder;
  for (int i = 0; i < 4; ++i) folder.write(std::to_string(i), "x\n");
  const auto source = open_file_source({.paths = {folder.path()}, .max_files = 3});
  ASSERT_FALSE(source.ok());
  EXPECT_NE(source.error().message.find("4 files"), std::string::npos) << source.error().message;
}

class DamagedFile : public testing::TestWithParam<std::string (*)(std::string_view)> {};

TEST_P(DamagedFile, GivesWhatIsGoodAndThenAnErrorThatNamesFileAndOffset) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "line " + std::to_string(i * 7919 % 100'003) + "\n";
  const std::string whole = GetParam()(text);
  std::string broken = whole;
  broken.replace(whole.size() / 2, 64, std::string(64, '\xff'));
  for (const std::string& bytes : {whole.substr(0, whole.size() / 2), broken, whole + "trailing rubbish"}) {
    const auto source = open_or_fail({.paths = {folder.write("a.packed", bytes)}});
    contract::settle(*source);
    Lines lines;
    const Error error = read_until_error(*source, lines);
    EXPECT_EQ(error.code, ErrorCode::kCorrupt) << error.to_string();
    EXPECT_TRUE(error.where.starts_with(folder / "a.packed@")) << error.to_string();
    EXPECT_GT(lines.size(), 10'000u);
    if (bytes == broken) lines.resize(10'000);  // formats without inner checksums notice late
    std::string joined;
    for (const std::string& line : lines) joined += line + "\n";
    EXPECT_TRUE(text.starts_with(joined)) << "a damaged line was handed out";
    EXPECT_FALSE(source->poll(std::chrono::milliseconds(0)).ok()) << "the error was told once only";
    EXPECT_FALSE(source->caught_up({folder / "a.packed", 0}));
  }
}

INSTANTIATE_TEST_SUITE_P(Packed, DamagedFile, testing::Values(&gzip, &zstd));

TEST(FileSource, RefusesToResumeInsideALineOrBehindTheEnd) {
  const TemporaryFolder folder;
  const std::string text = "first\nsecond\n";
  for (const std::string& bytes : {text, gzip(text), zstd(text)}) {
    const std::string path = folder.write("a", bytes);
    for (const int64_t offset : {int64_t{3}, int64_t{100}}) {
      const auto source = open_or_fail({.paths = {path}});
      EXPECT_EQ(source->poll(std::chrono::milliseconds(0))->status, PollStatus::kRebalance);
      const auto finished = source->finish_rebalance({{{path, 0}, offset}});
      ASSERT_FALSE(finished.ok()) << offset;
      EXPECT_EQ(finished.error().where, path + "@" + std::to_string(offset));
    }
  }
}

TEST(FileSource, ResumesBehindALastLineWhoseNewlineCameLater) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", "one\ntwo");
  EXPECT_EQ(read_lines({.paths = {path}}), (Lines{"one", "two"}));
  folder.write("a", "\nthree\n", std::ios::app);
  EXPECT_EQ(read_lines({.paths = {path}}, 7), (Lines{"three"}));
}

TEST(FileSource, HoldsALineBackUntilItsNewlineComesWhenItFollows) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", "one\ntw");
  const auto source = open_or_fail({.paths = {path}, .follow = true});
  contract::settle(*source);
  EXPECT_EQ(contract::drain(*source, std::chrono::milliseconds(120)).values({path, 0}), Lines{"one"});
  EXPECT_TRUE(source->caught_up({path, 0}));
  folder.write("a", "o\n", std::ios::app);
  EXPECT_FALSE(source->caught_up({path, 0}));
  EXPECT_EQ(source->lag().at({path, 0}), 4);
  EXPECT_EQ(contract::drain(*source, std::chrono::seconds(5), 1).values({path, 0}), Lines{"two"});
}

// A pipe in place of stdin for the time of a test.
class PipedStdin {
 public:
  PipedStdin() : saved_(dup(STDIN_FILENO)) {
    EXPECT_EQ(pipe(ends_), 0);
    dup2(ends_[0], STDIN_FILENO);
    close(ends_[0]);
  }
  ~PipedStdin() {
    finish();
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }
  void write(const std::string& bytes) const {
    EXPECT_EQ(::write(ends_[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  void finish() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  int ends_[2] = {-1, -1};
  const int saved_;
};

TEST(FileSource, ReadsStdinAsItComesAndEndsWhenItIsClosed) {
  PipedStdin input;
  const auto source = open_or_fail({.paths = {"-"}});
  const auto assigned = contract::settle(*source);
  EXPECT_EQ(assigned, (std::vector<TopicPartition>{{"stdin", 0}}));
  input.write("one\ntw");
  auto polled = source->poll(std::chrono::seconds(5));
  ASSERT_TRUE(polled.ok());
  ASSERT_EQ(polled->status, PollStatus::kBatch);
  EXPECT_EQ((*polled->batch)[0].value, "one");
  EXPECT_TRUE(source->caught_up(assigned[0]));
  polled = source->poll(std::chrono::milliseconds(20));
  ASSERT_TRUE(polled.ok());
  EXPECT_EQ(polled->status, PollStatus::kIdle);
  input.write("o");
  input.finish();
  const auto rest = contract::drain(*source);
  EXPECT_EQ(rest.values(assigned[0]), Lines{"two"});
  EXPECT_EQ(rest.last, PollStatus::kEndOfInput);
}

TEST(FileSource, TellsCompressionOnStdinEvenWhenItComesByteByByte) {
  PipedStdin input;
  const auto source = open_or_fail({.paths = {"-"}});
  contract::settle(*source);
  const std::string bytes = gzip("one\ntwo\n");
  std::thread writer([&] {
    for (const char byte : bytes) {
      input.write(std::string(1, byte));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    input.finish();
  });
  const auto drained = contract::drain(*source);
  writer.join();
  EXPECT_EQ(drained.values({"stdin", 0}), (Lines{"one", "two"}));
}

TEST(FileSource, CountsOnFromThePositionThatStdinHadBefore) {
  PipedStdin input;
  const auto source = open_or_fail({.paths = {"-"}});
  input.write("new\n");
  input.finish();
  contract::settle(*source, {{{"stdin", 0}, 1000}});
  const auto drained = contract::drain(*source);
  ASSERT_EQ(drained.count(), 1u);
  EXPECT_EQ(drained.records.at({"stdin", 0})[0].offset, 1000);
  EXPECT_EQ(drained.next_offsets.at({"stdin", 0}), 1004);
}

}  // namespace
}  // namespace earshot::file
