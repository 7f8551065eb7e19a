#include "ops/earshot/post_triage.h"

#include <utility>

#include "ops/rules/triage_queries.h"

namespace earshot {

Result<PostTriage> PostTriage::open(const std::string& model, const std::string& rules_file) {
  auto scorer = sentiment::PostScorer::make(model);
  if (!scorer) return scorer.error();
  auto rules = triage::TriageRules::load(rules_file, rules::triage_query_compiler());
  if (!rules) return rules.error();
  return PostTriage(std::move(*scorer), std::move(*rules));
}

Triage PostTriage::classify(const Post& post) {
  sentiment_ = scorer_->score(post.text, post.lang);
  return triager_.classify(post, sentiment_);
}

}  // namespace earshot
