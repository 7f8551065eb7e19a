// Compiled databases on disk.
#include "ops/rules/database_files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "operators/match/literal_scanner.h"
#include "tests/connectors/temporary_folder.h"

namespace earshot::rules {
namespace {

class DatabaseFilesTest : public testing::Test {
 protected:
  // How many files the folder has.
  [[nodiscard]] size_t count() const {
    size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) files += entry.is_regular_file() ? 1 : 0;
    return files;
  }
  [[nodiscard]] std::filesystem::path only_file() const { return std::filesystem::directory_iterator(path_)->path(); }
  static size_t hits(const match::LiteralScanner& scanner, const std::string& text) {
    size_t found = 0;
    const auto on_match = [](unsigned, unsigned long long, unsigned long long, unsigned, void* context) {
      ++*static_cast<size_t*>(context);
      return 0;
    };
    scanner.scan(text, scanner.make_scratch(), on_match, &found);
    return found;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = std::filesystem::path(folder_.path()) / "databases";
};

TEST_F(DatabaseFilesTest, GiveBackWhatTheyWereGiven) {
  DatabaseFiles files(path_);
  EXPECT_EQ(files.find("k"), std::nullopt);
  files.keep("k", std::string("a\0b", 3));
  EXPECT_EQ(files.find("k"), std::string("a\0b", 3));
  EXPECT_EQ(DatabaseFiles(path_).find("k"), std::string("a\0b", 3));
  EXPECT_EQ(files.find("other"), std::nullopt);
}

TEST_F(DatabaseFilesTest, TakeADamagedFileForNone) {
  DatabaseFiles files(path_);
  files.keep("k", "database");
  const auto path = only_file();
  const auto size = std::filesystem::file_size(path);
  for (size_t at = 0; at < size; ++at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(file.get());
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ 1));
    file.flush();
    EXPECT_EQ(files.find("k"), std::nullopt) << "byte " << at;
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
  }
  EXPECT_EQ(files.find("k"), "database");
  std::filesystem::resize_file(path, size - 1);
  EXPECT_EQ(files.find("k"), std::nullopt);
  std::filesystem::copy_file(path, path_ / "other.db");
  EXPECT_EQ(files.find("other"), std::nullopt);  // a file of another key
}

TEST_F(DatabaseFilesTest, KeepNoMoreThanTheyMay) {
  DatabaseFiles files(path_, 3);
  for (int i = 0; i < 10; ++i) files.keep(std::to_string(i), "database");
  EXPECT_EQ(count(), 3u);
}

TEST_F(DatabaseFilesTest, SaveTheSecondCompilation) {
  DatabaseFiles files(path_);
  const std::vector<std::string> literals{" outage ", " is down "};
  ASSERT_TRUE(match::LiteralScanner::compile(literals, {}, &files));
  EXPECT_EQ(count(), 1u);
  const auto written = std::filesystem::last_write_time(only_file());
  std::filesystem::last_write_time(only_file(), written - std::chrono::hours(1));
  const auto again = match::LiteralScanner::compile(literals, {}, &files);
  ASSERT_TRUE(again);
  EXPECT_EQ(count(), 1u);
  EXPECT_EQ(hits(*again, " it is down an outage "), 2u);
  ASSERT_TRUE(match::LiteralScanner::compile(std::vector<std::string>{" outage "}, {}, &files));
  EXPECT_EQ(count(), 2u);
}

TEST_F(DatabaseFilesTest, DamageIsCompiledAnew) {
  DatabaseFiles files(path_);
  const std::vector<std::string> expressions{" cancel[^ ]* "};
  ASSERT_TRUE(match::LiteralScanner::compile_expressions(expressions, &files));
  std::filesystem::resize_file(only_file(), 40);
  const auto again = match::LiteralScanner::compile_expressions(expressions, &files);
  ASSERT_TRUE(again);
  EXPECT_EQ(hits(*again, " cancelled "), 1u);
  EXPECT_GT(std::filesystem::file_size(only_file()), 40u);
}

}  // namespace
}  // namespace earshot::rules
