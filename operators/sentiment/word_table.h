// WordTable: an immutable map from short words to what the model knows of them. A word costs one probe, known or not.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/hash.h"

namespace earshot::sentiment {

// What VADER's rules ask about a word.
enum WordTrait : uint32_t {
  kInLexicon = 1U << 0,
  kIntensifier = 1U << 1,  // "very"
  kDampener = 1U << 2,     // "barely"
  kNegation = 1U << 3,     // "not"
  kNo = 1U << 4,
  kOrNor = 1U << 5,
  kLeast = 1U << 6,
  kAtVery = 1U << 7,
  kBut = 1U << 8,
  kNever = 1U << 9,
  kSoThis = 1U << 10,
  kWithout = 1U << 11,
  kDoubt = 1U << 12,
  kKind = 1U << 13,
  kOf = 1U << 14,
};

struct WordFacts {
  double valence = 0;
  uint32_t traits = 0;      // of WordTrait
  uint8_t phrase_word = 0;  // number of the word among those that occur in phrases; 0: in none

  [[nodiscard]] bool has(uint32_t any_of) const { return (traits & any_of) != 0; }
};

class WordTable {
 public:
  static constexpr size_t kWordBytesMax = 24;

  // A word padded with zeros, so that comparing and hashing take no loop.
  using Key = std::array<uint64_t, 3>;

  // Preconditions: bytes <= kWordBytesMax, and kWordBytesMax bytes are readable from `word`.
  static Key make_key(const char* word, size_t bytes) {
    static constexpr auto kMasks = [] {
      std::array<Key, kWordBytesMax + 1> masks{};
      for (size_t size = 0; size <= kWordBytesMax; ++size) {
        for (size_t i = 0; i < size; ++i) masks[size][i / 8] |= 0xFFULL << (i % 8 * 8);
      }
      return masks;
    }();
    Key key;
    std::memcpy(key.data(), word, kWordBytesMax);
    for (size_t i = 0; i < key.size(); ++i) key[i] &= kMasks[bytes][i];
    return key;
  }

  // Precondition: the words are distinct, lower case and of 1 to kWordBytesMax bytes; at most 65,000 of them.
  explicit WordTable(std::span<const std::pair<std::string, WordFacts>> words);

  // The number of an unknown word, of which there are no facts.
  static constexpr uint16_t kUnknown = 0;

  // Returns the number of a word. Precondition: kWordBytesMax bytes are readable from `word`.
  [[nodiscard]] uint16_t find(const char* word, size_t bytes) const {
    if (bytes > kWordBytesMax) return kUnknown;
    const Key key = make_key(word, bytes);
    const uint64_t hash = hash_of(key, bytes);
    const uint32_t slot = slots_[slot_of(hash, displacements_[hash >> kBucketShift])];
    if (slot >> 16 != tag_of(hash)) return kUnknown;
    const Entry& entry = entries_[slot & 0xFFFF];
    const uint64_t difference = (entry.key[0] ^ key[0]) | (entry.key[1] ^ key[1]) | (entry.key[2] ^ key[2]);
    return difference == 0 && entry.bytes == bytes ? static_cast<uint16_t>(slot) : kUnknown;
  }
  [[nodiscard]] const WordFacts& facts(uint16_t number) const { return facts_[number]; }
  // Precondition: `facts` is what facts() returned.
  [[nodiscard]] uint16_t number_of(const WordFacts& facts) const {
    return static_cast<uint16_t>(&facts - facts_.data());
  }

 private:
  struct Entry {
    Key key;
    size_t bytes;
  };

  static constexpr int kBucketShift = 64 - 12;

  [[nodiscard]] uint64_t hash_of(const Key& key, size_t bytes) const {
    return mix_64(key[0] ^ seed_, (key[1] + key[2] * 0xa0761d6478bd642fULL) ^ (0xe7037ed1a0b428dbULL + bytes));
  }
  [[nodiscard]] size_t slot_of(uint64_t hash, uint32_t displacement) const {
    return (static_cast<uint32_t>(hash) + displacement * (static_cast<uint32_t>(hash >> 32) | 1U)) & slot_mask_;
  }
  static uint32_t tag_of(uint64_t hash) { return static_cast<uint32_t>(hash >> 24) & 0xFFFF; }

  bool place_all();

  uint64_t seed_ = 0;
  uint32_t slot_mask_ = 0;
  std::vector<uint16_t> displacements_;  // by bucket: steers the bucket's words to free slots
  std::vector<uint32_t> slots_;          // tag << 16 | entry
  std::vector<Entry> entries_;           // entry 0 stands for "empty" and matches no word
  std::vector<WordFacts> facts_;         // of the entries
};

}  // namespace earshot::sentiment
