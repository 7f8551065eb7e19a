// Listeners and posts as tests write them.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
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
