// PostSentiment: lets a rule ask how a post feels, in its own language or in the one that `language` finds.
#pragma once

#include "operators/match/matcher.h"
#include "operators/sentiment/post_scorer.h"

namespace earshot {

class PostSentiment final : public match::SentimentSource {
 public:
  explicit PostSentiment(sentiment::PostScorer& scorer, match::LanguageSource* language = nullptr)
      : scorer_(scorer), language_(language) {}

  SentimentLabel label(const Post& post) override {
    return scorer_.score(post.text, language_ == nullptr ? post.lang : language_->language(post)).label;
  }

 private:
  sentiment::PostScorer& scorer_;
  match::LanguageSource* language_;
};

}  // namespace earshot
