#include "ops/rules/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "operators/match/matcher.h"
#include "operators/match/query.h"

namespace earshot::rules {
namespace {

using match::QueryNode;
using Kind = QueryNode::Kind;

class Explainer {
 public:
  Explainer(const Listener& listener, const Post& post, CaseFolding folding)
      : query_(listener.query), post_(post), folding_(folding) {}

  Result<Explanation> explain(const QueryNode& node) const {
    if (node.kind != Kind::kAnd && node.kind != Kind::kOr && node.kind != Kind::kNot) return explain_term(node);
    Explanation explanation;
    explanation.what = node.kind == Kind::kAnd ? "all of" : node.kind == Kind::kOr ? "any of" : "none of";
    for (const QueryNode& child : node.children) {
      auto part = explain(child);
      if (!part) return part;
      explanation.parts.push_back(std::move(*part));
    }
    const auto holds = [](const Explanation& part) { return part.holds; };
    const auto& parts = explanation.parts;
    explanation.holds = node.kind == Kind::kAnd  ? std::all_of(parts.begin(), parts.end(), holds)
                        : node.kind == Kind::kOr ? std::any_of(parts.begin(), parts.end(), holds)
                                                 : std::none_of(parts.begin(), parts.end(), holds);
    return explanation;
  }

 private:
  [[nodiscard]] std::string written(const QueryNode& node) const {
    if (node.kind != Kind::kNear) return std::string(query_.substr(node.begin, node.end - node.begin));
    return fmt::format("{} {}NEAR/{} {}", written(node.children[0]), node.is_ordered ? "O" : "", node.words_between_max,
                       written(node.children[1]));
  }

  // A term is asked as a query of its own, so that what is explained is what the matcher does.
  Result<Explanation> explain_term(const QueryNode& node) const {
    auto alone = std::make_shared<ListenerSet>();
    alone->listeners.push_back({.name = "term", .spoke = {}, .owner = {}, .query = written(node)});
    const auto rules = match::RuleSet::compile(alone, {.folding = folding_});
    if (!rules) return rules.error();
    match::Matcher matcher(*rules);
    Explanation explanation;
    explanation.what = alone->listeners.front().query;
    for (const match::ListenerMatch& found : matcher.match(post_)) {
      explanation.holds = true;
      for (const ClauseMatch& clause : found.clauses) explanation.places.push_back({{}, clause.start, clause.end});
    }
    return explanation;
  }

  std::string_view query_;
  const Post& post_;
  CaseFolding folding_;
};

void append_text(std::string& out, const Explanation& explanation, const Post& post, size_t depth) {
  constexpr size_t kIndent = 2;
  out += fmt::format("{} {:{}}{}", explanation.holds ? "yes" : "no ", "", depth * kIndent, explanation.what);
  for (const ClauseMatch& place : explanation.places) {
    out +=
        fmt::format("  [{}, {}) '{}'", place.start, place.end, post.text.substr(place.start, place.end - place.start));
  }
  out += '\n';
  for (const Explanation& part : explanation.parts) append_text(out, part, post, depth + 1);
}

}  // namespace

Result<Explanation> explain(const Listener& listener, const Post& post, CaseFolding folding) {
  const auto query = match::parse_query(listener.query, listener.origin, TextNormaliser(folding));
  if (!query) return query.error();
  return Explainer(listener, post, folding).explain(*query);
}

std::string to_text(const Explanation& explanation, const Post& post) {
  std::string text;
  append_text(text, explanation, post, 0);
  return text;
}

}  // namespace earshot::rules
