#include "operators/match/nearness.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace earshot::match {

bool is_followed_within(std::span<const WordSpan> before, std::span<const WordSpan> after, uint32_t words_between_max) {
  for (const WordSpan& one : before) {
    const auto next =
        std::find_if(after.begin(), after.end(), [&](const WordSpan& span) { return span.first > one.last; });
    if (next == after.end()) return false;
    if (next->first - one.last - 1 <= words_between_max) return true;
    after = after.subspan(static_cast<size_t>(next - after.begin()));
  }
  return false;
}

bool has_all_within(std::span<const WantedWord> words, std::span<const uint32_t> counts, uint32_t others_max) {
  const uint32_t wanted = std::accumulate(counts.begin(), counts.end(), 0U);
  std::array<uint32_t, kNearWordsMax> missing{};
  std::array<uint32_t, kNearWordsMax> surplus{};
  std::copy(counts.begin(), counts.end(), missing.begin());
  uint32_t missing_in_all = wanted;
  size_t first = 0;
  for (const WantedWord& word : words) {
    if (missing[word.wanted] > 0) {
      --missing[word.wanted];
      --missing_in_all;
    } else {
      ++surplus[word.wanted];
    }
    // The stretch that ends here is the shortest when its first word is needed.
    while (surplus[words[first].wanted] > 0) --surplus[words[first++].wanted];
    if (missing_in_all == 0 && word.at - words[first].at + 1 - wanted <= others_max) return true;
  }
  return false;
}

}  // namespace earshot::match
