#include "connectors/local/segment.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/connectors/local/open_log.h"
#include "tests/connectors/temporary_folder.h"
#include "tests/contract/drain.h"

namespace earshot::local {
namespace {

std::string load(SegmentReader& reader, const SegmentPointer& pointer) {
  std::string bytes(pointer.bytes, '\0');
  const auto loaded = reader.load(encode_pointer(pointer), bytes.data());
  EXPECT_TRUE(loaded.ok()) << (loaded ? "" : loaded.error().to_string());
  return bytes;
}

size_t count_files(const std::string& folder) {
  size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++files;
  return files;
}

TEST(Segment, GivesBackWhatWasAppendedAcrossFiles) {
  const TemporaryFolder folder;
  SegmentWriter writer;
  ASSERT_TRUE(writer.open(folder.path(), 10'000, true).ok());
  std::vector<SegmentPointer> pointers;
  for (int i = 0; i < 50; ++i) {
    const auto pointer = writer.append(std::string(1000, static_cast<char>('A' + i)));
    ASSERT_TRUE(pointer.ok()) << pointer.error().to_string();
    pointers.push_back(*pointer);
  }
  ASSERT_TRUE(writer.settle().ok());
  EXPECT_EQ(count_files(folder.path()), 5u);
  SegmentReader reader(folder.path());
  for (int i = 49; i >= 0; --i)
    EXPECT_EQ(load(reader, pointers[static_cast<size_t>(i)]), std::string(1000, static_cast<char>('A' + i)));
}

TEST(Segment, NeverWritesToAFileOfAnEarlierProcess) {
  const TemporaryFolder folder;
  SegmentPointer first;
  for (int process = 0; process < 3; ++process) {
    SegmentWriter writer;
    ASSERT_TRUE(writer.open(folder.path(), 10'000, false).ok());
    const auto pointer = writer.append("batch");
    if (process == 0) first = *pointer;
    EXPECT_EQ(pointer->segment, first.segment + static_cast<uint64_t>(process));
    EXPECT_EQ(pointer->position, 0u);
  }
}

TEST(Segment, NoticesDamageAndFilesThatAreGone) {
  const TemporaryFolder folder;
  SegmentWriter writer;
  ASSERT_TRUE(writer.open(folder.path(), 10'000, true).ok());
  const SegmentPointer pointer = *writer.append("a batch of some bytes");
  std::string bytes(pointer.bytes, '\0');
  const std::string file = std::filesystem::directory_iterator(folder.path())->path().filename().string();
  folder.write(file, "a batch of same bytes");
  SegmentReader reader(folder.path());
  const auto damaged = reader.load(encode_pointer(pointer), bytes.data());
  ASSERT_FALSE(damaged.ok());
  EXPECT_EQ(damaged.error().code, ErrorCode::kCorrupt);
  folder.write(file, "a bat");
  EXPECT_EQ(reader.load(encode_pointer(pointer), bytes.data()).error().code, ErrorCode::kCorrupt);
  std::filesystem::remove(folder / file);
  SegmentReader other(folder.path());
  EXPECT_EQ(other.load(encode_pointer(pointer), bytes.data()).error().code, ErrorCode::kNotFound);
}

TEST(Segment, GoesWhenItsLastBatchIsDropped) {
  const TemporaryFolder folder;
  SegmentWriter writer;
  SegmentUsage usage(folder.path());
  ASSERT_TRUE(writer.open(folder.path(), 10, true).ok());
  for (int i = 0; i < 3; ++i) usage.add(writer.append("more than ten bytes")->segment);
  const uint64_t current = writer.current_segment();
  EXPECT_FALSE(usage.has_garbage(current));
  usage.drop(current - 1);
  EXPECT_TRUE(usage.has_garbage(current));
  usage.delete_garbage(current);
  EXPECT_EQ(count_files(folder.path()), 2u);
  usage.drop(current);
  usage.delete_garbage(current);
  EXPECT_EQ(count_files(folder.path()), 2u) << "the segment that is written to went";
}

TEST(LocalLogSegments, NamePartitionOffsetAndFileOfADamagedBatch) {
  const TemporaryFolder folder;
  const auto log = open_or_fail(test_options(folder.path()));
  make_topic(*log, {"posts"});
  append(*log, "posts", 0, {{"", "small"}});
  append(*log, "posts", 0, {{"", std::string(20'000, 'x')}});
  const std::string file = std::filesystem::directory_iterator(folder / "segments")->path().filename().string();
  folder.write("segments/" + file, std::string(20'036, 'y'));
  const auto source = log->subscribe("group", {"posts"}, {});
  contract::settle(**source);
  const auto polled = (*source)->poll(std::chrono::milliseconds(0));
  ASSERT_FALSE(polled.ok());
  EXPECT_EQ(polled.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(polled.error().where.find("posts/0@1"), std::string::npos) << polled.error().to_string();
  EXPECT_NE(polled.error().where.find(file), std::string::npos) << polled.error().to_string();
}

TEST(LocalLogSegments, AreMissedForGoodWhenTheLogStillPointsToThem) {
  const TemporaryFolder folder;
  const auto log = open_or_fail(test_options(folder.path()));
  make_topic(*log, {"posts"});
  append(*log, "posts", 0, {{"", std::string(20'000, 'x')}});
  std::filesystem::remove_all(folder / "segments");
  const auto source = log->subscribe("group", {"posts"}, {});
  contract::settle(**source);
  const auto polled = (*source)->poll(std::chrono::milliseconds(0));
  ASSERT_FALSE(polled.ok());
  EXPECT_EQ(polled.error().code, ErrorCode::kCorrupt) << "a retry for ever: " << polled.error().to_string();
}

TEST(LocalLogSegments, AreClearedOfWhatADeadProcessLeft) {
  const TemporaryFolder folder;
  open_or_fail(test_options(folder.path())).reset();
  folder.write("segments/000000000007.segment", "appended, but never committed");
  open_or_fail(test_options(folder.path())).reset();
  EXPECT_EQ(count_files(folder / "segments"), 0u);
}

}  // namespace
}  // namespace earshot::local
