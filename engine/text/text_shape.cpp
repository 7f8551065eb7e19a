#include "engine/text/text_shape.h"

#include <algorithm>
#include <limits>

#include "engine/base/hash.h"

namespace earshot {

uint64_t text_shape(std::string_view normalised) {
  constexpr int kWordsMin = 4;
  constexpr uint64_t k0 = 0x9e3779b97f4a7c15ULL;
  constexpr uint64_t k1 = 0xe7037ed1a0b428dbULL;
  uint64_t least = std::numeric_limits<uint64_t>::max();
  uint64_t before = 0;
  uint64_t first = 0;  // of the last three words
  int words = 0;
  for (size_t begin = 1; begin < normalised.size();) {
    const size_t end = std::min(normalised.find(' ', begin), normalised.size());
    const std::string_view word = normalised.substr(begin, end - begin);
    begin = end + 1;
    if (std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
    const uint64_t hash = hash_64(word);
    if (++words > 2) least = std::min(least, mix_64(mix_64(first, before ^ k0), hash ^ k1));
    first = before;
    before = hash;
  }
  return words < kWordsMin ? hash_64(normalised) : least;
}

}  // namespace earshot
