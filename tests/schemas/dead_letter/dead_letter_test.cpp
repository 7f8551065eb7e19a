#include "schemas/dead_letter.h"

#include <gtest/gtest.h>

namespace earshot {
namespace {

std::string every_byte() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
  return bytes;
}

DeadLetter letter_of(std::string_view payload) {
  return {.stage = "parse",
          .reason = "the \"record\" is not valid UTF-8",
          .topic = "posts",
          .partition = 3,
          .offset = 48'211,
          .rule_version = 0xffff'ffff'ffff'fff0ULL,
          .time_ms = 1'772'461'382'118,
          .payload = payload};
}

TEST(DeadLetter, GivesBackWhatItWasMadeOfWhateverTheBytes) {
  for (const std::string& payload : {every_byte(), std::string(), std::string("a"), std::string("ab"),
                                     std::string("a\0b", 3), std::string(3, '\0'), every_byte() + "x"}) {
    std::string json;
    append_dead_letter_json(json, letter_of(payload));
    const auto read = read_dead_letter(json);
    ASSERT_TRUE(read) << read.error().to_string();
    EXPECT_EQ(read->payload, payload);
    EXPECT_EQ(read->stage, "parse");
    EXPECT_EQ(read->reason, "the \"record\" is not valid UTF-8");
    EXPECT_EQ(read->topic, "posts");
    EXPECT_EQ(read->partition, 3);
    EXPECT_EQ(read->offset, 48'211);
    EXPECT_EQ(read->rule_version, 0xffff'ffff'ffff'fff0ULL);
    EXPECT_EQ(read->time_ms, 1'772'461'382'118);
    EXPECT_EQ(read->parts, 1u);
  }
}

TEST(DeadLetter, TakesSeveralRecordsForALargePayloadEachBelowAMegabyte) {
  std::string payload(3 * kDeadLetterPartBytes + 7, 'x');
  payload.replace(kDeadLetterPartBytes - 100, 256, every_byte());
  const DeadLetter letter = letter_of(payload);
  ASSERT_EQ(dead_letter_parts(letter), 4u);
  std::string together;
  for (uint32_t part = 0; part < 4; ++part) {
    std::string json;
    append_dead_letter_json(json, letter, part);
    EXPECT_LT(json.size(), 1'000'000u);
    const auto read = read_dead_letter(json);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->part, part);
    EXPECT_EQ(read->parts, 4u);
    together += read->payload;
  }
  EXPECT_EQ(together, payload);
  EXPECT_EQ(dead_letter_parts(letter_of(std::string(kDeadLetterPartBytes, 'x'))), 1u);
}

TEST(DeadLetter, IsRefusedWhenItIsNone) {
  std::string sound;
  append_dead_letter_json(sound, letter_of("abc"));
  std::string bad_base64 = sound;
  bad_base64.replace(bad_base64.find("YWJj"), 4, "YW?j");
  std::string short_base64 = sound;
  short_base64.erase(short_base64.find("YWJj"), 1);
  std::string bad_time = sound;
  bad_time.replace(bad_time.find("2026-"), 5, "when-");
  for (const std::string& json :
       {std::string(), std::string("{}"), std::string("[1]"), sound.substr(1), bad_base64, short_base64, bad_time}) {
    EXPECT_FALSE(read_dead_letter(json)) << json;
  }
}

}  // namespace
}  // namespace earshot
