#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/config/nearest_name.h"
#include "engine/text/utf8.h"
#include "operators/match/condition.h"
#include "operators/match/nearness.h"
#include "operators/match/query.h"
#include "operators/match/query_lexer.h"
#include "operators/match/rule_program.h"
#include "operators/match/word_pattern.h"

namespace earshot::match {
namespace {

using Kind = QueryToken::Kind;

std::string unknown_field_message(std::string_view name) {
  std::vector<std::string_view> names{"from", "lang"};
  names.insert(names.end(), condition_fields().begin(), condition_fields().end());
  const std::string_view nearest = nearest_name(name, names);
  const std::string hint = nearest.empty() ? fmt::format("the fields are {}:", fmt::join(names, ":, "))
                                           : fmt::format("did you mean '{}:'?", nearest);
  return fmt::format("unknown field '{}:'; {} (to search for it as text, put it in quotes)", name, hint);
}

bool is_language_tag(std::string_view tag) {
  const auto is_tag_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  return tag.size() >= 2 && tag.size() <= 35 && tag.front() != '-' && tag.back() != '-' &&
         std::all_of(tag.begin(), tag.end(), is_tag_character);
}

// Recursive descent: OR of ANDs of terms; its depth is bounded by kNestingMax.
class Parser {
 public:
  Parser(std::string_view query, const QueryOrigin& origin, const TextNormaliser& normaliser)
      : query_(query), origin_(origin), normaliser_(normaliser), lexer_(query, origin) {}

  Result<QueryNode> parse() {
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
    terms_ += befores.size() * afters.size();
    if (terms_ > kTermsMax) return too_many_terms(near.begin);
    for (const QueryNode* one : befores) {
      for (const QueryNode* other : afters) {
        QueryNode& node = any.children.emplace_back(QueryNode{QueryNode::Kind::kNear, first->begin, second->end});
        node.children = {*one, *other};
        node.words_between_max = *near.words_between_max;
        node.is_ordered = near.is_ordered;
      }
    }
    if (any.children.size() == 1) return QueryNode(std::move(any.children.front()));
    return any;
  }

  // One term, perhaps negated, or what is in parentheses. `after` says where, for the error.
  Result<QueryNode> factor(std::string_view after) {
    const uint32_t begin = token_.begin;
    switch (token_.kind) {
      case Kind::kNot:
      case Kind::kMinus: {
        const std::string_view place = token_.kind == Kind::kNot ? "after NOT" : "after '-'";
        return nested(begin, [&]() -> Result<QueryNode> {
          Result<QueryNode> negated = factor(place);
          if (!negated) return negated;
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
    if (depth_ == kNestingMax) {
      return error(begin, fmt::format("parentheses and negations nest deeper than {}; split the query", kNestingMax));
    }
    if (auto advanced = advance(); !advanced) return advanced.error();
    ++depth_;
    Result<QueryNode> node = inner();
    --depth_;
    return node;
  }

  Result<QueryNode> term() {
    if (++terms_ > kTermsMax) return too_many_terms(token_.begin);
    QueryNode node{QueryNode::Kind::kPhrase, token_.begin, token_.end, token_.text};
    if (auto filled = token_.kind == Kind::kField ? fill_field(node) : fill_phrase(node); !filled)
      return filled.error();
    if (token_.words_between_max && token_.kind == Kind::kPhrase) {
      if (auto split = split_into_words(node); !split) return split.error();
    }
    if (node.value.size() > kTermBytesMax) {
      return error(token_.begin,
                   fmt::format("this term has {} bytes; the most is {}", node.value.size(), kTermBytesMax));
    }
    if (auto advanced = advance(); !advanced) return advanced.error();
    return node;
  }

  [[nodiscard]] Error too_many_terms(size_t begin) const {
    return error(begin, fmt::format("the query has more than {} terms; split it into several listeners", kTermsMax));
  }

  // "a b"~N asks for its words anywhere near each other.
  Result<void> split_into_words(QueryNode& node) {
    node.kind = QueryNode::Kind::kAllNear;
    node.words_between_max = *token_.words_between_max;
    for (size_t space = 0; space + 1 < node.value.size();) {
      const size_t next = node.value.find(' ', space + 1);
      QueryNode word{QueryNode::Kind::kPhrase, node.begin, node.end, node.text, node.value.substr(space, next - space + 1)};
      node.children.push_back(std::move(word));
      space = next;
    }
    terms_ += node.children.size();
    if (terms_ > kTermsMax) return too_many_terms(token_.begin);
    if (node.children.size() >= 2 && node.children.size() <= kNearWordsMax) return {};
    return error(token_.begin, fmt::format("\"…\"~{} asks for 2 to {} words near each other; this has {}",
                                           node.words_between_max, kNearWordsMax, node.children.size()));
  }

  Result<void> fill_phrase(QueryNode& node) const {
    if (token_.kind == Kind::kWord && has_wildcard(node.text)) {
      auto pattern = normalise_pattern(node.text, normaliser_);
      if (!pattern) return error(token_.begin, pattern.error().message);
      node.value = std::move(*pattern);
      return {};
    }
    node.value = normaliser_.normalise(node.text);
    if (node.value.size() > 1) return {};
    return error(token_.begin,
                 fmt::format("'{}' has no letter or digit, so that nothing would match it; posts are searched "
                             "by words, without punctuation",
                             token_.text));
  }

  Result<void> fill_field(QueryNode& node) const {
    std::string_view value = node.text;
    if (token_.field != "from" && token_.field != "lang") {
      const auto fields = condition_fields();
      if (std::find(fields.begin(), fields.end(), token_.field) == fields.end()) {
        return error(token_.begin, unknown_field_message(token_.field));
      }
      const auto condition = parse_condition(token_.field, value);
      if (!condition) return error(token_.begin, condition.error().message);
      node.kind = QueryNode::Kind::kCondition;
      node.value = fmt::format("{}:{}", token_.field, value);
      return {};
    }
    node.kind = token_.field == "from" ? QueryNode::Kind::kFrom : QueryNode::Kind::kLang;
    if (node.kind == QueryNode::Kind::kLang && !is_language_tag(value)) {
      return error(token_.begin,
                   fmt::format("expected a language tag such as lang:en or lang:pt-BR, found 'lang:{}'", value));
    }
    if (node.kind == QueryNode::Kind::kFrom && value.starts_with('@')) value.remove_prefix(1);
    if (value.empty()) return error(token_.begin, "expected an author's handle or id right after 'from:'");
    append_lowered(node.value, value);
    return {};
  }

  [[nodiscard]] Error error(size_t offset, std::string message) const {
    return error_in_query(query_, origin_, offset, std::move(message));
  }

  std::string_view query_;
  const QueryOrigin& origin_;
  const TextNormaliser& normaliser_;
  QueryLexer lexer_;
  QueryToken token_;
  size_t terms_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<QueryNode> parse_query(std::string_view query, const QueryOrigin& origin, const TextNormaliser& normaliser) {
  if (query.size() > kQueryBytesMax) {
    return error_in_query(query, origin, 0,
                          fmt::format("the query has {} bytes; the most is {}. Split it into several "
                                      "listeners",
                                      query.size(), kQueryBytesMax));
  }
  for (size_t at = 0; at < query.size();) {
    const CodePoint code_point = decode_utf8(query.data() + at, query.data() + query.size());
    if (code_point.value == kNotUtf8)
      return error_in_query(query, origin, at, "this byte is not UTF-8; save the file as UTF-8");
    at += code_point.length;
  }
  return Parser(query, origin, normaliser).parse();
}

Error error_in_query(std::string_view query, const QueryOrigin& origin, size_t offset, std::string message) {
  int line = std::max(origin.line, 1);
  int column = std::max(origin.column, 1);
  const std::string_view file = origin.file.empty() ? "query" : std::string_view(origin.file);
  const auto count_characters = [](std::string_view text) {
    return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  };
  const std::string_view before = query.substr(0, offset);
  if (origin.is_verbatim) {
    const size_t last_break = before.rfind('\n');
    line += static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    column += count_characters(last_break == std::string_view::npos ? before : before.substr(last_break + 1));
  } else {
    message += fmt::format(" (at character {} of the query)", count_characters(before) + 1);
  }
  return invalid(std::move(message), fmt::format("{}:{}:{}", file, line, column));
}

void append_lowered(std::string& out, std::string_view text) {
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace earshot::match
