#include "engine/base/json_cursor.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace earshot {
namespace {

std::string as_string(std::string_view text) {
  std::string out = "[";
  append_bounded(out, JsonCursor::string_bytes_max(text), [&](char* at) { return JsonCursor(at).string(text).at(); });
  return out.substr(1);
}

// Sixteen bytes are looked at together: every byte at every place must come through.
TEST(JsonCursor, EscapesEachByteAtEachPlaceOfARegister) {
  for (int byte = 0; byte < 0x80; ++byte) {
    for (size_t place = 0; place < 36; ++place) {
      std::string text(36, 'x');
      text[place] = static_cast<char>(byte);
      EXPECT_EQ(nlohmann::json::parse(as_string(text)).get<std::string>(), text) << "byte " << byte << " at " << place;
    }
  }
}

RC_GTEST_PROP(JsonCursorProperty, NeverWritesMoreThanItsBound, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
  std::string memory(JsonCursor::string_bytes_max(text) + 1, '\xEE');
  JsonCursor(memory.data()).string(text);
  RC_ASSERT(memory.back() == '\xEE');
  RC_ASSERT(nlohmann::json::parse(as_string(text)).get<std::string>() == text);
}

TEST(JsonCursor, PutsCommasBetweenMembersAndElements) {
  std::string out;
  append_bounded(out, 256, [](char* at) {
    JsonCursor json(at);
    json.begin_object().member("a", "x").member_if("b", "").key("c").begin_array().string("1").string("2").end_array();
    json.key("d").raw([](char* raw) { return JsonCursor(raw).begin_object().end_object().at(); }).member("e", 7);
    return json.end_object().at();
  });
  EXPECT_EQ(out, R"({"a":"x","c":["1","2"],"d":{},"e":7})");
}

TEST(JsonCursor, WritesTenThousandthsExactly) {
  const auto written = [](int32_t number) {
    std::string out;
    append_bounded(out, 32, [&](char* at) { return JsonCursor(at).decimal_e4(number).at(); });
    return out;
  };
  EXPECT_EQ(written(0), "0.0000");
  EXPECT_EQ(written(-1), "-0.0001");
  EXPECT_EQ(written(9'999), "0.9999");
  EXPECT_EQ(written(-10'000), "-1.0000");
  EXPECT_EQ(written(std::numeric_limits<int32_t>::min()), "-214748.3648");
}

}  // namespace
}  // namespace earshot
