// Cost: what a listener set costs to compile, to keep and to match, and which listeners cost most.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "operators/match/rule_set.h"
#include "schemas/post.h"

namespace earshot::rules {

struct CostOptions {
  match::RuleOptions rules;
  size_t slowest = 10;                       // listeners that are named
  std::chrono::milliseconds budget{10'000};  // for looking at listeners one by one
  std::function<size_t()> allocated_bytes;   // of this thread; empty: memory is not measured
};

struct ListenerCost {
  std::string name;
  double ns_per_post = 0;  // alone, beyond what any set costs
  double compile_ms = 0;   // alone
  size_t matches = 0;
};

struct SetCost {
  size_t listeners = 0;
  double compile_ms = 0;
  size_t database_bytes = 0;   // of Hyperscan's databases and the index of phrases
  size_t allocated_bytes = 0;  // of the compiled set, databases included; 0 when not measured
  std::string phrase_finder;   // "index", "hyperscan", or of too few posts to tell "both, on trial"
  size_t posts = 0;
  size_t matched_posts = 0;
  double ns_per_post = 0;             // of the whole set, normalising included; median of several passes
  std::vector<ListenerCost> slowest;  // the slowest first
  size_t looked_at = 0;               // listeners that the budget sufficed for: those without plain words first
};

// Matches `posts` on this thread. Errors: those of the set's queries.
Result<SetCost> measure_cost(const std::shared_ptr<const ListenerSet>& listeners, std::span<const Post> posts,
                             const CostOptions& options);

std::string to_text(const SetCost& cost);

}  // namespace earshot::rules
