#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "engine/config/nearest_name.h"
#include "operators/match/nearness.h"
#include "operators/match/query.h"
#include "operators/match/query_lexer.h"
#include "operators/match/query_terms.h"
#include "operators/match/rule_program.h"
#include "operators/match/text_as_written.h"

namespace earshot::match {
namespace {

using Kind = QueryToken::Kind;

constexpr std::string_view kListPrefix = "list/";

// What a query and the macros inside it share.
struct Expansion {
  const TextNormaliser& normaliser;
  const QueryLibrary& library;
  size_t written_terms = 0;
  size_t terms = 0;
  int depth = 0;
  std::vector<std::string_view> macros;  // whose queries are being read, the outermost first
};

template <class Map>
std::string hint_of_name(std::string_view name, const Map& known, std::string_view what) {
  if (known.empty()) return fmt::format("this set of listeners has no {}", what);
  std::vector<std::string_view> names;
  for (const auto& [key, value] : known) names.push_back(key);
  const std::string_view nearest = nearest_name(name, names);
  if (!nearest.empty()) return fmt::format("did you mean '{}'?", nearest);
  constexpr size_t kShown = 10;
  names.resize(std::min(names.size(), kShown));
  return fmt::format("the {} are {}", what, fmt::join(names, ", "));
}

// What a macro or list holds stands where the query names that.
void relocate(QueryNode& node, uint32_t begin, uint32_t end) {
  node.begin = begin;
  node.end = end;
  for (QueryNode& child : node.children) relocate(child, begin, end);
}

bool has_marks(const QueryNode& node) {
  return !node.tags.empty() || node.weight != 0 || std::any_of(node.children.begin(), node.children.end(), has_marks);
}

// Recursive descent: OR of ANDs of terms; its depth is bounded by kNestingMax.
class Parser {
 public:
  Parser(std::string_view query, const QueryOrigin& origin, Expansion& expansion)
      : query_(query), origin_(origin), expansion_(expansion), lexer_(query, origin) {}

  Result<QueryNode> parse() {
    if (auto checked = check_query_bytes(query_, origin_); !checked) return checked.error();
    if (auto advanced = advance(); !advanced) return advanced.error();
    if (token_.kind == Kind::kEnd) return error(0, "the query is empty; write at least one word or phrase");
    Result<QueryNode> root = alternatives("at the start");
    if (!root) return root;
    if (token_.kind == Kind::kClose) return error(token_.begin, "this ')' closes nothing; remove it or add a '('");
    return root;
  }

 private:
  Result<void> advance() {
    Result<QueryToken> next = lexer_.next();
    if (!next) return next.error();
    token_ = *next;
    return {};
  }

  Result<QueryNode> alternatives(std::string_view after) {
    return list(QueryNode::Kind::kOr, after, &Parser::conjunction, [this] { return token_.kind == Kind::kOr; });
  }

  Result<QueryNode> conjunction(std::string_view after) {
    return list(QueryNode::Kind::kAnd, after, &Parser::nearness, [this] {
      return token_.kind != Kind::kOr && token_.kind != Kind::kClose && token_.kind != Kind::kEnd;
    });
  }

  template <class Continues>
  Result<QueryNode> list(QueryNode::Kind kind, std::string_view after,
                         Result<QueryNode> (Parser::*element)(std::string_view), Continues continues) {
    Result<QueryNode> first = (this->*element)(after);
    if (!first || !continues()) return first;
    QueryNode node{kind, first->begin, first->end};
    node.children.push_back(std::move(*first));
    while (continues()) {
      std::string_view place = "after the term before";
      if (token_.kind == Kind::kOr || token_.kind == Kind::kAnd) {
        place = token_.kind == Kind::kOr ? "after OR" : "after AND";
        if (auto advanced = advance(); !advanced) return advanced.error();
      }
      Result<QueryNode> more = (this->*element)(place);
      if (!more) return more;
      node.end = more->end;
      node.children.push_back(std::move(*more));
    }
    return node;
  }

  // A factor, or two with NEAR between. Of alternatives each is meant with each.
  Result<QueryNode> nearness(std::string_view after) {
    Result<QueryNode> first = factor(after);
    if (!first || token_.kind != Kind::kNear) return first;
    const QueryToken near = token_;
    if (auto advanced = advance(); !advanced) return advanced.error();
    const Result<QueryNode> second = factor(fmt::format("after {}", near.text));
    if (!second) return second;
    if (has_marks(*first) || has_marks(*second)) {
      return error(near.begin,
                   fmt::format("tags beside {} belong to both sides; put them after parentheses around both, "
                               "as in (a NEAR/3 b)[tag:x]",
                               near.text));
    }
    if (!is_any_of_phrases(*first) || !is_any_of_phrases(*second) || token_.kind == Kind::kNear) {
      return error(near.begin,
                   fmt::format("{} stands between two words or phrases, or alternatives in parentheses such as "
                               "(a OR b) {} c",
                               near.text, near.text));
    }
    QueryNode any{QueryNode::Kind::kOr, first->begin, second->end};
    std::vector<const QueryNode*> befores;
    std::vector<const QueryNode*> afters;
    collect_positive_terms(*first, befores);
    collect_positive_terms(*second, afters);
    if (auto counted = count(befores.size() * afters.size(), near.begin); !counted) return counted.error();
    for (const QueryNode* one : befores) {
      for (const QueryNode* other : afters) {
        QueryNode& node = any.children.emplace_back();
        node.kind = QueryNode::Kind::kNear;
        node.begin = first->begin;
        node.end = second->end;
        node.children = {*one, *other};
        node.words_between_max = *near.words_between_max;
        node.is_ordered = near.is_ordered;
      }
    }
    if (any.children.size() == 1) return QueryNode(std::move(any.children.front()));
    return any;
  }

  // A part with its tags and weight.
  Result<QueryNode> factor(std::string_view after) {
    Result<QueryNode> part = unmarked(after);
    while (part && token_.kind == Kind::kMarks) {
      if (part->kind == QueryNode::Kind::kNot) return excluded_marks(token_.begin);
      if (auto filled = fill_marks(token_.text, *part); !filled) return error(token_.begin, filled.error().message);
      if (auto advanced = advance(); !advanced) return advanced.error();
    }
    return part;
  }

  [[nodiscard]] Error excluded_marks(size_t begin) const {
    return error(begin,
                 "what is excluded never holds, so that its tags would never be given; put them after the part "
                 "that must hold");
  }

  // One term, perhaps negated, or what is in parentheses. `after` says where, for the error.
  Result<QueryNode> unmarked(std::string_view after) {
    const uint32_t begin = token_.begin;
    switch (token_.kind) {
      case Kind::kNot:
      case Kind::kMinus: {
        const std::string_view place = token_.kind == Kind::kNot ? "after NOT" : "after '-'";
        return nested(begin, [&]() -> Result<QueryNode> {
          Result<QueryNode> negated = unmarked(place);
          if (!negated) return negated;
          if (has_marks(*negated)) return excluded_marks(begin);
          QueryNode node{QueryNode::Kind::kNot, begin, negated->end};
          node.children.push_back(std::move(*negated));
          return node;
        });
      }
      case Kind::kOpen:
        return nested(begin, [&]() -> Result<QueryNode> {
          Result<QueryNode> inner = alternatives("after '('");
          if (!inner) return inner;
          if (token_.kind != Kind::kClose) return error(begin, "this '(' is never closed; add ')'");
          if (auto advanced = advance(); !advanced) return advanced.error();
          return inner;
        });
      case Kind::kWord:
      case Kind::kPhrase:
      case Kind::kCased:
      case Kind::kRegex:
      case Kind::kField:
        return term();
      default:
        break;
    }
    const std::string found = token_.kind == Kind::kEnd ? "the end of the query" : fmt::format("'{}'", token_.text);
    return error(begin, fmt::format("expected a word, a phrase or '(' {}, found {}", after, found));
  }

  // Steps over the token that opens a level, and counts levels.
  template <class Inner>
  Result<QueryNode> nested(uint32_t begin, Inner inner) {
    if (expansion_.depth == kNestingMax) {
      return error(begin, fmt::format("parentheses and negations nest deeper than {}; split the query", kNestingMax));
    }
    if (auto advanced = advance(); !advanced) return advanced.error();
    ++expansion_.depth;
    Result<QueryNode> node = inner();
    --expansion_.depth;
    return node;
  }

  Result<QueryNode> term() {
    if (expansion_.macros.empty() && ++expansion_.written_terms > kTermsMax) {
      return error(token_.begin,
                   fmt::format("the query has more than {} terms; split it into several listeners", kTermsMax));
    }
    const QueryToken token = token_;
    if (auto advanced = advance(); !advanced) return advanced.error();
    if (token.kind == Kind::kField && token.field == "in") return list(token);
    if (token.kind == Kind::kField && token.text.starts_with(kListPrefix)) return list(token);
    if (const auto name = macro_name(token)) return macro(token, *name);
    return term(token, token.text);
  }

  // A term that `token` writes, or one of a list's entries in its place.
  Result<QueryNode> term(QueryToken token, std::string_view text) {
    if (auto counted = count(1, token.begin); !counted) return counted.error();
    QueryNode node{QueryNode::Kind::kPhrase, token.begin, token.end, text};
    node.written = query_.substr(token.begin, token.end - token.begin);
    token.text = text;
    if (auto filled = fill_term(token, expansion_.normaliser, node); !filled) {
      return error(token.begin, filled.error().message);
    }
    if (token.words_between_max && token.kind == Kind::kPhrase) {
      if (auto split = split_into_words(node, token); !split) return split.error();
    }
    if (node.value.size() <= kTermBytesMax) return node;
    return error(token.begin, fmt::format("this term has {} bytes; the most is {}", node.value.size(), kTermBytesMax));
  }

  // Counts terms once macros and lists stand for what they hold.
  Result<void> count(size_t more, size_t begin) {
    expansion_.terms += more;
    if (expansion_.terms <= kExpandedTermsMax) return {};
    return error(begin,
                 fmt::format("the query has more than {} terms once its macros and lists stand for what they hold; "
                             "split it into several listeners",
                             kExpandedTermsMax));
  }

  // "in:list/NAME" is any of its words and phrases, "from:list/NAME" any of these authors, and so on.
  Result<QueryNode> list(const QueryToken& token) {
    if (!token.text.starts_with(kListPrefix)) {
      return error(token.begin, fmt::format("expected a list such as in:list/competitors, found 'in:{}'", token.text));
    }
    const std::string_view name = token.text.substr(kListPrefix.size());
    const auto& lists = expansion_.library.lists;
    const auto found = lists.find(name);
    if (found == lists.end()) {
      return error(token.begin, fmt::format("there is no list '{}' (it would be the file lists/{}.txt beside the "
                                            "listeners); {}",
                                            name, name, hint_of_name(name, lists, "lists")));
    }
    QueryNode any{QueryNode::Kind::kOr, token.begin, token.end, token.text};
    any.written = query_.substr(token.begin, token.end - token.begin);
    QueryToken entry_token = token;
    for (const std::string& quoted : found->second.entries) {
      const std::string_view entry = std::string_view(quoted).substr(1, quoted.size() - 2);
      if (token.field == "in") {
        const bool is_name = form_of_sign(entry.front()) != QueryNode::Form::kFolded && entry.find(' ') == entry.npos;
        entry_token.kind = is_name ? Kind::kWord : Kind::kPhrase;
      }
      Result<QueryNode> each = term(entry_token, entry);
      if (!each)
        return invalid(fmt::format("{} (an entry of {})", each.error().message, found->second.file),
                       each.error().where);
      each->written = entry_token.kind == Kind::kWord ? entry : std::string_view(quoted);
      any.children.push_back(std::move(*each));
    }
    return any;
  }

  // The macro that a term names: one that "macro:" or "@" stands before, the latter only when there is such a macro.
  [[nodiscard]] std::optional<std::string_view> macro_name(const QueryToken& token) const {
    if (token.kind == Kind::kField && token.field == "macro") return token.text;
    if (token.kind != Kind::kWord || !token.text.starts_with('@')) return std::nullopt;
    const std::string_view name = token.text.substr(1);
    if (expansion_.library.macros.find(name) == expansion_.library.macros.end()) return std::nullopt;
    return name;
  }

  Result<QueryNode> macro(const QueryToken& token, std::string_view name) {
    const auto& macros = expansion_.library.macros;
    const auto found = macros.find(name);
    if (found == macros.end()) {
      return error(token.begin, fmt::format("there is no macro '{}'; {}", name, hint_of_name(name, macros, "macros")));
    }
    auto& open = expansion_.macros;
    if (std::find(open.begin(), open.end(), found->first) != open.end()) {
      return error(token.begin, fmt::format("the macro '{0}' is part of itself: {1} > {0}; take it out of one of them",
                                            name, fmt::join(open, " > ")));
    }
    if (expansion_.depth == kNestingMax) {
      return error(token.begin, fmt::format("macros and parentheses nest deeper than {}", kNestingMax));
    }
    ++expansion_.depth;
    open.push_back(found->first);
    Result<QueryNode> node = Parser(found->second.query, found->second.origin, expansion_).parse();
    open.pop_back();
    --expansion_.depth;
    if (node) relocate(*node, token.begin, token.end);
    return node;
  }

  // "a b"~N asks for its words anywhere near each other.
  Result<void> split_into_words(QueryNode& node, const QueryToken& token) {
    node.kind = QueryNode::Kind::kAllNear;
    node.form = QueryNode::Form::kFolded;
    node.words_between_max = *token.words_between_max;
    for (size_t space = 0; space + 1 < node.value.size();) {
      const size_t next = node.value.find(' ', space + 1);
      QueryNode& word = node.children.emplace_back();
      word.begin = node.begin;
      word.end = node.end;
      word.text = node.text;
      word.written = node.written;
      word.value = node.value.substr(space, next - space + 1);
      space = next;
    }
    if (auto counted = count(node.children.size(), token.begin); !counted) return counted;
    if (node.children.size() >= 2 && node.children.size() <= kNearWordsMax) return {};
    return error(token.begin, fmt::format("\"…\"~{} asks for 2 to {} words near each other; this has {}",
                                          node.words_between_max, kNearWordsMax, node.children.size()));
  }

  [[nodiscard]] Error error(size_t offset, std::string message) const {
    return error_in_query(query_, origin_, offset, std::move(message));
  }

  std::string_view query_;
  const QueryOrigin& origin_;
  Expansion& expansion_;
  QueryLexer lexer_;
  QueryToken token_;
};

}  // namespace

Result<QueryNode> parse_query(std::string_view query, const QueryOrigin& origin, const TextNormaliser& normaliser,
                              const QueryLibrary& library) {
  Expansion expansion{normaliser, library};
  return Parser(query, origin, expansion).parse();
}

Result<QueryNode> parse_query(const Listener& listener, const QueryLibrary& library, CaseFolding folding) {
  const TextNormaliser normaliser(folding_for(folding, listener.fold_diacritics));
  return parse_query(listener.query, listener.origin, normaliser, library);
}

}  // namespace earshot::match
