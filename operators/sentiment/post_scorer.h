// PostScorer: how a post feels, in whatever language, and how it speaks of what a listener found in it. One per thread:
// it owns scratch; the models behind it are shared.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "operators/sentiment/language.h"
#include "operators/sentiment/lexicon_scorer.h"
#include "operators/sentiment/sentiment_models.h"
#include "operators/sentiment/target_scorer.h"

namespace earshot::sentiment {

class PostScorer {
 public:
  explicit PostScorer(std::shared_ptr<const SentimentModels> models);

  // With one of the models that are compiled in. An unknown name is an error that lists the known ones.
  static Result<std::unique_ptr<PostScorer>> make(std::string_view model);

  // The feeling of all of `text` (UTF-8, any length) in linear time. `lang` is a BCP 47 tag or empty; a text without a
  // tag is taken for English when it looks so. A text in a language that has neither model nor lexicon is read for its
  // emoji and emoticons only, and one that has none of them is unscored: 0 and 0 confidence.
  Sentiment score(std::string_view text, std::string_view lang);

  // How the text that was scored last speaks of what `matches` (bytes of it) found; its whole feeling when there is no
  // other brand in it, when it is not English, or when the models say so. `text` is that text, unchanged.
  Sentiment towards(std::string_view text, std::span<const ClauseMatch> matches);

 private:
  Scorer& scorer_of(std::string_view language);

  std::shared_ptr<const SentimentModels> models_;
  std::shared_ptr<const LanguageLook> look_ = LanguageLook::builtin();
  std::map<std::string, std::unique_ptr<Scorer>, std::less<>> scorers_;  // bounded by the languages that have one
  std::unique_ptr<Scorer> english_;
  LexiconScorer emoji_scorer_{nullptr};
  TargetScorer target_scorer_;
  Sentiment whole_;
  bool is_english_ = false;
};

}  // namespace earshot::sentiment
