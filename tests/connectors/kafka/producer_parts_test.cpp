// Parts of a commit that need no broker: positions as text, copies of a transaction, calls with a deadline.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <atomic>
#include <thread>

#include "connectors/kafka/deadline_thread.h"
#include "connectors/kafka/position_topic.h"
#include "connectors/kafka/transcript.h"

namespace earshot::kafka {

namespace {

using std::chrono::milliseconds;

TEST(PositionText, GivesBackAnyMetadata) {
  EXPECT_TRUE(rc::check([](const std::string& metadata, int64_t offset) {
    RC_ASSERT(decode_metadata(encode_metadata(metadata)) == metadata);
    const auto position = decode_position(encode_position({offset, metadata}));
    RC_ASSERT(position.has_value());
    RC_ASSERT(position->next_offset == offset);
    RC_ASSERT(position->metadata == metadata);
  }));
}

TEST(PositionText, IsAsciiOnTheWireAndReadableWhereItCanBe) {
  EXPECT_EQ(encode_metadata(""), "");
  EXPECT_EQ(encode_metadata("watermark 12"), "t:watermark 12");
  EXPECT_EQ(encode_metadata(std::string_view("\0\xff", 2)), "x:00ff");
  EXPECT_EQ(encode_metadata("x:not hex"), "t:x:not hex");
}

TEST(PositionText, TakesMetadataOfOtherToolsAsItIs) {
  EXPECT_EQ(decode_metadata("committed by hand"), "committed by hand");
  EXPECT_EQ(decode_metadata("x:0g"), "x:0g");
  EXPECT_EQ(decode_metadata("x:0"), "x:0");
}

TEST(PositionText, OfAnotherFormatIsNoPosition) {
  for (const char* text : {"", "1", "1 ", "1 x y", "2 10 metadata", "1 10"})
    EXPECT_FALSE(decode_position(text)) << text;
}

TEST(PositionText, KeepsGroupsAndPartitionsApart) {
  EXPECT_NE(position_key("a", {"b", 1}), position_key("a", {"b1", 1}));
  EXPECT_NE(position_key("ab", {"c", 1}), position_key("a", {"bc", 1}));
}

OutputRecord record_of(std::string_view topic, std::string_view key, std::string_view value) {
  OutputRecord record;
  record.topic = topic;
  record.key = key;
  record.value = value;
  return record;
}

TEST(Transcript, RepeatsWhatItWasGivenAlsoWhenTheOriginalIsGone) {
  Transcript transcript(1 << 20);
  for (int i = 0; i < 1'000; ++i) {
    std::string text = std::to_string(i);
    const std::array<std::pair<std::string_view, std::string_view>, 1> headers{{{"number", text}}};
    OutputRecord record = record_of(i % 2 == 0 ? "even" : "odd", text, text);
    record.partition = i;
    record.timestamp_ms = 10 * i;
    record.headers = headers;
    transcript.add(record);
    text.assign(text.size(), '#');
  }
  int count = 0;
  const auto repeated = transcript.repeat([&](const OutputRecord& record) -> Result<void> {
    const std::string text = std::to_string(count);
    EXPECT_EQ(record.topic, count % 2 == 0 ? "even" : "odd");
    EXPECT_EQ(record.key, text);
    EXPECT_EQ(record.value, text);
    EXPECT_EQ(record.partition, count);
    EXPECT_EQ(record.timestamp_ms, 10 * count);
    EXPECT_EQ(record.headers.size(), 1u);
    EXPECT_EQ(record.headers[0].second, text);
    ++count;
    return {};
  });
  EXPECT_TRUE(repeated.ok());
  EXPECT_EQ(count, 1'000);
}

TEST(Transcript, KeepsATombstoneApartFromAnEmptyValue) {
  Transcript transcript(1 << 20);
  transcript.add(record_of("t", "k", {}));
  transcript.add(record_of("t", "k", ""));
  std::vector<bool> nulls;
  ASSERT_TRUE(transcript
                  .repeat([&](const OutputRecord& record) -> Result<void> {
                    nulls.push_back(record.value.data() == nullptr);
                    return {};
                  })
                  .ok());
  EXPECT_EQ(nulls, (std::vector<bool>{true, false}));
}

TEST(Transcript, IsIncompleteBeyondItsBoundUntilItIsCleared) {
  Transcript transcript(1'000);
  const std::string value(600, 'v');
  transcript.add(record_of("t", "k", value));
  EXPECT_TRUE(transcript.is_complete());
  transcript.add(record_of("t", "k", value));
  transcript.add(record_of("t", "k", "small"));
  EXPECT_FALSE(transcript.is_complete());
  transcript.clear();
  EXPECT_TRUE(transcript.is_complete());
}

TEST(DeadlineThread, RunsCallsOneAfterTheOther) {
  DeadlineThread thread;
  int sum = 0;
  for (int i = 1; i <= 100; ++i) ASSERT_TRUE(thread.run([&sum, i] { sum += i; }, milliseconds(10'000)));
  EXPECT_EQ(sum, 5'050);
}

TEST(DeadlineThread, ReturnsAtTheDeadlineAndTakesNoMoreCalls) {
  const auto is_released = std::make_shared<std::atomic<bool>>(false);
  const auto has_ended = std::make_shared<std::atomic<bool>>(false);
  {
    DeadlineThread thread;
    const auto began = std::chrono::steady_clock::now();
    EXPECT_FALSE(thread.run(
        [is_released, has_ended] {
          while (!*is_released) std::this_thread::sleep_for(milliseconds(1));
          *has_ended = true;
        },
        milliseconds(20)));
    EXPECT_FALSE(thread.run([] { FAIL() << "a call ran beside an overdue one"; }, milliseconds(1'000)));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  }
  EXPECT_FALSE(*has_ended);
  *is_released = true;
  for (int i = 0; i < 10'000 && !*has_ended; ++i) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_TRUE(*has_ended);
}

}  // namespace

}  // namespace earshot::kafka
