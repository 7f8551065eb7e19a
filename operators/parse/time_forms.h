// Time stamps in the forms that feeds and private formats use.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace earshot::parse {

// Milliseconds since 1970 UTC of a time in one of these forms, white space around it; nullopt for anything else:
// - RFC 3339, and ISO 8601 without seconds, without a time or without an offset (then UTC): "2026-03-01T12:00+01:00"
// - ISO 8601 basic: "20260301T120000Z", "20260301120000"
// - RFC 822 and 2822, names of months also in German, French, Italian, Portuguese and Spanish:
//   "Sun, 01 Mar 2026 12:00:00 GMT", "Seg, 24 Set 2018 19:42 -0300"
// - Twitter v1.1: "Sun Mar 01 12:00:00 +0000 2026"
std::optional<int64_t> parse_any_time_ms(std::string_view text);

// The same of a number since 1970, whose size tells whether it counts seconds, milliseconds, microseconds or
// nanoseconds; good for the years 1973 to 5138.
int64_t epoch_to_ms(int64_t number);

}  // namespace earshot::parse
