// Regex: a regular expression of a query, in Hyperscan's syntax, over a post's text as written. Letters match in any
// case and are Unicode's, while \w, \d and \b know ASCII only: Unicode's would take minutes to compile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace earshot::match {

inline constexpr size_t kRegexBytesMax = 512;
inline constexpr int kRegexNestingMax = 32;
inline constexpr uint32_t kRegexRepeatMax = 50;     // Hyperscan is slow above
inline constexpr uint32_t kRegexSizeMax = 700;      // states that a regex may take, as estimate_size() counts them
inline constexpr size_t kRegexesMax = 1'000;        // of a listener set
inline constexpr uint32_t kRegexSizesMax = 50'000;  // of all of them together

struct Regex {
  std::string expression;
  uint32_t hyperscan_flags = 0;
  uint32_t size = 0;             // as estimated
  uint32_t match_bytes_max = 0;  // of one match; UINT32_MAX when there is no bound
  bool tracks_begin = true;      // false when it is too large to keep where a match begins; see RegexScanner
};

// Reads an expression and its flags: i (case counts for nothing, as is usual), c (case counts), s (a dot is a line
// break too), m (^ and $ are also those of each line). Errors, without the place: what Hyperscan refuses, what can
// match nothing at all, and what would take long to compile: repeats above 50, too long, too large.
Result<Regex> parse_regex(std::string_view expression, std::string_view flags);

// The same of "flags/expression", as a query's tree keeps it.
Result<Regex> parse_regex(std::string_view term);

// A bound on what Hyperscan makes of the expression: a byte counts for 1, any character for the 9 states that UTF-8
// takes, a Unicode property for 250, a repeat for as many times. Errors say what is too much.
Result<uint32_t> estimate_size(std::string_view expression);

}  // namespace earshot::match
