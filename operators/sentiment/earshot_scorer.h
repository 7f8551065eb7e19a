// EarshotScorer: a linear model over words, pairs of words, parts of words and VADER's reading of the text; English.
#pragma once

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "operators/sentiment/earshot_model.h"
#include "operators/sentiment/features.h"
#include "operators/sentiment/scorer.h"
#include "operators/sentiment/vader.h"

namespace earshot::sentiment {

// neg, neu and pos are the classes' shares after calibration, the label is the largest and confidence is its share;
// compound follows how people rate a text. Joulin et al. 2016 ("Bag of Tricks"), with weights in int8.
class EarshotScorer final : public Scorer {
 public:
  EarshotScorer(std::shared_ptr<const EarshotModel> model, std::shared_ptr<const VaderModel> vader);

  Sentiment score(std::string_view text) override;

 private:
  using Sums = std::array<int64_t, EarshotModel::kColumns>;
  // Four sums of 32 bits, which one instruction adds to.
  using Lanes [[gnu::vector_size(16)]] = int32_t;

  // The parts of a word are added up once: a word that comes back costs one look-up. Bounded; a newer word takes the
  // place.
  struct KnownWord {
    uint64_t hash = 0;
    std::array<int16_t, EarshotModel::kColumns> sums{};
  };
  static constexpr size_t kKnownWords = 16384;

  static size_t place_of(const TokenFeature& token) { return (token.hash ^ token.hash >> 32) % kKnownWords; }
  const KnownWord& know(const TokenFeature& token);
  [[nodiscard]] Lanes row_lanes(uint32_t row) const;
  [[nodiscard]] Sums sum_tokens();

  std::shared_ptr<const EarshotModel> model_;
  Vader vader_;
  FeatureReader reader_;
  std::vector<KnownWord> known_words_ = std::vector<KnownWord>(kKnownWords);
};

}  // namespace earshot::sentiment
