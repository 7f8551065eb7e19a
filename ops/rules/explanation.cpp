#include "ops/rules/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "operators/match/matcher.h"
#include "operators/match/query.h"
#include "operators/match/rule_program.h"

namespace earshot::rules {
namespace {

using match::asks_for_sentiment;
using match::QueryNode;
using Kind = QueryNode::Kind;

class Explainer {
 public:
  Explainer(const Listener& listener, const Post& post, CaseFolding folding, const QueryLibrary& library,
            match::SentimentSource* sentiment)
      : listener_(listener), post_(post), folding_(folding), library_(library), sentiment_(sentiment) {}

  Result<Explanation> explain(const QueryNode& node) const {
    // A list is explained as a whole: it may be long.
    const bool is_list = node.kind == Kind::kOr && !node.written.empty();
    const bool is_term = node.kind != Kind::kAnd && node.kind != Kind::kOr && node.kind != Kind::kNot;
    if (is_term || is_list) return explain_term(node);
    Explanation explanation;
    explanation.what = node.kind == Kind::kAnd ? "all of" : node.kind == Kind::kOr ? "any of" : "none of";
    explanation.what += marks(node);
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
  [[nodiscard]] static std::string written(const QueryNode& node) {
    if (node.kind != Kind::kNear) return std::string(node.written);
    return fmt::format("{} {}NEAR/{} {}", written(node.children[0]), node.is_ordered ? "O" : "", node.words_between_max,
                       written(node.children[1]));
  }

  // The tags and weight that go with a part.
  [[nodiscard]] static std::string marks(const QueryNode& node) {
    if (node.tags.empty() && node.weight == 0) return {};
    std::string text;
    for (const std::string_view tag : node.tags) text += fmt::format(" tag:{}", tag);
    if (node.weight != 0) text += fmt::format(" weight:{}", node.weight);
    return fmt::format(" [{}]", text.substr(1));
  }

  // A term is asked as a query of its own, so that what is explained is what the matcher does.
  Result<Explanation> explain_term(const QueryNode& node) const {
    auto alone = std::make_shared<ListenerSet>();
    Listener& listener = alone->listeners.emplace_back();
    listener.fold_diacritics = listener_.fold_diacritics;
    listener.split_hashtags = listener_.split_hashtags;
    listener.query = written(node);
    if (node.kind == Kind::kOr) alone->library.lists = library_.lists;
    Explanation explanation;
    explanation.what = listener.query + marks(node);
    if (asks_for_sentiment(node)) {  // a query of its own must ask for more
      const auto wanted = match::parse_condition(node.value);
      explanation.holds =
          wanted && sentiment_ != nullptr && static_cast<uint8_t>(sentiment_->label(post_)) == wanted->choice;
      return explanation;
    }
    const auto rules = match::RuleSet::compile(alone, {.folding = folding_});
    if (!rules) return rules.error();
    match::Matcher matcher(*rules);
    for (const match::ListenerMatch& found : matcher.match(post_)) {
      explanation.holds = true;
      for (const ClauseMatch& clause : found.clauses) explanation.places.push_back({{}, clause.start, clause.end});
    }
    return explanation;
  }

  const Listener& listener_;
  const Post& post_;
  CaseFolding folding_;
  const QueryLibrary& library_;
  match::SentimentSource* sentiment_;
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

Result<Explanation> explain(const Listener& listener, const Post& post, CaseFolding folding,
                            const QueryLibrary& library, match::SentimentSource* sentiment) {
  const auto query = match::parse_query(listener, library, folding);
  if (!query) return query.error();
  return Explainer(listener, post, folding, library, sentiment).explain(*query);
}

std::string to_text(const Explanation& explanation, const Post& post) {
  std::string text;
  append_text(text, explanation, post, 0);
  return text;
}

}  // namespace earshot::rules
