// Look-ups in JSON of others, where any member may be missing, null or of another type: all of these read as absent.
#pragma once

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

namespace earshot::parse {

using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;
using JsonElement = simdjson::dom::element;

// "a string", "an array" and so on, for reasons.
inline std::string_view type_name(JsonElement value) {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "an array";
    case simdjson::dom::element_type::STRING:
      return "a string";
    case simdjson::dom::element_type::BOOL:
      return "a boolean";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    default:
      return "a number";
  }
}

inline std::optional<JsonElement> member(JsonObject object, std::string_view key) {
  JsonElement value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

inline bool has(JsonObject object, std::string_view key) {
  return member(object, key).has_value();
}

template <class T>
std::optional<T> member_as(JsonObject object, std::string_view key) {
  T value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

inline std::optional<JsonObject> object_at(JsonObject object, std::string_view key) {
  return member_as<JsonObject>(object, key);
}
inline std::optional<JsonArray> array_at(JsonObject object, std::string_view key) {
  return member_as<JsonArray>(object, key);
}
inline std::optional<std::string_view> text_at(JsonObject object, std::string_view key) {
  return member_as<std::string_view>(object, key);
}
inline std::string_view text_or_empty(JsonObject object, std::string_view key) {
  return text_at(object, key).value_or(std::string_view());
}
inline bool is_true(JsonObject object, std::string_view key) {
  return member_as<bool>(object, key).value_or(false);
}

// A number, also one with a fraction or in a string, cut to a whole one.
inline std::optional<int64_t> whole_number(JsonElement value) {
  int64_t number = 0;
  if (value.get(number) == simdjson::SUCCESS) return number;
  double real = 0;
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) {
    const char* const end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, number); read.ec == std::errc() && read.ptr == end)
      return number;
    const auto read = std::from_chars(text.data(), end, real);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  } else if (value.get(real) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  constexpr double kLimit = 9.2e18;
  if (!std::isfinite(real) || std::abs(real) > kLimit) return std::nullopt;
  return static_cast<int64_t>(real);
}

inline std::optional<int64_t> number_at(JsonObject object, std::string_view key) {
  const auto value = member(object, key);
  return value ? whole_number(*value) : std::nullopt;
}

// A count of people or reactions; platforms write -1 for one that is hidden.
inline int64_t count_at(JsonObject object, std::string_view key) {
  const int64_t count = number_at(object, key).value_or(0);
  return count < 0 ? 0 : count;
}

// Calls `use` with each element of an array that is an object.
template <class Use>
void for_each_object(std::optional<JsonArray> array, Use use) {
  if (!array) return;
  for (const JsonElement element : *array) {
    JsonObject object;
    if (element.get(object) == simdjson::SUCCESS) use(object);
  }
}

}  // namespace earshot::parse
