#include "engine/config/quantity.h"

#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace earshot {
namespace {

struct Unit {
  std::string_view name;
  int64_t factor;
};

// Largest first, so that a writer takes the first unit that divides the value.
constexpr std::array kTimeUnits{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                                Unit{"s", 1000},       Unit{"ms", 1},        Unit{"w", 604'800'000}};
constexpr std::array kSizeUnits{Unit{"TiB", 1LL << 40}, Unit{"TB", 1'000'000'000'000},
                                Unit{"GiB", 1 << 30},   Unit{"GB", 1'000'000'000},
                                Unit{"MiB", 1 << 20},   Unit{"MB", 1'000'000},
                                Unit{"KiB", 1 << 10},   Unit{"kB", 1000},
                                Unit{"B", 1},           Unit{"KB", 1000}};
constexpr size_t kDigitsMax = 15;  // as in the patterns of the header

std::optional<int64_t> parse_quantity(std::string_view text, std::span<const Unit> units) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > kDigitsMax) return std::nullopt;
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + digits, number);
  const std::string_view name = text.substr(digits);
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    if (number > std::numeric_limits<int64_t>::max() / unit.factor) return std::nullopt;
    return number * unit.factor;
  }
  return std::nullopt;
}

std::string format_quantity(int64_t value, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) return std::to_string(value / unit.factor) + std::string(unit.name);
  }
  return {};
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto ms = parse_quantity(text, kTimeUnits);
  return ms ? std::optional(std::chrono::milliseconds(*ms)) : std::nullopt;
}

std::optional<ByteSize> parse_byte_size(std::string_view text) {
  const auto bytes = parse_quantity(text, kSizeUnits);
  return bytes ? std::optional(ByteSize{*bytes}) : std::nullopt;
}

std::string format_duration(std::chrono::milliseconds duration) {
  return duration.count() == 0 ? "0s" : format_quantity(duration.count(), kTimeUnits);
}

std::string format_byte_size(ByteSize size) {
  return size.bytes == 0 ? "0B" : format_quantity(size.bytes, kSizeUnits);
}

}  // namespace earshot
