#include "engine/base/json_writer.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace earshot {
namespace {

std::string as_json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonWriter, EscapesWhatRfc8259AsksForAndNothingElse) {
  EXPECT_EQ(as_json_string("plain /text\x7f"), "\"plain /text\x7f\"");
  EXPECT_EQ(as_json_string("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(as_json_string(std::string_view("\0\x01\x1f", 3)), R"("\u0000\u0001\u001f")");
  EXPECT_EQ(as_json_string("grüße 🎉"), "\"grüße 🎉\"");
  EXPECT_EQ(as_json_string(""), "\"\"");
}

// The fast path looks at eight bytes at once: every byte at every place must come through.
TEST(JsonWriter, EscapesEachByteAtEachPlaceOfAWord) {
  for (int byte = 0; byte < 0x80; ++byte) {
    for (size_t place = 0; place < 20; ++place) {
      std::string text(20, 'x');
      text[place] = static_cast<char>(byte);
      EXPECT_EQ(nlohmann::json::parse(as_json_string(text)).get<std::string>(), text)
          << "byte " << byte << " at " << place;
    }
  }
}

RC_GTEST_PROP(JsonWriterProperty, WritesAnyAsciiSoThatAParserReadsItBack, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
  RC_ASSERT(nlohmann::json::parse(as_json_string(text)).get<std::string>() == text);
}

TEST(JsonWriter, LeavesBytesAboveAsciiAsTheyAre) {
  std::string text;
  for (int byte = 0x80; byte < 0x100; ++byte) text += static_cast<char>(byte);
  EXPECT_EQ(as_json_string(text), "\"" + text + "\"");
}

TEST(JsonWriter, PutsCommasBetweenMembersAndElements) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("name", "brand").member("count", int64_t{-3});
  json.key("list")
      .begin_array()
      .integer(1)
      .begin_object()
      .end_object()
      .string("two")
      .begin_array()
      .end_array()
      .end_array();
  json.key("yes").boolean(true).key("none").null().key("raw").raw("{\"a\":1}").end_object();
  EXPECT_EQ(out, R"({"name":"brand","count":-3,"list":[1,{},"two",[]],"yes":true,"none":null,"raw":{"a":1}})");
}

TEST(JsonWriter, LeavesOutAMemberThatIsEmptyWhenAsked) {
  std::string out;
  JsonWriter(out).begin_object().member_if("a", "").member_if("b", "x").member_if("c", "").end_object();
  EXPECT_EQ(out, R"({"b":"x"})");
}

TEST(JsonWriter, WritesTheWholeRangeOfIntegers) {
  std::string out;
  JsonWriter json(out);
  json.begin_array().integer(std::numeric_limits<int64_t>::min()).integer(std::numeric_limits<int64_t>::max());
  json.unsigned_integer(std::numeric_limits<uint64_t>::max()).end_array();
  EXPECT_EQ(out, "[-9223372036854775808,9223372036854775807,18446744073709551615]");
}

TEST(JsonWriter, WritesDecimalsWithTheirDigitsAndNullForWhatJsonHasNoNumberFor) {
  std::string out;
  JsonWriter json(out);
  json.begin_array()
      .decimal(0.5, 3)
      .decimal(-2, 0)
      .decimal(1.0 / 3, 4)
      .decimal(NAN, 2)
      .decimal(INFINITY, 2)
      .end_array();
  EXPECT_EQ(out, "[0.500,-2,0.3333,null,null]");
}

TEST(JsonWriter, LetsTheCallerWriteAStringOrAValueItself) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("time").begin_raw_string();
  out += "2026-03-01";
  json.end_raw_string().key("value").begin_raw_value();
  out += "[1,2]";
  json.member("after", "x").end_object();
  EXPECT_EQ(out, R"({"time":"2026-03-01","value":[1,2],"after":"x"})");
}

TEST(JsonWriter, AppendsToWhatTheStringHolds) {
  std::string out = "id,";
  JsonWriter(out).begin_array().end_array();
  EXPECT_EQ(out, "id,[]");
}

}  // namespace
}  // namespace earshot
