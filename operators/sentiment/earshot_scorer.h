// EarshotScorer: a linear model over words, pairs of words, parts of words and VADER's reading of the text; English.
#pragma once

#include <array>
#include <memory>
#include <string_view>

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

  // Of the tokens of the text that vader_ read last.
  [[nodiscard]] Sums sum_tokens(TokenCounts& counts) const;

  std::shared_ptr<const EarshotModel> model_;
  Vader vader_;
  FeatureReader reader_;
};

}  // namespace earshot::sentiment
