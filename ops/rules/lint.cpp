#include "ops/rules/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "engine/config/nearest_name.h"
#include "operators/match/condition.h"
#include "operators/match/query.h"
#include "operators/match/rule_program.h"

namespace earshot::rules {
namespace {

using match::QueryNode;
using Kind = QueryNode::Kind;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
}

// What an unquoted word may have been meant as; empty when it looks like no operator.
std::string_view operator_meant_by(std::string_view word) {
  std::string small;
  match::append_lowered(small, word);
  if (small == "and") return "AND";
  if (small == "or") return "OR";
  if (small == "not") return "NOT";
  return small == "near" || small.starts_with("near/") || small.starts_with("onear/") ? "NEAR/N" : "";
}

// A '*' at a word, or a '?' within one: "really?" is a question.
bool has_wildcard_of_a_word(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const bool after = i > 0 && is_letter_or_digit(text[i - 1]);
    const bool before = i + 1 < text.size() && is_letter_or_digit(text[i + 1]);
    if ((text[i] == '*' && (after || before)) || (text[i] == '?' && after && before)) return true;
  }
  return false;
}

// Whether the term names somebody or something by a name that has no comma in it.
bool is_by_plain_name(const QueryNode& node) {
  if (node.kind == Kind::kFrom) return true;
  if (node.kind != Kind::kCondition) return false;
  const auto condition = match::parse_condition(node.value);
  if (!condition) return false;
  using Column = match::Condition::Column;
  return condition->column == Column::kTo || condition->column == Column::kRetweetsOf ||
         condition->column == Column::kSubreddit || condition->column == Column::kPlatform;
}

// The query as a text that is the same for queries that say the same up to the order of their parts.
std::string canonical(const QueryNode& node) {
  std::vector<std::string> parts;
  for (const QueryNode& child : node.children) parts.push_back(canonical(child));
  if (node.kind == Kind::kAnd || node.kind == Kind::kOr || node.kind == Kind::kAllNear || !node.is_ordered) {
    std::sort(parts.begin(), parts.end());
  }
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  const bool is_as_written = node.form != QueryNode::Form::kFolded && node.form != QueryNode::Form::kHashtag;
  return fmt::format("({} {} {} '{}' {} {}{} [{}] {} {})", static_cast<int>(node.kind), node.words_between_max,
                     node.is_ordered, node.kind == Kind::kAllNear ? std::string() : node.value,
                     static_cast<int>(node.source), static_cast<int>(node.form),
                     is_as_written ? node.text : std::string_view(), fmt::join(node.tags, " "), node.weight,
                     fmt::join(parts, " "));
}

// What must hold together: the parts of an AND, and of ANDs among them.
void collect_required(const QueryNode& node, std::vector<const QueryNode*>& required) {
  if (node.kind != Kind::kAnd) return required.push_back(&node);
  for (const QueryNode& child : node.children) collect_required(child, required);
}

bool are_exclusive_languages(std::string_view a, std::string_view b) {
  const auto refines = [](std::string_view tag, std::string_view of) {
    return tag == of || (tag.size() > of.size() && tag.starts_with(of) && tag[of.size()] == '-');
  };
  return !refines(a, b) && !refines(b, a);
}

bool are_exclusive_conditions(std::string_view a, std::string_view b) {
  const auto one = match::parse_condition(a);
  const auto other = match::parse_condition(b);
  if (!one || !other || one->column != other->column) return false;
  switch (one->column) {
    case match::Condition::Column::kIs:
      return one->choice != other->choice && match::is_kind_of_post(*one) && match::is_kind_of_post(*other);
    case match::Condition::Column::kSentiment:
      return one->choice != other->choice;
    case match::Condition::Column::kFollowers:
    case match::Condition::Column::kLikes:
    case match::Condition::Column::kReposts:
    case match::Condition::Column::kReplies:
    case match::Condition::Column::kViews:
    case match::Condition::Column::kAccountAgeDays:
      return one->max < other->min || other->max < one->min;
    default:
      return match::is_by_value(one->column) && one->text != other->text;
  }
}

bool contradict(const QueryNode& a, const QueryNode& b) {
  if (a.kind == Kind::kNot && b.kind != Kind::kNot) return canonical(a.children[0]) == canonical(b);
  if (b.kind == Kind::kNot && a.kind != Kind::kNot) return canonical(b.children[0]) == canonical(a);
  if (a.kind == Kind::kLang && b.kind == Kind::kLang) return are_exclusive_languages(a.value, b.value);
  return a.kind == Kind::kCondition && b.kind == Kind::kCondition && are_exclusive_conditions(a.value, b.value);
}

class Linter {
 public:
  explicit Linter(const ListenerSet& listeners) : listeners_(listeners) {}

  std::vector<Remark> run() {
    for (const Listener& listener : listeners_.listeners) look_at(listener);
    return std::move(remarks_);
  }

 private:
  void look_at(const Listener& listener) {
    const auto query = match::parse_query(listener, listeners_.library, CaseFolding::kUnicode);
    if (!query) return;
    find_contradictions(listener, *query);
    find_idle_parts(listener, *query);
    const std::string reading = fmt::format("{}{}", listener.fold_diacritics, listener.split_hashtags);
    const auto [first, is_new] = by_meaning_.try_emplace(canonical(*query) + reading, &listener);
    if (!is_new && first->second->spoke == listener.spoke) {
      add(listener, 0, fmt::format("says the same as '{}'; one of them is enough", first->second->name));
    }
    const match::Triggers triggers = match::find_triggers(*query);
    if (triggers.terms.empty()) return;
    constexpr double kBroad = 0.05;  // a word of three letters
    // Of regexes and phrases of other fields nobody knows how rare they are.
    const auto late = std::count_if(triggers.terms.begin(), triggers.terms.end(), [](const QueryNode* term) {
      return term->kind == Kind::kRegex || term->kind == Kind::kFieldPhrase;
    });
    if (triggers.frequency - static_cast<double>(late) * match::kLateTermFrequency >= kBroad) {
      add(listener, triggers.terms.front()->begin,
          "may hold for a large share of all posts; add a word or phrase that must be there too");
    }
    look_at_patterns(listener, *query);
    look_at_other_languages(listener, *query);
    look_at_mentions(listener, *query);
  }

  void find_contradictions(const Listener& listener, const QueryNode& node) {
    if (node.kind == Kind::kAnd) {
      std::vector<const QueryNode*> required;
      collect_required(node, required);
      constexpr size_t kCompared = 200;  // of one AND: all pairs are looked at
      for (size_t i = 0; i < std::min(required.size(), kCompared); ++i) {
        for (size_t j = 0; j < i; ++j) {
          if (!contradict(*required[i], *required[j])) continue;
          return add(listener, required[i]->begin,
                     fmt::format("'{}' and '{}' never hold together, so this matches nothing",
                                 part(listener, *required[j]), part(listener, *required[i])));
        }
      }
    }
    for (const QueryNode& child : node.children) find_contradictions(listener, child);
  }

  // Of alternatives a longer phrase adds nothing beside a part of it; of what must all hold, the part adds nothing.
  void find_idle_parts(const Listener& listener, const QueryNode& node) {
    if (node.kind == Kind::kOr || node.kind == Kind::kAnd) {
      constexpr size_t kCompared = 200;
      const size_t count = std::min(node.children.size(), kCompared);
      for (size_t i = 0; i < count; ++i) {
        for (size_t j = 0; j < count; ++j) {
          if (i == j || !has_part(node.children[i], node.children[j])) continue;
          if (j > i && has_part(node.children[j], node.children[i])) continue;  // the same twice is told once
          const QueryNode& idle = node.children[node.kind == Kind::kOr ? i : j];
          const QueryNode& enough = node.children[node.kind == Kind::kOr ? j : i];
          if (!idle.tags.empty() || idle.weight != 0 || idle.begin == enough.begin) continue;
          return add(listener, idle.begin,
                     fmt::format("'{}' adds nothing beside '{}'", part(listener, idle), part(listener, enough)));
        }
      }
    }
    for (const QueryNode& child : node.children) find_idle_parts(listener, child);
  }

  // Both are words or phrases, and the first has all words of the second side by side. Values begin and end with
  // spaces.
  static bool has_part(const QueryNode& whole, const QueryNode& some) {
    const auto is_phrase = [](const QueryNode& node) {
      return node.kind == Kind::kPhrase && node.source == match::TextSource::kText && node.value.starts_with(' ');
    };
    return is_phrase(whole) && is_phrase(some) && some.form == QueryNode::Form::kFolded &&
           whole.value.find(some.value) != std::string::npos;
  }

  void look_at_patterns(const Listener& listener, const QueryNode& node) {
    if (node.kind == Kind::kPhrase && node.value.starts_with('*')) {
      add(listener, node.begin,
          fmt::format("'{}' begins with '*': every word of every post is looked through for it", node.text));
    }
    for (const QueryNode& child : node.children) look_at_patterns(listener, child);
  }

  // What means something in other query languages, and nothing of the kind here.
  void look_at_other_languages(const Listener& listener, const QueryNode& node) {
    const bool is_text = node.kind == Kind::kPhrase || node.kind == Kind::kAllNear;
    if (const std::string_view meant = operator_meant_by(node.written); node.kind == Kind::kPhrase && !meant.empty()) {
      add(listener, node.begin,
          fmt::format("'{}' is looked for as a word; if the operator is meant, write {}, else put it in quotes",
                      node.written, meant));
    } else if (is_text && node.written.starts_with('"') && has_wildcard_of_a_word(node.text)) {
      add(listener, node.begin,
          fmt::format("'{}' is looked for without its '*' or '?': in quotes they are no wildcards; words side by side "
                      "are written so: wor* ONEAR/0 word",
                      node.written));
    } else if (is_by_plain_name(node) && node.text.find(',') != std::string_view::npos) {
      add(listener, node.begin,
          fmt::format("'{}' is one name with a comma; several are written so: (from:a OR from:b)", node.written));
    }
    for (const QueryNode& child : node.children) look_at_other_languages(listener, child);
  }

  // '@name' is a mention when no macro has the name.
  void look_at_mentions(const Listener& listener, const QueryNode& node) {
    if (node.kind == Kind::kPhrase && node.form == QueryNode::Form::kMention && node.text.starts_with('@')) {
      std::vector<std::string_view> macros;
      for (const auto& [name, macro] : listeners_.library.macros) macros.push_back(name);
      const std::string_view nearest = nearest_name(node.text.substr(1), macros);
      if (!nearest.empty()) {
        add(listener, node.begin,
            fmt::format("'{}' is a mention of that name; is the macro '@{}' meant? If not, write mention:{}", node.text,
                        nearest, node.text.substr(1)));
      }
    }
    for (const QueryNode& child : node.children) look_at_mentions(listener, child);
  }

  static std::string_view part(const Listener& listener, const QueryNode& node) {
    return std::string_view(listener.query).substr(node.begin, node.end - node.begin);
  }

  void add(const Listener& listener, uint32_t begin, std::string message) {
    const Error placed = match::error_in_query(listener.query, listener.origin, begin, {});
    remarks_.push_back({placed.where, listener.name, std::move(message)});
  }

  const ListenerSet& listeners_;
  std::map<std::string, const Listener*> by_meaning_;
  std::vector<Remark> remarks_;
};

}  // namespace

std::vector<Remark> lint(const ListenerSet& listeners) {
  return Linter(listeners).run();
}

}  // namespace earshot::rules
