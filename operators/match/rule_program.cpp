#include "operators/match/rule_program.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "operators/match/condition.h"

namespace earshot::match {
namespace {

using Kind = QueryNode::Kind;

bool is_term(const QueryNode& node) {
  return is_found_in_texts(node) || node.kind == Kind::kFrom || node.kind == Kind::kLang ||
         node.kind == Kind::kCondition;
}

bool is_in_main_text(const QueryNode& node) {
  return node.kind == Kind::kPhrase || node.kind == Kind::kSubstring;
}

// Later ones cost more to test.
int test_order(const QueryNode& node) {
  int order = 0;
  if (node.kind == Kind::kLang) order = 1;  // detected, when the platform gives none
  if (node.kind == Kind::kRegex || node.kind == Kind::kFieldPhrase) order = 2;
  if (asks_for_sentiment(node)) order = 3;
  for (const QueryNode& child : node.children) order = std::max(order, test_order(child));
  return order;
}

std::vector<const QueryNode*> in_test_order(const std::vector<QueryNode>& nodes) {
  std::vector<std::pair<int, const QueryNode*>> ordered;
  for (const QueryNode& node : nodes) ordered.emplace_back(test_order(node), &node);
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const QueryNode*> result;
  for (const auto& [order, node] : ordered) result.push_back(node);
  return result;
}

// Of phrases that must all occur, and then stand near each other.
bool is_nearness(const QueryNode& node) {
  return node.kind == Kind::kNear || node.kind == Kind::kAllNear;
}

// Written last to first, so that where a test leads is known when it is written.
class ProgramWriter {
 public:
  ProgramWriter(TermRegistry& registry, std::vector<Instruction>& program) : registry_(registry), program_(program) {}

  uint32_t write(const QueryNode& node, uint32_t on_true, uint32_t on_false) {
    if (node.kind == Kind::kNot) return write(node.children[0], on_false, on_true);
    if (is_term(node)) {
      program_.push_back({registry_.register_term(node), on_true, on_false});
      return static_cast<uint32_t>(program_.size() - 1);
    }
    if (is_nearness(node)) {
      program_.push_back({registry_.register_term(node), on_true, on_false});
      on_true = static_cast<uint32_t>(program_.size() - 1);
    }
    const bool needs_all = node.kind == Kind::kAnd || is_nearness(node);
    uint32_t entry = needs_all ? on_true : on_false;
    std::vector<const QueryNode*> children = in_test_order(node.children);
    const auto write_group = [&](const std::vector<const QueryNode*>& group) {
      if (group.empty()) return;
      program_.push_back({registry_.register_any_of(group), on_true, entry});
      entry = static_cast<uint32_t>(program_.size() - 1);
    };
    const auto texts = needs_all ? std::vector<const QueryNode*>() : take_group(children, is_in_main_text);
    const auto authors =
        needs_all ? texts : take_group(children, [](const QueryNode& n) { return n.kind == Kind::kFrom; });
    for (auto child = children.rbegin(); child != children.rend(); ++child) {
      entry = needs_all ? write(**child, entry, on_false) : write(**child, on_true, entry);
    }
    write_group(texts);
    write_group(authors);
    return entry;
  }

 private:
  // Takes the children of a kind out, when they are enough to be tested as one.
  template <class IsOfKind>
  static std::vector<const QueryNode*> take_group(std::vector<const QueryNode*>& children, IsOfKind is_of_kind) {
    std::vector<const QueryNode*> group;
    for (const QueryNode* child : children) {
      if (is_of_kind(*child)) group.push_back(child);
    }
    if (group.size() < kGroupedTermsMin) return {};
    std::erase_if(children, [&](const QueryNode* child) { return is_of_kind(*child); });
    return group;
  }

  TermRegistry& registry_;
  std::vector<Instruction>& program_;
};

// A guess at the share of posts in which a term holds. Only the order matters.
double estimate_frequency(const QueryNode& term) {
  constexpr double kFrom = 1e-7;
  constexpr double kLang = 1;  // not that it is: to wait for one, each post's has to be known
  if (term.kind == Kind::kFrom) return kFrom;
  if (term.kind == Kind::kLang) return kLang;
  if (term.kind == Kind::kCondition) {
    const auto condition = parse_condition(term.value);
    return condition ? estimate_frequency(*condition) : 1;
  }
  if (!is_in_main_text(term)) return kLateTermFrequency;
  return std::max(std::pow(0.6, static_cast<double>(term.value.size())), kFrom);
}

Triggers find_triggers_of(const QueryNode& node, bool is_negated) {
  if (node.kind == Kind::kNot) {
    Triggers triggers = find_triggers_of(node.children[0], !is_negated);
    if (triggers.terms.empty()) triggers.negative = &node;
    return triggers;
  }
  if (is_term(node)) {
    if (is_negated || asks_for_sentiment(node)) return {{}, 0, &node};
    return {{&node}, estimate_frequency(node), nullptr};
  }
  if (is_nearness(node) && is_negated) return {{}, 0, &node};
  // A negated AND is an OR of negations and the other way about.
  if ((node.kind == Kind::kAnd) != is_negated || is_nearness(node)) {
    Triggers best{{}, 0, &node};
    for (const QueryNode& child : node.children) {
      Triggers triggers = find_triggers_of(child, is_negated);
      if (triggers.terms.empty()) continue;
      if (best.terms.empty() || triggers.frequency < best.frequency) best = std::move(triggers);
    }
    return best;
  }
  Triggers all;
  for (const QueryNode& child : node.children) {
    Triggers triggers = find_triggers_of(child, is_negated);
    if (triggers.terms.empty()) return triggers;
    all.terms.insert(all.terms.end(), triggers.terms.begin(), triggers.terms.end());
    all.frequency += triggers.frequency;
  }
  constexpr double kNotAllPosts = 0.95;  // however long a list of words is
  all.frequency = std::min(all.frequency, kNotAllPosts);
  return all;
}

void collect_terms(const QueryNode& node, bool is_negated, std::vector<const QueryNode*>& terms) {
  if (is_term(node)) {
    if (!is_negated) terms.push_back(&node);
    return;
  }
  const bool negates = (node.kind == Kind::kNot) != is_negated;
  for (const QueryNode& child : node.children) collect_terms(child, negates, terms);
}

bool has_sentiment(const QueryNode& node) {
  return asks_for_sentiment(node) || std::any_of(node.children.begin(), node.children.end(), has_sentiment);
}

}  // namespace

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

std::string refusal_without_triggers(const QueryNode& part) {
  if (has_sentiment(part)) {
    return "sentiment is known only of posts that the rest of the query selects; add a word, phrase or field that must "
           "be there too";
  }
  return "this part of the query only excludes, so that nearly every post would match; add a word, phrase or "
         "field that must be there, or move the exclusion out of the OR";
}

uint32_t append_program(const QueryNode& query, TermRegistry& registry, std::vector<Instruction>& program) {
  return ProgramWriter(registry, program).write(query, kAccept, kReject);
}

Triggers find_triggers(const QueryNode& query) {
  return find_triggers_of(query, false);
}

void collect_positive_terms(const QueryNode& query, std::vector<const QueryNode*>& terms) {
  collect_terms(query, false, terms);
}

bool is_any_of_phrases(const QueryNode& query) {
  if (query.kind == Kind::kPhrase) return true;
  return query.kind == Kind::kOr && std::all_of(query.children.begin(), query.children.end(), is_any_of_phrases);
}

bool is_any_of_texts(const QueryNode& query) {
  if (is_found_in_texts(query)) return true;
  return query.kind == Kind::kOr && std::all_of(query.children.begin(), query.children.end(), is_any_of_texts);
}

bool is_found_in_texts(const QueryNode& term) {
  return term.kind == Kind::kPhrase || term.kind == Kind::kSubstring || term.kind == Kind::kRegex ||
         term.kind == Kind::kFieldPhrase;
}

bool asks_for_sentiment(const QueryNode& term) {
  return term.kind == Kind::kCondition && term.value.starts_with("sentiment:");
}

void collect_marked(const QueryNode& query, std::vector<const QueryNode*>& marked) {
  if (!query.tags.empty() || query.weight != 0) marked.push_back(&query);
  for (const QueryNode& child : query.children) collect_marked(child, marked);
}

}  // namespace earshot::match
