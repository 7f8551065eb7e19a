#include "operators/sentiment/post_scorer.h"

namespace earshot::sentiment {

PostScorer::PostScorer(std::shared_ptr<const SentimentModels> models)
    : models_(std::move(models)), english_(models_->make_scorer("en")), target_scorer_(VaderModel::builtin()) {}

Result<std::unique_ptr<PostScorer>> PostScorer::make(std::string_view model) {
  SentimentOptions options;
  options.model = model;
  auto models = SentimentModels::load(options);
  if (!models) return models.error();
  return std::make_unique<PostScorer>(std::move(*models));
}

Scorer& PostScorer::scorer_of(std::string_view language) {
  if (const auto known = scorers_.find(language); known != scorers_.end()) return *known->second;
  auto made = language.empty() ? nullptr : models_->make_scorer(language);
  if (made == nullptr) return emoji_scorer_;
  return *scorers_.emplace(std::string(language), std::move(made)).first->second;
}

Sentiment PostScorer::score(std::string_view text, std::string_view lang) {
  const std::string_view language = language_of(lang);
  is_english_ = language == "en" || (language.empty() && look_->is_english(text));
  whole_ = is_english_ ? english_->score(text) : scorer_of(language).score(text);
  return whole_;
}

Sentiment PostScorer::towards(std::string_view text, std::span<const ClauseMatch> matches) {
  if (!is_english_ || !models_->towards_listener()) return whole_;
  return target_scorer_.score(text, matches, whole_, *english_);
}

}  // namespace earshot::sentiment
