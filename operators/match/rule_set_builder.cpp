#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "operators/match/rule_set.h"
#include "operators/match/word_pattern.h"

namespace earshot::match {
namespace {

constexpr size_t kErrorsReportedMax = 100;

}  // namespace

class RuleSetBuilder final : public TermRegistry {
 public:
  RuleSetBuilder(std::shared_ptr<const ListenerSet> listeners, const RuleOptions& options)
      : options_(options), rules_(new RuleSet()), catalogue_(options.folding) {
    rules_->listeners_ = std::move(listeners);
  }

  Result<std::shared_ptr<const RuleSet>> build() {
    const std::vector<Listener>& listeners = rules_->listeners_->listeners;
    check_macros();
    rules_->rules_.reserve(listeners.size());
    for (uint32_t i = 0; i < listeners.size() && terms_ <= options_.terms_max; ++i) add(i, listeners[i]);
    if (error_count_ > kErrorsReportedMax) {
      errors_ += fmt::format("\n… and {} more errors", error_count_ - kErrorsReportedMax);
    }
    if (error_count_ > 0) return invalid(std::move(errors_));
    if (auto checked = check_bounds(); !checked) return checked.error();
    number_phrases();
    index_derived();
    fill_phrase_entries();
    if (auto compiled = compile_texts(); !compiled) return compiled.error();
    for (const uint32_t phrase : awaited_late_) note_waiting(phrase);
    for (size_t kind = 0; kind < RuleSet::kTermKinds; ++kind) index_uses(kind);
    find_triggering_conditions();
    rules_->directory_ = std::make_unique<const ListenerDirectory>(rules_->listeners_);
    return std::shared_ptr<const RuleSet>(std::move(rules_));
  }

  Term register_term(const QueryNode& node) override {
    const TermKind kind = kind_of(node);
    if (kind == TermKind::kNearness) return register_nearness(node);
    if (kind == TermKind::kPhrase) return {kind, catalogue_.id_of(node)};
    TextIds& ids = rules_->ids_[static_cast<size_t>(kind)];
    const auto [it, is_new] = ids.try_emplace(node.value, static_cast<uint32_t>(ids.size()));
    if (is_new && kind == TermKind::kCondition) rules_->conditions_.push_back(*parse_condition(node.value));
    return {kind, it->second};
  }

  Term register_any_of(std::span<const QueryNode* const> nodes) override {
    TermGroup group;
    for (const QueryNode* node : nodes) {
      const Term term = register_term(*node);
      group.kind = term.kind;
      group.ids.push_back(term.id);
    }
    std::sort(group.ids.begin(), group.ids.end());
    group.ids.erase(std::unique(group.ids.begin(), group.ids.end()), group.ids.end());
    const std::string_view bytes(reinterpret_cast<const char*>(group.ids.data()), group.ids.size() * sizeof(uint32_t));
    const auto [it, is_new] = group_ids_.try_emplace(fmt::format("{}{}", static_cast<int>(group.kind), bytes),
                                                     static_cast<uint32_t>(rules_->groups_.size()));
    if (is_new) rules_->groups_.push_back(std::move(group));
    return {TermKind::kAnyOf, it->second};
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

  // A macro's fault is told once, whoever uses it.
  void check_macros() {
    const QueryLibrary& library = rules_->listeners_->library;
    const TextNormaliser normaliser(options_.folding);
    for (const auto& [name, macro] : library.macros) {
      const std::string reference = fmt::format("macro:{}", name);
      const auto query = parse_query(reference, macro.origin, normaliser, library);
      if (!query) report(query.error());
    }
  }

  void add(uint32_t index, const Listener& listener) {
    Rule& rule = rules_->rules_.emplace_back();
    const Result<QueryNode> query = parse_query(listener, rules_->listeners_->library, options_.folding);
    if (!query) return report(query.error());
    terms_ += count_terms(*query);
    const Triggers triggers = find_triggers(*query);
    if (triggers.terms.empty()) {
      const QueryNode& part = *triggers.negative;
      return report(error_in_query(listener.query, listener.origin, part.begin, refusal_without_triggers(part)));
    }
    if (!check_regexes(listener, *query)) return;
    catalogue_.read_as(listener);
    add_clauses(*query, rule);
    std::vector<const QueryNode*> marked;
    collect_marked(*query, marked);
    if (marked.empty() && is_any_of_texts(*query)) return wait_for_any(*query, index, rule);
    rule.entry = append_program(*query, *this, rules_->program_);
    for (const QueryNode* node : triggers.terms) {
      const Term term = register_term(*node);
      pending(term.kind).push_back({term.id, {index, TermUse::kTestsRule}});
    }
    rule.first_mark = static_cast<uint32_t>(rules_->marks_.size());
    rule.mark_count = static_cast<uint32_t>(marked.size());
    for (const QueryNode* node : marked) add_mark(*node);
  }

  // For a rule that is any of what is found in texts, what is found decides alone.
  void wait_for_any(const QueryNode& query, uint32_t index, const Rule& rule) {
    for (uint32_t i = rule.first_clause; i < rules_->clauses_.size(); ++i) {
      pending(TermKind::kPhrase).push_back({rules_->clauses_[i].phrase, {index, i}});
    }
    std::vector<const QueryNode*> terms;
    collect_positive_terms(query, terms);
    for (const QueryNode* term : terms) {
      if (term->kind != QueryNode::Kind::kFieldPhrase) continue;
      pending(TermKind::kPhrase).push_back({register_term(*term).id, {index, TermUse::kHoldsWithoutClause}});
    }
  }

  bool check_regexes(const Listener& listener, const QueryNode& node) {
    if (node.kind == QueryNode::Kind::kRegex) {
      if (auto checked = catalogue_.check_regex(node, options_.databases.get()); !checked) {
        report(error_in_query(listener.query, listener.origin, node.begin, checked.error().message));
        return false;
      }
    }
    return std::all_of(node.children.begin(), node.children.end(),
                       [&](const QueryNode& child) { return check_regexes(listener, child); });
  }

  void add_mark(const QueryNode& node) {
    RuleMark mark{.entry = append_program(node, *this, rules_->program_),
                  .first_tag = static_cast<uint32_t>(rules_->tags_.size()),
                  .tag_count = static_cast<uint32_t>(node.tags.size()),
                  .weight = node.weight};
    rules_->tags_.insert(rules_->tags_.end(), node.tags.begin(), node.tags.end());
    rules_->marks_.push_back(mark);
  }

  // Each distinct phrase of the text that is not excluded is a clause, as first written.
  void add_clauses(const QueryNode& query, Rule& rule) {
    rule.first_clause = static_cast<uint32_t>(rules_->clauses_.size());
    std::vector<const QueryNode*> terms;
    collect_positive_terms(query, terms);
    seen_.clear();
    for (const QueryNode* term : terms) {
      if (!is_found_in_texts(*term) || term->kind == QueryNode::Kind::kFieldPhrase) continue;
      const uint32_t phrase = register_term(*term).id;
      if (seen_.insert(phrase).second) rules_->clauses_.push_back({term->text, phrase});
    }
    rule.clause_count = static_cast<uint32_t>(rules_->clauses_.size()) - rule.first_clause;
  }

  void report(const Error& error) {
    std::string line = error.to_string();
    if (error_count_ < kErrorsReportedMax && !reported_.insert(line).second) return;
    if (++error_count_ > kErrorsReportedMax) return;
    if (error_count_ > 1) errors_ += '\n';
    errors_ += line;
  }

  // Once all phrases are known, those that follow each other have ids that do.
  void number_phrases() {
    catalogue_.number();
    const auto number = [this](uint32_t& id) { id = catalogue_.final_id(id); };
    for (RuleClause& clause : rules_->clauses_) number(clause.phrase);
    for (PendingUse& use : pending(TermKind::kPhrase)) number(use.term);
    for (Instruction& instruction : rules_->program_) {
      if (instruction.term.kind == TermKind::kPhrase) number(instruction.term.id);
    }
    for (Nearness& nearness : rules_->nearnesses_) {
      for (uint32_t& phrase : nearness.phrases) number(phrase);
    }
    for (TermGroup& group : rules_->groups_) {
      if (group.kind != TermKind::kPhrase) continue;
      for (uint32_t& phrase : group.ids) number(phrase);
      std::sort(group.ids.begin(), group.ids.end());
    }
  }

  [[nodiscard]] Result<void> check_bounds() const {
    if (terms_ > options_.terms_max) {
      return invalid(
          fmt::format("the listeners have more than {} terms once their macros and lists stand for what they "
                      "hold. Split the set over several pipelines",
                      options_.terms_max));
    }
    if (catalogue_.pattern_count() > kPatternsMax) {
      return invalid(
          fmt::format("the listeners have {} distinct words with wildcards; the most is {}. Split the set over "
                      "several pipelines",
                      catalogue_.pattern_count(), kPatternsMax));
    }
    const size_t phrases = catalogue_.phrase_count();
    const size_t bytes = catalogue_.phrase_bytes();
    if (phrases <= options_.phrases_max && bytes <= options_.phrase_bytes_max) return {};
    return invalid(
        fmt::format("the listeners have {} distinct phrases of {} bytes in all; the most is {} phrases and {} bytes. "
                    "Split the set over several pipelines",
                    phrases, bytes, options_.phrases_max, options_.phrase_bytes_max));
  }

  Result<void> compile_texts() {
    for (PhraseCatalogue::Plane& plane : catalogue_.planes()) {
      if (auto compiled = compile_plane(plane); !compiled) return compiled;
      rules_->planes_.push_back(std::move(plane.plane));
    }
    auto regexes = RegexScanner::compile(catalogue_.regexes(), options_.databases.get());
    if (!regexes) return regexes.error();
    rules_->regex_scanner_ = std::move(*regexes);
    index_hashtags();
    return {};
  }

  // Of phrases that nothing waits for, the most common ones, a post is asked when a rule is tested. Only of its text as
  // most read it: others are scanned for all they have.
  Result<void> compile_plane(PhraseCatalogue::Plane& plane) {
    DatabaseCache* const databases = options_.databases.get();
    if (auto compiled = plane.plane.compile_expressions(plane.texts, plane.first, databases); !compiled)
      return compiled;
    const bool is_main = rules_->planes_.empty();
    std::vector<std::string> awaited;
    std::vector<uint32_t> awaited_ids;
    std::vector<WantedPhrase> others;
    for (uint32_t i = 0; i < plane.texts.phrases.size(); ++i) {
      const uint32_t id = plane.first + i;
      if (is_main && rules_->phrases_[id].first_use.listener == TermUse::kNoListener) {
        others.push_back({id, plane.texts.phrases[i]});
      } else {
        awaited.push_back(plane.texts.phrases[i]);
        awaited_ids.push_back(id);
      }
    }
    if (is_main) rules_->lookup_ = PhraseLookup(others);
    return plane.plane.compile_finder(awaited, awaited_ids, options_.finder, databases);
  }

  void index_derived() {
    rules_->first_derived_ = catalogue_.first_derived();
    rules_->first_late_ = catalogue_.first_late();
    rules_->first_regex_ = catalogue_.first_regex();
    rules_->derived_ = std::move(catalogue_.derived());
    if (rules_->derived_.empty()) return;
    rules_->is_base_.resize(rules_->first_derived_);
    for (uint32_t i = 0; i < rules_->derived_.size(); ++i) {
      rules_->is_base_[rules_->derived_[i].base] = true;
      rules_->derived_by_base_.emplace_back(rules_->derived_[i].base, i);
    }
    std::sort(rules_->derived_by_base_.begin(), rules_->derived_by_base_.end());
    for (const auto& [base, index] : rules_->derived_by_base_) rules_->derived_order_.push_back(index);
  }

  void index_hashtags() {
    for (uint32_t i = 0; i < rules_->derived_.size(); ++i) {
      const DerivedPhrase& derived = rules_->derived_[i];
      if (derived.written.form != QueryNode::Form::kHashtag) continue;
      TextPlane& plane = rules_->planes_[derived.plane];
      const std::vector<std::string>& phrases = catalogue_.planes()[derived.plane].texts.phrases;
      plane.hashtags.emplace(phrases[derived.base - plane.first_phrase], rules_->first_derived_ + i);
    }
  }

  // A phrase is mostly used once: that use goes into its entry, further ones into the index.
  void fill_phrase_entries() {
    rules_->phrases_.resize(catalogue_.size(), {TermUse{TermUse::kNoListener}, 0, 0});
    for (const PhraseCatalogue::Plane& plane : catalogue_.planes()) {
      uint32_t id = plane.first;
      for (const std::string& phrase : plane.texts.phrases) {
        rules_->phrases_[id++].bytes = static_cast<uint32_t>(phrase.size());
      }
      id += static_cast<uint32_t>(plane.texts.patterns.size());
      for (const std::string& substring : plane.texts.substrings) {
        rules_->phrases_[id++].bytes = static_cast<uint32_t>(substring.size() + 2);
      }
    }
    for (uint32_t i = 0; i < rules_->derived_.size(); ++i) {
      rules_->phrases_[rules_->first_derived_ + i].bytes = rules_->phrases_[rules_->derived_[i].base].bytes;
    }
    std::vector<PendingUse> further;
    for (const PendingUse& use : pending(TermKind::kPhrase)) {
      if (use.term >= rules_->first_late_) awaited_late_.push_back(use.term);
      PhraseEntry& entry = rules_->phrases_[use.term];
      if (entry.first_use.listener == TermUse::kNoListener) {
        entry.first_use = use.use;
      } else {
        ++entry.further_uses;
        further.push_back(use);
      }
    }
    pending(TermKind::kPhrase) = std::move(further);
    // What groups and terms as written go by has to be found by the scan.
    const auto let_wait = [this](uint32_t phrase) {
      TermUse& use = rules_->phrases_[phrase].first_use;
      if (use.listener == TermUse::kNoListener) use.listener = TermUse::kOthersWait;
    };
    for (const DerivedPhrase& derived : rules_->derived_) let_wait(derived.base);
    for (const TermGroup& group : rules_->groups_) {
      if (group.kind != TermKind::kPhrase) continue;
      for (const uint32_t phrase : group.ids) let_wait(phrase);
    }
  }

  void note_waiting(uint32_t phrase) {
    if (phrase >= rules_->first_regex_) {
      rules_->waits_for_regexes_ = true;
    } else {
      for (TextPlane& plane : rules_->planes_) plane.is_waited_for = plane.is_waited_for || plane.has(phrase);
    }
  }

  void index_uses(size_t kind) {
    std::vector<PendingUse>& uses = pending_[kind];
    std::stable_sort(uses.begin(), uses.end(),
                     [](const PendingUse& a, const PendingUse& b) { return a.term < b.term; });
    std::vector<uint32_t>& first_use = rules_->first_use_[kind];
    const bool are_phrases = kind == static_cast<size_t>(TermKind::kPhrase);
    first_use.assign((are_phrases ? rules_->phrases_.size() : rules_->ids_[kind].size()) + 1, 0);
    for (const PendingUse& use : uses) {
      ++first_use[use.term + 1];
      rules_->uses_[kind].push_back(use.use);
    }
    for (size_t term = 1; term < first_use.size(); ++term) first_use[term] += first_use[term - 1];
  }

  void find_triggering_conditions() {
    for (uint32_t id = 0; id < rules_->conditions_.size(); ++id) {
      if (rules_->uses({TermKind::kCondition, id}).empty()) continue;
      const Condition& condition = rules_->conditions_[id];
      if (!is_by_value(condition.column)) {
        rules_->triggering_conditions_.push_back(id);
        continue;
      }
      TextIds& by_value = rules_->conditions_by_value_[static_cast<size_t>(condition.column)];
      if (by_value.empty()) rules_->triggering_columns_.push_back(condition.column);
      by_value.emplace(condition.text, id);
    }
  }

  std::vector<PendingUse>& pending(TermKind kind) { return pending_[static_cast<size_t>(kind)]; }

  const RuleOptions& options_;
  std::unique_ptr<RuleSet> rules_;
  PhraseCatalogue catalogue_;
  TextIds group_ids_;
  std::vector<uint32_t> awaited_late_;
  size_t terms_ = 0;
  std::array<std::vector<PendingUse>, RuleSet::kTermKinds> pending_;
  std::unordered_set<uint32_t> seen_;
  std::unordered_set<std::string> reported_;
  std::string errors_;
  size_t error_count_ = 0;
};

Result<std::shared_ptr<const RuleSet>> RuleSet::compile(std::shared_ptr<const ListenerSet> listeners,
                                                        const RuleOptions& options) {
  return RuleSetBuilder(std::move(listeners), options).build();
}

}  // namespace earshot::match
