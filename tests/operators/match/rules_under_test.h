// Listeners and posts as tests write them.
#pragma once

#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operators/match/matcher.h"

namespace earshot::match {

inline std::shared_ptr<const ListenerSet> listeners_with(const std::vector<std::string>& queries) {
  auto set = std::make_shared<ListenerSet>();
  for (const std::string& query : queries) {
    Listener& listener = set->listeners.emplace_back();
    listener.name = "listener " + std::to_string(set->listeners.size() - 1);
    listener.query = query;
    listener.origin = {"rules.yaml", static_cast<int>(set->listeners.size()), 1, true};
  }
  return set;
}

// What the examples of docs/rules.md name, as the page defines it.
inline QueryLibrary example_library() {
  QueryLibrary library;
  library.macros["job_ads"] = {"\"we are hiring\" OR \"apply now\"", {"rules.yaml", 1, 1, true}};
  library.lists["competitors"] = {"lists/competitors.txt", {"\"Acme\"", "\"Big Corp\"", "\"#BigCorp\""}};
  return library;
}

inline std::shared_ptr<const RuleSet> compiled(ListenerSet set, const RuleOptions& options = {}) {
  auto rules = RuleSet::compile(std::make_shared<ListenerSet>(std::move(set)), options);
  if (!rules) throw std::invalid_argument(rules.error().to_string());
  return *rules;
}

// Feels as it is told.
class ToldSentiment final : public SentimentSource {
 public:
  explicit ToldSentiment(SentimentLabel label) : label_(label) {}
  SentimentLabel label(const Post&) override {
    ++asked_;
    return label_;
  }
  [[nodiscard]] int asked() const { return asked_; }

 private:
  SentimentLabel label_;
  int asked_ = 0;
};

// Finds the language that it is told.
class ToldLanguage final : public LanguageSource {
 public:
  explicit ToldLanguage(std::string_view language) : language_(language) {}
  std::string_view language(const Post&) override {
    ++asked_;
    return language_;
  }
  [[nodiscard]] int asked() const { return asked_; }

 private:
  std::string_view language_;
  int asked_ = 0;
};

// Precondition: the queries are right.
inline std::shared_ptr<const RuleSet> rules_with(const std::vector<std::string>& queries,
                                                 const RuleOptions& options = {}) {
  auto rules = RuleSet::compile(listeners_with(queries), options);
  if (!rules) throw std::invalid_argument(rules.error().to_string());
  return *rules;
}

inline Post post_with(std::string_view text, std::string_view handle = {}, std::string_view lang = {}) {
  Post post;
  post.text = text;
  post.author_handle = handle;
  post.lang = lang;
  return post;
}

// The error that a single query gives, "" when there is none.
inline std::string error_of(const std::string& query) {
  const auto rules = RuleSet::compile(listeners_with({query}));
  return rules ? std::string() : rules.error().to_string();
}

}  // namespace earshot::match
