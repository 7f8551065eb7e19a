// VADER to parity with vaderSentiment 3.3.2: the same four scores for the same text, digit for digit.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "operators/sentiment/byte_classes.h"
#include "operators/sentiment/letters.h"
#include "operators/sentiment/scorer.h"
#include "operators/sentiment/token_memo.h"
#include "operators/sentiment/vader_rules.h"
#include "operators/sentiment/word_table.h"

namespace earshot::sentiment {

// The lexicon, the words of the rules and the emoji; immutable, shared between threads.
class VaderModel {
 public:
  // The English lexicon that was compiled in; built at the first call.
  static std::shared_ptr<const VaderModel> builtin();

  VaderModel(std::span<const WordValence> lexicon, std::span<const EmojiName> emoji);

  struct NumberedPhrase {
    uint32_t words;  // numbers of the words (WordFacts::phrase_word), eight bits each, the last lowest
    double value;
  };

  [[nodiscard]] const WordTable& words() const { return words_; }
  [[nodiscard]] const Letters& letters() const { return letters_; }
  // Each returns nullptr when the words, numbered as above, are no phrase.
  [[nodiscard]] const double* idiom(uint32_t words) const { return find(idioms_, words); }
  [[nodiscard]] const double* dampening_phrase(uint32_t words) const { return find(dampening_phrases_, words); }

 private:
  static const double* find(const std::vector<NumberedPhrase>& phrases, uint32_t words);

  std::vector<NumberedPhrase> idioms_;
  std::vector<NumberedPhrase> dampening_phrases_;
  WordTable words_;
  Letters letters_;
};

class Vader final : public Scorer {
 public:
  // What the last text was read as; other models build on it. Good until the next call.
  struct Word {
    const WordFacts* facts;  // of the word in lower case, without the punctuation around it
    uint32_t begin;          // bytes of the token in classes().lower_text(), end exclusive
    uint32_t end;
    uint32_t first;  // of those, the bytes without the punctuation around them; the same number when nothing is left
    uint32_t last;
    TokenWeights weights;
    bool is_upper;     // has an upper-case letter and no other cased one
    bool is_negation;  // in the list, or with "n't" in it
  };
  struct Valence {
    size_t word;
    double value;  // not 0
  };

  // A trained model that is asked about each new token; its answer stands in Word::weights.
  class TokenModel {
   public:
    TokenModel() = default;
    TokenModel(const TokenModel&) = delete;
    TokenModel& operator=(const TokenModel&) = delete;
    virtual ~TokenModel() = default;
    // By the token's bytes alone: the answer is kept for other texts.
    virtual TokenWeights weigh(const Word& word, const char* lower_text) const = 0;
  };

  explicit Vader(std::shared_ptr<const VaderModel> model, std::unique_ptr<const TokenModel> token_model = nullptr)
      : model_(std::move(model)), token_model_(std::move(token_model)) {}

  // Allocates only when it is longer than every text before.
  Sentiment score(std::string_view text) override;

  [[nodiscard]] std::span<const Word> words() const { return {words_.data(), word_count_}; }
  [[nodiscard]] bool has_but() const { return has_but_; }
  [[nodiscard]] std::span<const Valence> valences() const { return valences_; }
  [[nodiscard]] const ByteClasses& classes() const { return classes_; }

 private:
  void find_words();
  const TokenMemo::Entry& learn(uint32_t begin, uint32_t end, const TokenMemo::Place& place);
  [[nodiscard]] Word read_word(uint32_t begin, uint32_t end) const;
  [[nodiscard]] double valence_of(size_t i) const;
  [[nodiscard]] double base_valence(size_t i) const;
  [[nodiscard]] double shift_by_intensifier(const Word& word, double valence) const;
  [[nodiscard]] double shift_by_negation(size_t i, size_t distance, double valence) const;
  [[nodiscard]] double shift_by_phrase(size_t i, double valence) const;
  [[nodiscard]] double shift_by_least(size_t i, double valence) const;
  void weigh_around_but(size_t but);
  void weigh_around_but_long(size_t but);
  [[nodiscard]] double emphasis() const;
  [[nodiscard]] Sentiment summarise() const;
  [[nodiscard]] bool has(size_t i, uint32_t traits) const { return words_[i].facts->has(traits); }

  std::shared_ptr<const VaderModel> model_;
  std::unique_ptr<const TokenModel> token_model_;
  ByteBuffer rewritten_;
  ByteClasses classes_;
  TokenMemo memo_;
  std::vector<TokenMemo::Place> places_;  // of the words, as far as they are short enough
  std::vector<Word> words_;               // of which the first word_count_ are the text's
  size_t word_count_ = 0;
  std::vector<Valence> valences_;
  bool has_but_ = false;
  bool some_capitals_ = false;  // some but not all words are all capitals
};

}  // namespace earshot::sentiment
