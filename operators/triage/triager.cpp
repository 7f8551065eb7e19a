#include "operators/triage/triager.h"

#include <algorithm>

namespace earshot::triage {
namespace {

// Keeps the findings of the most points, in the order of their points.
template <size_t kMost>
class Weightiest {
 public:
  void add(const Triager::Found& found) {
    if (count_ == kMost && found.points <= kept_[kMost - 1].points) return;
    size_t at = count_ < kMost ? count_++ : kMost - 1;
    for (; at > 0 && kept_[at - 1].points < found.points; --at) kept_[at] = kept_[at - 1];
    kept_[at] = found;
  }
  [[nodiscard]] std::span<const Triager::Found> get() const { return std::span(kept_).first(count_); }

 private:
  std::array<Triager::Found, kMost> kept_{};
  size_t count_ = 0;
};

}  // namespace

Triager::Triager(std::shared_ptr<const TriageRules> rules)
    : rules_(std::move(rules)), matcher_(rules_->queries().make_matcher()) {}

Triage Triager::classify(const Post& post, const Sentiment& sentiment) {
  text_ = post.text;
  compound_ = sentiment.compound;
  shape_ = shape_of(text_);
  points_.fill(0);
  urgency_ = 0;
  counted_rule_ = nullptr;
  found_.clear();
  for (const QueryHit& hit : matcher_->match(post, sentiment.label))
    apply_query_rule(rules_->rule_of(hit.query), hit.clauses);
  for (const uint32_t rule : rules_->rules_without_query()) {
    const Rule& each = rules_->rules()[rule];
    if (holds(each.conditions)) apply(each, each.points, each.reason);
  }
  Triage triage;
  if (rules_->words() != nullptr) {
    word_units_ = rules_->words()->add_up(text_);
    triage.kind = decide_with_words();
  } else {
    triage.kind = decide();
  }
  const ClassPolicy& policy = rules_->policy(triage.kind);
  triage.action = policy.action;
  triage.spoke = policy.spoke;
  for (const Found& found : found_) {
    if (found.rule->effect != Rule::Effect::kException || found.rule->kind != triage.kind) continue;
    if (found.rule->sets_action) triage.action = found.rule->action;
    if (!found.rule->spoke.empty()) triage.spoke = found.rule->spoke;
    break;
  }
  triage.urgency = static_cast<uint8_t>(std::clamp(policy.urgency + urgency_, 1, int{policy.urgency_max}));
  give_reasons(triage);
  return triage;
}

void Triager::apply_query_rule(const Rule& rule, std::span<const ClauseMatch> clauses) {
  if (!holds(rule.conditions)) return;
  if (clauses.empty() || rule.phrases_max == 1) {
    const bool is_somewhere = clauses.empty() || std::any_of(clauses.begin(), clauses.end(), [&](const auto& clause) {
                                return is_placed(rule.conditions, clause);
                              });
    if (is_somewhere) apply(rule, rule.points, words_of(clauses));
    return;
  }
  if (counted_rule_ != &rule) counted_ = 0;  // the phrases of one rule may be in several queries, one after the other
  counted_rule_ = &rule;
  for (const ClauseMatch& clause : clauses) {
    if (counted_ == rule.phrases_max) return;
    if (!is_placed(rule.conditions, clause)) continue;
    apply(rule, rule.points, text_.substr(clause.start, clause.end - clause.start));
    ++counted_;
  }
}

void Triager::apply(const Rule& rule, int points, std::string_view words) {
  if (rule.effect == Rule::Effect::kPoints) points_[static_cast<size_t>(rule.kind)] += points;
  if (rule.effect == Rule::Effect::kUrgency) urgency_ += points;
  found_.push_back({&rule, points, words});
}

bool Triager::holds(const Conditions& conditions) const {
  return compound_ >= conditions.compound_min && compound_ <= conditions.compound_max &&
         shape_.asks >= conditions.asks && shape_.exclaims >= conditions.exclaims &&
         shape_.shouts >= conditions.shouts && shape_.hashtags >= conditions.hashtags_min &&
         shape_.mentions >= conditions.mentions_min && shape_.links >= conditions.links_min;
}

bool Triager::is_placed(const Conditions& conditions, const ClauseMatch& clause) const {
  if (conditions.place == Place::kOpening && !opens_clause(text_, clause.start)) return false;
  if (conditions.place == Place::kQuestion && !is_in_question(text_, clause.end)) return false;
  return !conditions.affirmed || !is_negated(text_, clause.start, rules_->negations());
}

// All of them with what stands between, unless that is too much to read.
std::string_view Triager::words_of(std::span<const ClauseMatch> clauses) const {
  constexpr uint32_t kBytesMax = 60;
  if (clauses.empty()) return "author";
  uint32_t end = clauses.front().end;
  for (const ClauseMatch& clause : clauses) {
    if (clause.end <= clauses.front().start + kBytesMax) end = std::max(end, clause.end);
  }
  return text_.substr(clauses.front().start, end - clauses.front().start);
}

// Bit i: another class that has its points outranks class i.
uint16_t Triager::outranked() const {
  uint16_t outranked = 0;
  for (size_t i = 0; i < kClasses; ++i) {
    const ClassPolicy& policy = rules_->policy(static_cast<TriageClass>(i));
    if (points_[i] >= policy.points_min) outranked |= policy.outranked;
  }
  return outranked;
}

TriageClass Triager::decide() const {
  const uint16_t outranked = this->outranked();
  TriageClass best = TriageClass::kOther;
  const ClassPolicy* best_policy = nullptr;
  for (size_t i = 0; i + 1 < kClasses; ++i) {
    const ClassPolicy& policy = rules_->policy(static_cast<TriageClass>(i));
    if (points_[i] < policy.points_min || (outranked >> i & 1) != 0) continue;
    const int most = best_policy == nullptr ? 0 : points(best);
    const bool is_first = best_policy == nullptr || policy.place < best_policy->place;
    if (points_[i] < most || (points_[i] == most && !is_first)) continue;
    best = static_cast<TriageClass>(i);
    best_policy = &policy;
  }
  return best;
}

// Points above or below what makes a class, and what the words say, added up. Both are bounded: a long text has many
// words, and neither they nor a rule with many phrases decide alone.
TriageClass Triager::decide_with_words() const {
  constexpr int kUnit = WordWeights::kUnitsPerPoint;
  constexpr int kPointsBelow = 4;
  constexpr int kPointsAbove = 6;
  constexpr int kOutrankedPays = 6;
  constexpr int kWordsApart = 6;
  constexpr int kUnsupportedPays = 2;  // no rule speaks for it: ordinary posts would become risks
  const uint16_t outranked = this->outranked();
  const int words_most = *std::max_element(word_units_.begin(), word_units_.begin() + kClasses);
  const auto words_of_class = [&](size_t i) { return std::max<int>(word_units_[i], words_most - kWordsApart * kUnit); };
  size_t best = kClasses - 1;
  int most = words_of_class(best);
  for (size_t i = 0; i + 1 < kClasses; ++i) {
    const ClassPolicy& policy = rules_->policy(static_cast<TriageClass>(i));
    int units = kUnit * std::clamp(points_[i] - policy.points_min, -kPointsBelow, kPointsAbove) + words_of_class(i);
    if (points_[i] <= 0) units -= kUnit * kUnsupportedPays;
    if ((outranked >> i & 1) != 0) units -= kUnit * kOutrankedPays;
    const bool is_first = best + 1 == kClasses || policy.place < rules_->policy(static_cast<TriageClass>(best)).place;
    if (units < most || (units == most && !is_first)) continue;
    best = i;
    most = units;
  }
  return static_cast<TriageClass>(best);
}

// Three for the class and one for the urgency: those that weigh most, the earlier first among equals.
void Triager::give_reasons(Triage& triage) const {
  Weightiest<3> of_class;
  Weightiest<1> of_urgency;
  const bool has_class = triage.kind != TriageClass::kOther;
  for (const Found& found : found_) {
    if (found.points <= 0 || found.words.empty()) continue;
    const Rule& rule = *found.rule;
    if (rule.effect == Rule::Effect::kUrgency) {
      of_urgency.add(found);
    } else if (has_class && rule.effect == Rule::Effect::kPoints && rule.kind == triage.kind) {
      of_class.add(found);
    }
  }
  for (const Found& found : of_class.get()) triage.because.push_back(found.words);
  if (has_class && of_class.get().empty() && rules_->words() != nullptr) {
    if (const std::string_view words = rules_->words()->strongest(text_, triage.kind); !words.empty()) {
      triage.because.push_back(words);
    }
  }
  for (const Found& found : of_urgency.get()) triage.because.push_back(found.words);
}

}  // namespace earshot::triage
