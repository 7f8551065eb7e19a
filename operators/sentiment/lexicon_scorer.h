// LexiconScorer: a text by the rated words of one language and by its emoji; without words of a language, by emoji
// alone.
#pragma once

#include <memory>
#include <string_view>

#include "operators/sentiment/lexicon.h"
#include "operators/sentiment/post_tokens.h"
#include "operators/sentiment/scorer.h"

namespace earshot::sentiment {

// Scores add up and are normalised as VADER's are (Hutto & Gilbert 2014). A text in which nothing is rated is unscored.
class LexiconScorer final : public Scorer {
 public:
  // `words` may be nullptr.
  explicit LexiconScorer(std::shared_ptr<const Lexicon> words) : words_(std::move(words)) {}

  Sentiment score(std::string_view text) override;

 private:
  struct Sums {
    double total = 0;
    double positive = 0;
    double negative = 0;
    size_t rated = 0;
    size_t words = 0;
  };

  void add(double value, Sums& sums) const;
  [[nodiscard]] double word_value(size_t at) const;
  [[nodiscard]] const LexiconWord* word_facts(size_t at) const;
  [[nodiscard]] bool is_negated(size_t at) const;
  void add_emoticons(std::string_view text, Sums& sums) const;
  void add_words(Sums& sums) const;

  std::shared_ptr<const Lexicon> words_;
  std::shared_ptr<const Lexicon> emoji_ = Lexicon::emoji();
  PostTokens tokens_;
};

}  // namespace earshot::sentiment
