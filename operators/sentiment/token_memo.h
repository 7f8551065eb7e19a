// TokenMemo: what the bytes of a token say whatever stands around it, kept from text to text: a token that comes back
// costs one look-up, for the lexicon and for a trained model together. Scratch of one thread.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/base/hash.h"

namespace earshot::sentiment {

// What a trained model reads in a token; all zeros where there is none.
struct TokenWeights {
  std::array<int16_t, 4> sums{};  // of the rows of the word, of its parts and of the mark after it
  uint32_t hash = 0;              // a pair of neighbours is known by both
  uint8_t traits = 0;             // of TokenFeature::Trait
};

// Bounded: of the two tokens in a cache line, a newer one takes the place of that which was not met for longer.
class TokenMemo {
 public:
  static constexpr size_t kBytesMax = 15;  // of a token; of tweets' tokens one in 400 is longer, most of them links

  // A token padded with zeros, its length in the last byte: comparing and hashing take no loop.
  using Key = std::array<uint64_t, 2>;

  // A token, and where it is kept if it is.
  struct Place {
    Key key;
    size_t line;
  };

  struct Entry {
    Key key{};  // zeros: free
    std::array<int16_t, 4> sums{};
    uint32_t hash = 0;
    uint16_t facts = 0;   // number of the word in the table
    uint8_t traits = 0;   // as in TokenWeights; the highest bit tells a negation
    uint8_t letters = 0;  // the bytes without the punctuation around them: begin, and end times 16

    static constexpr uint8_t kIsNegation = 0x80;
  };
  static_assert(sizeof(Entry) == 32);

  // What is kept there is on its way to the cache afterwards: ask for the places of a text first, then find its tokens.
  // Preconditions: 1 <= bytes <= kBytesMax, and 16 bytes are readable from `token`.
  [[nodiscard]] Place place_of(const char* token, size_t bytes) const {
    const Key key = make_key(token, bytes);
    const size_t line = mix_64(key[0] ^ 0xa0761d6478bd642fULL, key[1] ^ 0xe7037ed1a0b428dbULL) % kLines;
    __builtin_prefetch(&lines_[line]);
    return {key, line};
  }
  // Returns nullptr for a token that is not kept.
  [[nodiscard]] const Entry* find(const Place& place) {
    const Line& line = lines_[place.line];
    const bool is_first = is(line[0], place.key);
    const bool is_second = is(line[1], place.key);
    if (!(is_first | is_second)) return nullptr;  // one branch: which of the two is hard to foresee
    recent_[place.line] = static_cast<uint8_t>(is_second);
    return &line[static_cast<size_t>(is_second)];
  }
  // Keeps a token that was not found.
  const Entry& keep(const Place& place, Entry entry) {
    entry.key = place.key;
    recent_[place.line] ^= 1;
    return lines_[place.line][recent_[place.line]] = entry;
  }

 private:
  static constexpr size_t kLines = 16384;
  struct alignas(64) Line : std::array<Entry, 2> {};
  static_assert(sizeof(Line) == 64);

  static Key make_key(const char* token, size_t bytes) {
    struct Pad {
      Key kept{};
      uint64_t length = 0;
    };
    static constexpr auto kPads = [] {
      std::array<Pad, kBytesMax + 1> pads{};
      for (size_t size = 0; size <= kBytesMax; ++size) {
        for (size_t i = 0; i < size; ++i) pads[size].kept[i / 8] |= 0xFFULL << (i % 8 * 8);
        pads[size].length = static_cast<uint64_t>(size) << 56;
      }
      return pads;
    }();
    Key key;
    std::memcpy(key.data(), token, sizeof key);
    const Pad& pad = kPads[bytes];
    return {key[0] & pad.kept[0], (key[1] & pad.kept[1]) | pad.length};
  }
  static bool is(const Entry& entry, const Key& key) {
    return ((entry.key[0] ^ key[0]) | (entry.key[1] ^ key[1])) == 0;
  }

  std::vector<Line> lines_ = std::vector<Line>(kLines);
  std::vector<uint8_t> recent_ = std::vector<uint8_t>(kLines);  // by line: the entry that was met last
};

}  // namespace earshot::sentiment
