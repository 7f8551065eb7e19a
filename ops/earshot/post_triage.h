// PostTriage: one post at a time through sentiment and triage as the pipeline does it, for the commands that try rules.
#pragma once

#include <memory>
#include <string>

#include "operators/sentiment/post_scorer.h"
#include "operators/triage/triager.h"

namespace earshot {

class PostTriage {
 public:
  // `model` reads English posts; others are read as the pipeline reads them. `rules_file` may be empty: the built-in
  // rules. Errors: an unknown model; faults of the file with line and column.
  static Result<PostTriage> open(const std::string& model, const std::string& rules_file);

  // Its words are views of the post's text; see triage::Triager.
  Triage classify(const Post& post);

  [[nodiscard]] const triage::Triager& triager() const { return triager_; }
  [[nodiscard]] const Sentiment& sentiment() const { return sentiment_; }  // of the last post

 private:
  PostTriage(std::unique_ptr<sentiment::PostScorer> scorer, std::shared_ptr<const triage::TriageRules> rules)
      : scorer_(std::move(scorer)), triager_(std::move(rules)) {}

  std::unique_ptr<sentiment::PostScorer> scorer_;
  triage::Triager triager_;
  Sentiment sentiment_;
};

}  // namespace earshot
