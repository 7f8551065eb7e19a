// WordWeights: what words, and pairs of neighbouring words, say of a post's class: a linear model over them
// (multinomial logistic regression), learned by training/learn_words.py. Immutable; shared between threads.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "schemas/mention.h"

namespace earshot::triage {

class WordWeights {
 public:
  static constexpr size_t kLanes = 16;         // the classes, and some that stay 0, so that a row fills a register
  static constexpr int kUnitsPerPoint = 8;     // of a rule's points
  static constexpr size_t kWordsMax = 128;     // of a text; those after them are not looked at
  using Scores = std::array<int16_t, kLanes>;  // by class, in units

  // The weights that were compiled in.
  static Result<WordWeights> builtin();

  // Reads lines of "word TAB weight by class, with spaces between", in the order of TriageClass; a pair is two words
  // with a space between. Lines that begin with '#' are comments. Errors name the line.
  static Result<WordWeights> parse(std::string_view text);

  // The sums of all words and pairs of the text.
  [[nodiscard]] Scores add_up(std::string_view text) const;

  // The word or pair of the text that speaks most for a class, or nothing when none does.
  [[nodiscard]] std::string_view strongest(std::string_view text, TriageClass kind) const;

  [[nodiscard]] size_t size() const { return rows_.size(); }

 private:
  using Row = std::array<int8_t, kLanes>;
  struct Slot {
    uint64_t key = 0;  // 0: free
    uint32_t row = 0;
  };
  static constexpr size_t kFilterBits = size_t{1} << 16;

  Result<void> read_line(std::string_view line);
  void fill_slots(const std::vector<uint64_t>& keys);
  [[nodiscard]] const Row* find(uint64_t key) const;
  template <class OnRow>
  void visit(std::string_view text, const OnRow& on_row) const;

  std::vector<Row> rows_;
  std::vector<uint64_t> keys_;                       // by row
  std::vector<Slot> slots_;                          // open addressing
  std::array<uint64_t, kFilterBits / 64> filter_{};  // most pairs are in no row: a bit by key tells without a miss
};

// The text of triage_words.tsv.
std::string_view builtin_words_text();

}  // namespace earshot::triage
