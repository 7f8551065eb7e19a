// Quantities with a unit, as people write them in configuration: durations ("500ms", "7d") and byte sizes ("64MiB").
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace earshot {

struct ByteSize {
  int64_t bytes = 0;
  friend auto operator<=>(const ByteSize&, const ByteSize&) = default;
};

// Patterns (ECMAScript, anchored) of what the two parsers below take; the JSON Schema of a configuration shows them.
inline constexpr std::string_view kDurationPattern = "^[0-9]{1,15}(ms|s|m|h|d|w)$";
inline constexpr std::string_view kByteSizePattern = "^[0-9]{1,15}(B|kB|KB|KiB|MB|MiB|GB|GiB|TB|TiB)$";

// Reads a whole number and its unit without a space between. nullopt for anything else and for what exceeds int64.
// kB and KB are 1000 bytes, KiB is 1024.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::optional<ByteSize> parse_byte_size(std::string_view text);

// Write the shortest text that reads back as the same value: 604800000 ms is "7d" (weeks are read, not written).
std::string format_duration(std::chrono::milliseconds duration);
std::string format_byte_size(ByteSize size);

}  // namespace earshot
