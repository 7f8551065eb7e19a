#include "connectors/kafka/state_database.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/connectors/temporary_folder.h"

namespace earshot::kafka {

namespace {

class StateDatabaseTest : public testing::Test {
 protected:
  std::unique_ptr<StateDatabase> open() {
    auto opened = StateDatabase::open(path_, memory_);
    EXPECT_TRUE(opened.ok()) << (opened ? "" : opened.error().to_string());
    return opened ? std::move(*opened) : nullptr;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "store";
  StateMemory memory_{8 << 20};
};

TEST_F(StateDatabaseTest, SaysNothingOfItselfWhenItIsNew) {
  const auto mark = open()->mark();
  ASSERT_TRUE(mark.ok());
  EXPECT_FALSE(mark->has_value());
}

TEST_F(StateDatabaseTest, KeepsChangesAndMarkTogetherOverAClose) {
  {
    const auto database = open();
    database->put("m", "a key that looks like the mark's");
    database->put("gone", "soon");
    ASSERT_TRUE(database->write({"identity with spaces", 41, 1'700'000'000'000}).ok());
    database->erase("gone");
    ASSERT_TRUE(database->write({"identity with spaces", 42, 1'700'000'000'001}).ok());
  }
  const auto database = open();
  const auto mark = database->mark();
  ASSERT_TRUE(mark.ok() && mark->has_value());
  EXPECT_EQ((**mark).identity, "identity with spaces");
  EXPECT_EQ((**mark).next_offset, 42);
  EXPECT_EQ((**mark).saved_at_ms, 1'700'000'000'001);
  EXPECT_EQ(database->get("m")->value_or(""), "a key that looks like the mark's");
  EXPECT_FALSE(database->get("gone")->has_value());
}

TEST_F(StateDatabaseTest, ScansItsPrefixInKeyOrderUntilTheVisitorHasEnough) {
  const auto database = open();
  for (const char* key : {"b", "a2", "a1", "a3", "\xff"}) database->put(key, key);
  ASSERT_TRUE(database->write({"i", 1, 1}).ok());
  std::string seen;
  ASSERT_TRUE(database
                  ->scan("a",
                         [&](std::string_view key, std::string_view) {
                           seen.append(key);
                           return key != "a2";
                         })
                  .ok());
  EXPECT_EQ(seen, "a1a2");
  int all = 0;
  ASSERT_TRUE(database->scan("", [&](auto&&...) { return ++all > 0; }).ok());
  EXPECT_EQ(all, 5);
}

TEST_F(StateDatabaseTest, IsNotBelievedAfterAReadFoundDamage) {
  open().reset();
  std::ofstream(path_ / "DAMAGED") << "block checksum mismatch\n";
  const auto opened = StateDatabase::open(path_, memory_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
  ASSERT_TRUE(StateDatabase::wipe(path_).ok());
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_FALSE(open()->mark()->has_value());
}

TEST_F(StateDatabaseTest, IsCorruptWhenItsListOfFilesIs) {
  {
    const auto database = open();
    database->put("key", "value");
    ASSERT_TRUE(database->write({"i", 1, 1}).ok());
  }
  std::ofstream(path_ / "CURRENT", std::ios::trunc) << "MANIFEST-999999\n";
  const auto opened = StateDatabase::open(path_, memory_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt) << opened.error().to_string();
}

TEST(StateDirectoryLock, IsHeldByOneOwner) {
  const TemporaryFolder folder;
  const auto file = folder / "0.lock";
  {
    const auto first = DirectoryLock::acquire(file);
    ASSERT_TRUE(first.ok());
    const auto second = DirectoryLock::acquire(file);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  }
  EXPECT_TRUE(DirectoryLock::acquire(file).ok());
}

}  // namespace

}  // namespace earshot::kafka
