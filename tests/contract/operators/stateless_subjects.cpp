// The operators that keep nothing but scratch from one post to the next.
#include "tests/contract/operators/stateless_subjects.h"

#include "operators/match/matcher.h"
#include "operators/parse/parser.h"
#include "operators/sentiment/scorer.h"
#include "operators/triage/triager.h"
#include "ops/rules/triage_queries.h"

namespace earshot::contract {
namespace {

Post post_of(const Item& item) {
  Post post;
  post.id = item.id;
  post.platform = "x";
  post.text = item.text;
  post.author_id = item.author;
  post.created_at_ms = 1'772'366'400'000 + item.time_s * 1000;
  return post;
}

class ParseSubject : public Subject {
 public:
  std::string apply(const Item& item) override {
    std::string record;
    append_post_json(record, post_of(item));
    RecordBatch batch({"posts", 0}, record.size());
    batch.append({}, record, 0, kNoTimestamp);
    posts_.clear();
    parser_->parse(batch, posts_);
    std::string said;
    for (const Post& post : posts_.posts) append_post_json(said, post);
    for (const parse::Refusal& refusal : posts_.refusals) said += refusal.reason;
    return said;
  }
  void restart() override { parser_ = std::make_unique<parse::Parser>(parse::ParseOptions{}); }

 private:
  std::unique_ptr<parse::Parser> parser_ = std::make_unique<parse::Parser>(parse::ParseOptions{});
  parse::PostBatch posts_;
};

std::shared_ptr<const match::RuleSet> rules() {
  auto set = std::make_shared<ListenerSet>();
  for (const char* query :
       {"acme", "\"late parcel\" OR refund", "acme AND NOT (great OR love)", "日本", "from:author-1"}) {
    Listener listener;
    listener.name = query;
    listener.query = query;
    set->listeners.push_back(listener);
  }
  return std::move(*match::RuleSet::compile(set));
}

class MatchSubject : public Subject {
 public:
  MatchSubject() { restart(); }
  std::string apply(const Item& item) override {
    std::string said;
    for (const match::ListenerMatch& found : matcher_->match(post_of(item))) {
      said += std::to_string(found.listener) + ":";
      for (const ClauseMatch& clause : found.clauses) {
        said += std::string(clause.text) + "@" + std::to_string(clause.start) + "-" + std::to_string(clause.end) + ",";
      }
    }
    return said;
  }
  void restart() override { matcher_ = std::make_unique<match::Matcher>(rules_); }

 private:
  std::shared_ptr<const match::RuleSet> rules_ = rules();
  std::unique_ptr<match::Matcher> matcher_;
};

class SentimentSubject : public Subject {
 public:
  SentimentSubject() { restart(); }
  std::string apply(const Item& item) override {
    const Sentiment sentiment = scorer_->score(item.text);
    return std::to_string(sentiment.neg) + " " + std::to_string(sentiment.neu) + " " + std::to_string(sentiment.pos) +
           " " + std::to_string(sentiment.compound) + " " + std::string(to_string(sentiment.label));
  }
  void restart() override { scorer_ = std::move(*sentiment::make_scorer("vader")); }

 private:
  std::unique_ptr<sentiment::Scorer> scorer_;
};

class TriageSubject : public Subject {
 public:
  TriageSubject() { restart(); }
  std::string apply(const Item& item) override {
    const Triage triage = triager_->classify(post_of(item), Sentiment{});
    std::string said = std::string(to_string(triage.kind)) + " " + std::to_string(triage.urgency) + " " +
                       std::string(to_string(triage.action)) + " " + std::string(triage.spoke);
    for (const std::string_view word : triage.because) said.append(" ").append(word);
    return said;
  }
  void restart() override { triager_ = std::make_unique<triage::Triager>(rules_); }

 private:
  std::shared_ptr<const triage::TriageRules> rules_ = *triage::TriageRules::builtin(rules::triage_query_compiler());
  std::unique_ptr<triage::Triager> triager_;
};

}  // namespace

std::unique_ptr<Subject> parse_subject() {
  return std::make_unique<ParseSubject>();
}
std::unique_ptr<Subject> match_subject() {
  return std::make_unique<MatchSubject>();
}
std::unique_ptr<Subject> sentiment_subject() {
  return std::make_unique<SentimentSubject>();
}
std::unique_ptr<Subject> triage_subject() {
  return std::make_unique<TriageSubject>();
}

}  // namespace earshot::contract
