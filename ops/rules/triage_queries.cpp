#include "ops/rules/triage_queries.h"

#include <utility>

#include "operators/match/matcher.h"

namespace earshot::rules {
namespace {

class KnownSentiment final : public match::SentimentSource {
 public:
  explicit KnownSentiment(SentimentLabel label) : label_(label) {}
  SentimentLabel label(const Post&) override { return label_; }

 private:
  SentimentLabel label_;
};

class MatcherOfQueries final : public triage::QueryMatcher {
 public:
  explicit MatcherOfQueries(std::shared_ptr<const match::RuleSet> rules) : matcher_(std::move(rules)) {}

  std::span<const triage::QueryHit> match(const Post& post, SentimentLabel feeling) override {
    KnownSentiment sentiment(feeling);
    hits_.clear();
    for (const match::ListenerMatch& match : matcher_.match(post, &sentiment)) {
      hits_.push_back({match.listener, match.clauses});
    }
    return hits_;
  }

 private:
  match::Matcher matcher_;
  std::vector<triage::QueryHit> hits_;
};

class CompiledQueries final : public triage::QuerySet {
 public:
  explicit CompiledQueries(std::shared_ptr<const match::RuleSet> rules) : rules_(std::move(rules)) {}
  [[nodiscard]] std::unique_ptr<triage::QueryMatcher> make_matcher() const override {
    return std::make_unique<MatcherOfQueries>(rules_);
  }

 private:
  std::shared_ptr<const match::RuleSet> rules_;
};

}  // namespace

triage::QueryCompiler triage_query_compiler() {
  return [](std::vector<triage::Query> queries) -> Result<std::shared_ptr<const triage::QuerySet>> {
    auto set = std::make_shared<ListenerSet>();
    for (triage::Query& query : queries) {
      Listener& listener = set->listeners.emplace_back();
      listener.query = std::move(query.text);
      listener.origin = std::move(query.origin);
    }
    auto rules = match::RuleSet::compile(std::move(set), {});
    if (!rules) return rules.error();
    return std::shared_ptr<const triage::QuerySet>(std::make_shared<CompiledQueries>(std::move(*rules)));
  };
}

}  // namespace earshot::rules
