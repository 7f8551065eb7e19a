#include "operators/match/rule_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "operators/match/finder_trial.h"
#include "operators/match/word_pattern.h"

namespace earshot::match {
namespace {

constexpr size_t kErrorsReportedMax = 100;

TermKind kind_of(const QueryNode& term) {
  switch (term.kind) {
    case QueryNode::Kind::kFrom:
      return TermKind::kFrom;
    case QueryNode::Kind::kLang:
      return TermKind::kLang;
    case QueryNode::Kind::kCondition:
      return TermKind::kCondition;
    case QueryNode::Kind::kNear:
    case QueryNode::Kind::kAllNear:
      return TermKind::kNearness;
    default:
      return TermKind::kPhrase;
  }
}

}  // namespace

class RuleSetBuilder final : public TermRegistry {
 public:
  RuleSetBuilder(std::shared_ptr<const ListenerSet> listeners, const RuleOptions& options)
      : options_(options), rules_(new RuleSet(options)) {
    rules_->listeners_ = std::move(listeners);
  }

  Result<std::shared_ptr<const RuleSet>> build() {
    const std::vector<Listener>& listeners = rules_->listeners_->listeners;
    rules_->rules_.reserve(listeners.size());
    for (uint32_t i = 0; i < listeners.size(); ++i) add(i, listeners[i]);
    if (error_count_ > kErrorsReportedMax) {
      errors_ += fmt::format("\n… and {} more errors", error_count_ - kErrorsReportedMax);
    }
    if (error_count_ > 0) return invalid(std::move(errors_));
    if (auto checked = check_bounds(); !checked) return checked.error();
    number_patterns();
    fill_phrase_entries();
    if (auto compiled = compile_phrases(); !compiled) return compiled.error();
    for (size_t kind = 0; kind < RuleSet::kTermKinds; ++kind) index_uses(kind);
    for (uint32_t id = 0; id < rules_->conditions_.size(); ++id) {
      if (!rules_->uses({TermKind::kCondition, id}).empty()) rules_->triggering_conditions_.push_back(id);
    }
    rules_->ids_[static_cast<size_t>(TermKind::kPhrase)] = {};
    return std::shared_ptr<const RuleSet>(std::move(rules_));
  }

  Term register_term(const QueryNode& node) override {
    const TermKind kind = kind_of(node);
    if (kind == TermKind::kNearness) return register_nearness(node);
    RuleSet::Ids& ids = rules_->ids_[static_cast<size_t>(kind)];
    const bool is_text = kind == TermKind::kPhrase;
    std::vector<std::string>& texts = is_text && is_pattern(node.value) ? patterns_ : phrases_;
    const size_t next_id = !is_text ? ids.size() : texts.size() + (&texts == &patterns_ ? kFirstPatternMeanwhile : 0);
    const auto [it, is_new] = ids.try_emplace(node.value, static_cast<uint32_t>(next_id));
    if (is_new && is_text) {
      texts.push_back(node.value);
      phrase_bytes_ += node.value.size();
    }
    if (is_new && kind == TermKind::kCondition) rules_->conditions_.push_back(*parse_condition(node.value));
    return {kind, it->second};
  }

 private:
  struct PendingUse {
    uint32_t term;
    TermUse use;
  };

  Term register_nearness(const QueryNode& node) {
    Nearness nearness;
    nearness.words_between_max = node.words_between_max;
    if (node.kind == QueryNode::Kind::kAllNear) {
      nearness.kind = Nearness::Kind::kAll;
    } else if (node.is_ordered) {
      nearness.kind = Nearness::Kind::kInOrder;
    }
    for (const QueryNode& child : node.children) {
      const uint32_t phrase = register_term(child).id;
      const auto known = std::find(nearness.phrases.begin(), nearness.phrases.end(), phrase);
      if (nearness.kind == Nearness::Kind::kAll && known != nearness.phrases.end()) {
        ++nearness.counts[static_cast<size_t>(known - nearness.phrases.begin())];
        continue;
      }
      nearness.phrases.push_back(phrase);
      nearness.counts.push_back(1);
    }
    rules_->nearnesses_.push_back(std::move(nearness));
    return {TermKind::kNearness, static_cast<uint32_t>(rules_->nearnesses_.size() - 1)};
  }

  void add(uint32_t index, const Listener& listener) {
    Rule& rule = rules_->rules_.emplace_back();
    const Result<QueryNode> query = parse_query(listener.query, listener.origin, rules_->normaliser_);
    if (!query) return report(query.error());
    const Triggers triggers = find_triggers(*query);
    if (triggers.terms.empty()) {
      return report(error_in_query(
          listener.query, listener.origin, triggers.negative->begin,
          "this part of the query only excludes, so that nearly every post would match; add a word, phrase or "
          "field that must be there, or move the exclusion out of the OR"));
    }
    add_clauses(*query, rule);
    if (is_any_of_phrases(*query)) {
      for (uint32_t i = rule.first_clause; i < rules_->clauses_.size(); ++i) {
        pending(TermKind::kPhrase).push_back({rules_->clauses_[i].phrase, {index, i}});
      }
      return;
    }
    rule.entry = append_program(*query, *this, rules_->program_);
    for (const QueryNode* node : triggers.terms) {
      const Term term = register_term(*node);
      pending(term.kind).push_back({term.id, {index, TermUse::kTestsRule}});
    }
  }

  // Each distinct phrase that is not excluded is a clause, as first written.
  void add_clauses(const QueryNode& query, Rule& rule) {
    rule.first_clause = static_cast<uint32_t>(rules_->clauses_.size());
    std::vector<const QueryNode*> terms;
    collect_positive_terms(query, terms);
    seen_.clear();
    for (const QueryNode* term : terms) {
      if (term->kind != QueryNode::Kind::kPhrase) continue;
      const uint32_t phrase = register_term(*term).id;
      if (seen_.insert(phrase).second) rules_->clauses_.push_back({term->text, phrase});
    }
    rule.clause_count = static_cast<uint32_t>(rules_->clauses_.size()) - rule.first_clause;
  }

  void report(const Error& error) {
    if (++error_count_ > kErrorsReportedMax) return;
    if (error_count_ > 1) errors_ += '\n';
    errors_ += error.to_string();
  }

  // Until all phrases are known, patterns have ids far beyond; then they follow the phrases.
  void number_patterns() {
    rules_->first_pattern_ = static_cast<uint32_t>(phrases_.size());
    const auto number = [this](uint32_t& id) {
      if (id >= kFirstPatternMeanwhile) id = id - kFirstPatternMeanwhile + rules_->first_pattern_;
    };
    for (RuleClause& clause : rules_->clauses_) number(clause.phrase);
    for (PendingUse& use : pending(TermKind::kPhrase)) number(use.term);
    for (Instruction& instruction : rules_->program_) {
      if (instruction.term.kind == TermKind::kPhrase) number(instruction.term.id);
    }
    for (Nearness& nearness : rules_->nearnesses_) {
      for (uint32_t& phrase : nearness.phrases) number(phrase);
    }
  }

  [[nodiscard]] Result<void> check_bounds() const {
    if (patterns_.size() > kPatternsMax) {
      return invalid(
          fmt::format("the listeners have {} distinct words with wildcards; the most is {}. Split the set over "
                      "several pipelines",
                      patterns_.size(), kPatternsMax));
    }
    if (phrases_.size() <= options_.phrases_max && phrase_bytes_ <= options_.phrase_bytes_max) return {};
    return invalid(
        fmt::format("the listeners have {} distinct phrases of {} bytes in all; the most is {} phrases and {} bytes. "
                    "Split the set over several pipelines",
                    phrases_.size(), phrase_bytes_, options_.phrases_max, options_.phrase_bytes_max));
  }

  Result<void> compile_phrases() {
    std::vector<std::string> expressions;
    for (const std::string& pattern : patterns_) expressions.push_back(to_expression(pattern));
    Result<LiteralScanner> patterns = LiteralScanner::compile_expressions(expressions, options_.databases.get());
    if (!patterns) return patterns.error();
    rules_->pattern_scanner_ = std::move(*patterns);
    // Of phrases that no rule waits for, the most common ones, a post is asked when a rule is tested.
    std::vector<std::string> awaited_texts;
    std::vector<uint32_t> awaited_ids;
    std::vector<WantedPhrase> others;
    for (uint32_t id = 0; id < phrases_.size(); ++id) {
      if (rules_->phrases_[id].first_use.listener == TermUse::kNoListener) {
        others.push_back({id, phrases_[id]});
      } else {
        awaited_texts.push_back(std::move(phrases_[id]));
        awaited_ids.push_back(id);
      }
    }
    rules_->lookup_ = PhraseLookup(others);
    return compile_finder(awaited_texts, awaited_ids);
  }

  Result<void> compile_finder(std::span<const std::string> texts, std::span<const uint32_t> ids) {
    std::vector<WantedPhrase> phrases;
    for (size_t i = 0; i < texts.size(); ++i) phrases.push_back({ids[i], texts[i]});
    const bool is_tried =
        options_.finder == PhraseFinder::kAuto && texts.size() >= kTrialPhrasesMin && texts.size() <= kTrialPhrasesMax;
    const bool is_large = texts.size() > kTrialPhrasesMax;
    rules_->uses_index_ =
        options_.finder == PhraseFinder::kIndex || (options_.finder == PhraseFinder::kAuto && is_large);
    if (rules_->uses_index_ || is_tried) rules_->index_ = PhraseIndex(phrases);
    if (rules_->uses_index_) return {};
    Result<LiteralScanner> scanner = LiteralScanner::compile(texts, ids, options_.databases.get());
    if (!scanner) return scanner.error();
    rules_->uses_index_ = is_tried && is_index_faster(rules_->index_, *scanner, phrases);
    if (rules_->uses_index_) return {};
    rules_->index_ = {};
    rules_->scanner_ = std::move(*scanner);
    return {};
  }

  // A phrase is mostly used once: that use goes into its entry, further ones into the index.
  void fill_phrase_entries() {
    for (const std::string& phrase : phrases_) {
      rules_->phrases_.push_back({TermUse{TermUse::kNoListener}, static_cast<uint32_t>(phrase.size()), 0});
    }
    rules_->phrases_.resize(phrases_.size() + patterns_.size(), {TermUse{TermUse::kNoListener}, 0, 0});
    std::vector<PendingUse> further;
    for (const PendingUse& use : pending(TermKind::kPhrase)) {
      PhraseEntry& entry = rules_->phrases_[use.term];
      if (entry.first_use.listener == TermUse::kNoListener) {
        entry.first_use = use.use;
      } else {
        ++entry.further_uses;
        further.push_back(use);
      }
    }
    pending(TermKind::kPhrase) = std::move(further);
  }

  void index_uses(size_t kind) {
    std::vector<PendingUse>& uses = pending_[kind];
    std::stable_sort(uses.begin(), uses.end(),
                     [](const PendingUse& a, const PendingUse& b) { return a.term < b.term; });
    std::vector<uint32_t>& first_use = rules_->first_use_[kind];
    first_use.assign(rules_->ids_[kind].size() + 1, 0);
    for (const PendingUse& use : uses) {
      ++first_use[use.term + 1];
      rules_->uses_[kind].push_back(use.use);
    }
    for (size_t term = 1; term < first_use.size(); ++term) first_use[term] += first_use[term - 1];
  }

  std::vector<PendingUse>& pending(TermKind kind) { return pending_[static_cast<size_t>(kind)]; }

  const RuleOptions& options_;
  std::unique_ptr<RuleSet> rules_;
  static constexpr uint32_t kFirstPatternMeanwhile = 1U << 30;

  std::vector<std::string> phrases_;
  std::vector<std::string> patterns_;
  size_t phrase_bytes_ = 0;
  std::array<std::vector<PendingUse>, RuleSet::kTermKinds> pending_;
  std::unordered_set<uint32_t> seen_;
  std::string errors_;
  size_t error_count_ = 0;
};

Result<std::shared_ptr<const RuleSet>> RuleSet::compile(std::shared_ptr<const ListenerSet> listeners,
                                                        const RuleOptions& options) {
  return RuleSetBuilder(std::move(listeners), options).build();
}

std::span<const TermUse> RuleSet::uses(Term term) const {
  const auto kind = static_cast<size_t>(term.kind);
  const uint32_t first = first_use_[kind][term.id];
  return std::span(uses_[kind]).subspan(first, first_use_[kind][term.id + 1] - first);
}

std::optional<uint32_t> RuleSet::find(TermKind kind, std::string_view value) const {
  const Ids& ids = ids_of(kind);
  const auto it = ids.find(value);
  if (it == ids.end()) return std::nullopt;
  return it->second;
}

}  // namespace earshot::match
