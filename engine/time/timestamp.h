// Time stamps: milliseconds since 1970-01-01T00:00:00Z, read from and written as RFC 3339.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace earshot {

// Reads "2026-03-01T12:00:00Z", with any fraction (cut to milliseconds), any offset ("+02:00", "-0530"), 't' or ' '
// between. nullopt for anything else, also for a date that no calendar has. A leap second reads as the next second.
std::optional<int64_t> parse_rfc3339_ms(std::string_view text);

// Reads "Wed Aug 27 13:08:45 +0000 2008", the form of Twitter v1.1.
std::optional<int64_t> parse_twitter_time_ms(std::string_view text);

// Writes "2026-03-01T12:00:00.000Z", always with three digits and Z.
std::string format_rfc3339(int64_t time_ms);
void append_rfc3339(std::string& out, int64_t time_ms);
// Writes those kRfc3339Bytes to `at`; answers their end.
inline constexpr size_t kRfc3339Bytes = 24;
char* write_rfc3339(char* at, int64_t time_ms);

}  // namespace earshot
