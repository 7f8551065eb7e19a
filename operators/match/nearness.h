// Nearness: phrases of a query that must stand near each other.
#pragma once

#include <cstdint>
#include <span>

namespace earshot::match {

inline constexpr uint32_t kWordsBetweenMax = 1000;
inline constexpr size_t kNearWordsMax = 16;  // of "a b c"~N

// Where a phrase occurs, in words of the text from 0; both ends belong to it.
struct WordSpan {
  uint32_t first = 0;
  uint32_t last = 0;
};

// True when an element of `before` ends and one of `after` begins with at most `words_between_max` words between. Both
// in the order of the text.
bool is_followed_within(std::span<const WordSpan> before, std::span<const WordSpan> after, uint32_t words_between_max);

// A word of a text that is wanted: which one, and where.
struct WantedWord {
  uint32_t wanted = 0;  // index into the counts that are asked for
  uint32_t at = 0;
};

// True when some stretch of the text has each wanted word as often as `counts` asks, and at most `others_max` words
// beside them. `words` in the order of the text. Precondition: at most kNearWordsMax counts.
bool has_all_within(std::span<const WantedWord> words, std::span<const uint32_t> counts, uint32_t others_max);

}  // namespace earshot::match
