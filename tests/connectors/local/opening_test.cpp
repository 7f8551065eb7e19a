// Opening a folder that is not what it should be.
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/connectors/local/open_log.h"
#include "tests/connectors/temporary_folder.h"

namespace earshot::local {
namespace {

Error opening_error(const std::string& path) {
  const auto log = open_local_log(test_options(path));
  if (!log) return log.error();
  ADD_FAILURE() << "the log was opened";
  return {};
}

TEST(LocalLogOpening, CreatesAFolderThatIsMissing) {
  const TemporaryFolder folder;
  EXPECT_TRUE(open_local_log(test_options(folder / "deep/er")).ok());
}

TEST(LocalLogOpening, NamesThePathThatIsOpenAlready) {
  const TemporaryFolder folder;
  const auto log = open_or_fail(test_options(folder.path()));
  const Error error = opening_error(folder.path());
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_NE(error.message.find(folder.path() + " is already open for writing"), std::string::npos) << error.message;
}

TEST(LocalLogOpening, LeavesAFolderAloneThatHoldsOtherFiles) {
  const TemporaryFolder folder;
  folder.write("thesis.doc", "years of work");
  const Error error = opening_error(folder.path());
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_NE(error.message.find(folder.path()), std::string::npos);
  size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) ++entries;
  EXPECT_EQ(entries, 1u);
}

TEST(LocalLogOpening, RefusesAPathThatIsAFile) {
  const TemporaryFolder folder;
  const Error error = opening_error(folder.write("file", "x"));
  EXPECT_NE(error.message.find(folder / "file"), std::string::npos);
}

TEST(LocalLogOpening, TellsAReaderThatALogWhichIsBeingMadeIsNotThereYet) {
  const TemporaryFolder folder;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, folder.path(), &db).ok());
  rocksdb::ColumnFamilyHandle* records = nullptr;
  ASSERT_TRUE(db->CreateColumnFamily({}, "records", &records).ok());  // "positions" and "state" would follow
  const auto reader = open_local_log_reader(folder.path());
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().code, ErrorCode::kNotFound) << reader.error().to_string();
  db->DestroyColumnFamilyHandle(records);
  delete db;
}

TEST(LocalLogOpening, RefusesAnotherProgramsDatabase) {
  const TemporaryFolder folder;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, folder.path(), &db).ok());
  ASSERT_TRUE(db->Put({}, "their", "data").ok());
  delete db;
  EXPECT_EQ(opening_error(folder.path()).code, ErrorCode::kInvalid);
  ASSERT_TRUE(rocksdb::DB::Open(options, folder.path(), &db).ok()) << "their database was changed";
  delete db;
}

// Changes the format key beneath the log.
void set_format(const std::string& path, const std::string& format) {
  std::vector<std::string> names;
  ASSERT_TRUE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const std::string& name : names) descriptors.emplace_back(name, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open({}, path, descriptors, &handles, &db).ok());
  EXPECT_TRUE(db->Put({}, "format", format).ok());
  for (auto* handle : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  delete db;
}

TEST(LocalLogOpening, RefusesANewerFormatAndSaysWhichItKnows) {
  const TemporaryFolder folder;
  open_or_fail(test_options(folder.path())).reset();
  set_format(folder.path(), "earshot-local-log 7");
  const Error error = opening_error(folder.path());
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_NE(error.message.find("format 7; this one knows 1"), std::string::npos) << error.message;
  const auto reader = open_local_log_reader(folder.path());
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().code, ErrorCode::kInvalid);
}

// What a process leaves that was killed while it made the log.
TEST(LocalLogOpening, TakesALogThatIsNotFinishedForNoneYetAndFinishesIt) {
  const TemporaryFolder folder;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, folder.path(), &db).ok());
  delete db;
  const auto early = open_local_log_reader(folder.path());
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().code, ErrorCode::kNotFound) << early.error().message;
  open_or_fail(test_options(folder.path())).reset();
  EXPECT_TRUE(open_local_log_reader(folder.path()).ok());
}

TEST(LocalLogOpening, SaysWhenTheFilesAreDamaged) {
  const TemporaryFolder folder;
  open_or_fail(test_options(folder.path())).reset();
  folder.write("CURRENT", "rubbish\n");
  const Error error = opening_error(folder.path());
  EXPECT_EQ(error.code, ErrorCode::kCorrupt) << error.message;
  EXPECT_NE(error.message.find(folder.path()), std::string::npos);
}

// RocksDB's own reader would never return from it.
TEST(LocalLogOpening, TellsAReaderWhichFileHoldsARecordOfAKindThatIsNeverWritten) {
  for (const std::string kind : {"MANIFEST-", ".log"}) {
    const TemporaryFolder folder;
    {
      const auto log = open_or_fail(test_options(folder.path()));
      make_topic(*log, {"posts"});
      append(*log, "posts", 0, {{"", "a"}, {"", "b"}});
    }
    ASSERT_TRUE(open_local_log_reader(folder.path()).ok());
    std::string damaged;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      const std::string name = entry.path().filename().string();
      if ((name.starts_with(kind) || name.ends_with(kind)) && entry.file_size() > 7) damaged = entry.path().string();
    }
    ASSERT_NE(damaged, "") << kind;
    {
      std::fstream file(damaged, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(6);
      file.put(5);
    }
    const auto reader = open_local_log_reader(folder.path());
    ASSERT_FALSE(reader.ok()) << kind;
    EXPECT_EQ(reader.error().code, ErrorCode::kCorrupt);
    EXPECT_NE(reader.error().message.find(damaged), std::string::npos) << reader.error().message;
  }
}

}  // namespace
}  // namespace earshot::local
