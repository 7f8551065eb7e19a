// ByteClasses: one bit for each byte of a text and each class the rules ask for, found 64 bytes at a time.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "operators/sentiment/letters.h"

namespace earshot::sentiment {

// One bit for each byte of the text, bit i % 64 of word i / 64; one word of zeros follows.
class BitRow {
 public:
  static constexpr size_t kRangeMax = 57;  // bits that one unaligned load always holds

  [[nodiscard]] bool any(size_t begin, size_t end) const {
    for (; end - begin > kRangeMax; begin += kRangeMax) {
      if (range(begin, kRangeMax) != 0) return true;
    }
    return range(begin, end - begin) != 0;
  }
  // The `count` bits from `begin`, the first of them lowest. Precondition: count <= kRangeMax.
  [[nodiscard]] uint64_t range(size_t begin, size_t count) const {
    static_assert(std::endian::native == std::endian::little);
    uint64_t bits = 0;
    std::memcpy(&bits, reinterpret_cast<const char*>(words_.data()) + begin / 8, sizeof bits);
    return bits >> begin % 8 & ((uint64_t{1} << count) - 1);
  }
  [[nodiscard]] bool at(size_t i) const { return (words_[i / 64] >> i % 64 & 1) != 0; }

  void resize(size_t words) {
    if (words_.size() < words + 1) words_.resize(words + 1);
    words_[words] = 0;
  }
  void set_word(size_t word, uint64_t bits) { words_[word] = bits; }

 private:
  std::vector<uint64_t> words_ = std::vector<uint64_t>(1);
};

// Scratch of one thread.
class ByteClasses {
 public:
  // Reads a text of which each byte is one letter (letters.h).
  void classify(std::string_view text);

  // Lower case of the text; WordTable::kWordBytesMax bytes beyond its end are readable.
  [[nodiscard]] const char* lower_text() const { return lower_text_.data(); }
  // Where runs of spaces end and begin, in turn: begin and end of each word.
  [[nodiscard]] const uint32_t* edges() const { return edges_.data(); }
  [[nodiscard]] size_t edge_count() const { return edge_count_; }
  // The bytes from `begin` to `end` without the punctuation at both ends; empty, at `begin`, when there is nothing
  // else.
  [[nodiscard]] std::pair<size_t, size_t> without_punctuation(size_t begin, size_t end) const {
    if (end - begin > BitRow::kRangeMax) return long_without_punctuation(begin, end);
    const uint64_t kept = ~punctuation_.range(begin, end - begin) & ((uint64_t{1} << (end - begin)) - 1);
    if (kept == 0) return {begin, begin};
    return {begin + static_cast<size_t>(std::countr_zero(kept)),
            begin + 64 - static_cast<size_t>(std::countl_zero(kept))};
  }
  [[nodiscard]] const BitRow& punctuation() const { return punctuation_; }
  [[nodiscard]] const BitRow& upper() const { return upper_; }
  [[nodiscard]] const BitRow& lower() const { return lower_; }
  [[nodiscard]] const BitRow& apostrophes() const { return apostrophes_; }
  [[nodiscard]] int exclamation_marks() const { return exclamation_marks_; }  // no more than kMarksMax are counted
  [[nodiscard]] int question_marks() const { return question_marks_; }        // no more than kMarksMax are counted
  static constexpr int kMarksMax = 5;

 private:
  void add_edges(uint64_t bits, uint32_t base);
  [[nodiscard]] std::pair<size_t, size_t> long_without_punctuation(size_t begin, size_t end) const;

  ByteBuffer lower_text_;
  std::vector<uint32_t> edges_;
  size_t edge_count_ = 0;
  BitRow punctuation_, upper_, lower_, apostrophes_;
  int exclamation_marks_ = 0;
  int question_marks_ = 0;
};

}  // namespace earshot::sentiment
