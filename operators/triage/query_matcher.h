// QueryMatcher: what triage asks of the rules' language. Operators do not know each other, so whoever composes them
// gives triage the matching of queries (ops/rules/triage_queries.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "schemas/listener.h"
#include "schemas/mention.h"

namespace earshot::triage {

struct Query {
  std::string text;  // in the rules' language, docs/rules.md
  QueryOrigin origin;
};

struct QueryHit {
  uint32_t query = 0;                    // by its place in what was compiled
  std::span<const ClauseMatch> clauses;  // distinct, by place in the post's text; empty when only fields decided
};

// Scratch of one thread.
class QueryMatcher {
 public:
  QueryMatcher() = default;
  QueryMatcher(const QueryMatcher&) = delete;
  QueryMatcher& operator=(const QueryMatcher&) = delete;
  virtual ~QueryMatcher() = default;

  // The queries that hold for a post with this feeling, in their order. Good until the next call.
  virtual std::span<const QueryHit> match(const Post& post, SentimentLabel feeling) = 0;
};

// Compiled queries. Immutable; shared between threads.
class QuerySet {
 public:
  QuerySet() = default;
  QuerySet(const QuerySet&) = delete;
  QuerySet& operator=(const QuerySet&) = delete;
  virtual ~QuerySet() = default;
  [[nodiscard]] virtual std::unique_ptr<QueryMatcher> make_matcher() const = 0;
};

// Errors: each query at fault, on a line with file, line and column.
using QueryCompiler = std::function<Result<std::shared_ptr<const QuerySet>>(std::vector<Query> queries)>;

}  // namespace earshot::triage
