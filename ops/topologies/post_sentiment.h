// PostSentiment: lets a rule ask how a post feels.
#pragma once

#include "operators/match/matcher.h"
#include "operators/sentiment/post_scorer.h"

namespace earshot {

class PostSentiment final : public match::SentimentSource {
 public:
  explicit PostSentiment(sentiment::PostScorer& scorer) : scorer_(scorer) {}

  SentimentLabel label(const Post& post) override { return scorer_.score(post.text, post.lang).label; }

 private:
  sentiment::PostScorer& scorer_;
};

}  // namespace earshot
