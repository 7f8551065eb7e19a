#include "operators/parse/country_code.h"

#include <array>
#include <cstddef>

namespace earshot::parse {
namespace {

constexpr size_t kLetters = 26;

// Every pair of capitals, so that a code needs no memory of the batch.
constexpr auto kPairs = [] {
  std::array<char, kLetters * kLetters * 2> pairs{};
  for (size_t i = 0; i < kLetters * kLetters; ++i) {
    pairs[2 * i] = static_cast<char>('A' + i / kLetters);
    pairs[2 * i + 1] = static_cast<char>('A' + i % kLetters);
  }
  return pairs;
}();

// 0 to 25; more for what is no ASCII letter.
size_t letter_of(char c) {
  return static_cast<unsigned char>((c | 0x20) - 'a');
}

}  // namespace

std::string_view country_code(std::string_view text) {
  if (text.size() != 2) return {};
  const size_t first = letter_of(text[0]);
  const size_t second = letter_of(text[1]);
  if (first >= kLetters || second >= kLetters) return {};
  return {kPairs.data() + 2 * (first * kLetters + second), 2};
}

}  // namespace earshot::parse
