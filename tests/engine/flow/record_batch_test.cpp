#include "engine/flow/record_batch.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace earshot {
namespace {

TEST(RecordBatch, GivesBackRecordsAlsoAfterItHasGrown) {
  RecordBatch batch({"posts", 3}, 16);
  EXPECT_TRUE(batch.empty());
  for (int i = 0; i < 1000; ++i)
    batch.append("key " + std::to_string(i), "value " + std::to_string(i), 10 + i, 2000 + i);
  ASSERT_EQ(batch.size(), 1000u);
  for (size_t i = 0; i < batch.size(); ++i) {
    EXPECT_EQ(batch[i].key, "key " + std::to_string(i));
    EXPECT_EQ(batch[i].value, "value " + std::to_string(i));
    EXPECT_EQ(batch[i].offset, 10 + static_cast<int64_t>(i));
    EXPECT_EQ(batch[i].timestamp_ms, 2000 + static_cast<int64_t>(i));
  }
  EXPECT_EQ(batch.partition().to_string(), "posts/3");
}

TEST(RecordBatch, CommitsBehindItsLastRecordUnlessToldOtherwise) {
  RecordBatch batch({"posts", 0}, 100);
  batch.append("", "a", 7, kNoTimestamp);
  EXPECT_EQ(batch.next_offset(), 8);
  batch.set_next_offset(20);
  EXPECT_EQ(batch.next_offset(), 20);
  batch.append("", "b", 25, kNoTimestamp);
  EXPECT_EQ(batch.next_offset(), 26);
}

TEST(RecordBatch, TakesEmptyKeysAndValues) {
  RecordBatch batch({"posts", 0}, 0);
  batch.append("", "", 0, 0);
  batch.append("key", "", 1, 0);
  EXPECT_TRUE(batch[0].key.empty());
  EXPECT_TRUE(batch[0].value.empty());
  EXPECT_EQ(batch[1].key, "key");
  EXPECT_TRUE(batch[1].value.empty());
}

TEST(RecordBatch, CutsRecordsOutOfBytesThatWereReadInPlace) {
  RecordBatch batch({"file", 0}, 8);
  const std::string first = "one\ntw";
  std::memcpy(batch.reserve(first.size()), first.data(), first.size());
  batch.take(first.size());
  const std::string second = "o\nthree\n" + std::string(100, '.');
  std::memcpy(batch.reserve(second.size()), second.data(), second.size());  // grows: what was taken moves along
  batch.take(second.size());
  EXPECT_EQ(batch.bytes_used(), first.size() + second.size());
  batch.slice(0, 3, 0, kNoTimestamp);
  batch.slice(4, 3, 4, kNoTimestamp);
  batch.slice(8, 5, 8, 99);
  EXPECT_EQ(batch[0].value, "one");
  EXPECT_EQ(batch[1].value, "two");
  EXPECT_EQ(batch[2].value, "three");
  EXPECT_EQ(batch[2].timestamp_ms, 99);
}

TEST(RecordBatch, CutsKeyAndValueOutOfTheArenaTogether) {
  RecordBatch batch({"posts", 0}, 8);
  const std::string bytes = "headkeyvaluetail";
  std::memcpy(batch.reserve(bytes.size()), bytes.data(), bytes.size());
  batch.take(bytes.size());
  batch.slice(4, 3, 5, 7, 99);
  EXPECT_EQ(batch[0].key, "key");
  EXPECT_EQ(batch[0].value, "value");
  EXPECT_EQ(batch[0].offset, 7);
  EXPECT_EQ(batch[0].timestamp_ms, 99);
}

TEST(RecordBatch, HasReadableBytesBehindItsLastValue) {
  for (const size_t size : {size_t{1}, size_t{4096}, size_t{4097}}) {
    RecordBatch batch({"posts", 0}, size);
    batch.append("", std::string(size, 'x'), 0, 0);
    char copy[RecordBatch::kPadding];
    std::memcpy(copy, batch[0].value.data() + size, RecordBatch::kPadding);  // a sanitizer judges the read
    EXPECT_LE(batch.bytes_used(), batch.capacity_bytes());
    EXPECT_EQ(batch[0].value.back(), 'x');
  }
}

TEST(TopicPartition, OrdersByTopicAndThenByNumber) {
  EXPECT_LT((TopicPartition{"a", 9}), (TopicPartition{"b", 1}));
  EXPECT_LT((TopicPartition{"a", 9}), (TopicPartition{"a", 10}));
  EXPECT_EQ((TopicPartition{"a", 9}), (TopicPartition{"a", 9}));
}

}  // namespace
}  // namespace earshot
