// ListenWork: what the parallel part of LISTEN makes of one batch: posts, which of them matched whom, and how they
// feel.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/topology.h"
#include "engine/time/wall_clock.h"
#include "operators/match/matcher.h"
#include "operators/parse/parser.h"
#include "operators/sentiment/post_scorer.h"
#include "operators/summarise/summariser.h"
#include "operators/triage/triager.h"
#include "ops/topologies/listen_stats.h"
#include "ops/topologies/post_language.h"
#include "schemas/mention.h"

namespace earshot {

// What a batch becomes. Its memory is used again for the next batch: fresh pages cost more than what is written to
// them.
struct ListenRows {
  struct MatchedPost {
    uint32_t post = 0;  // index into posts
    uint32_t first_mention = 0;
    uint32_t mention_count = 0;
    summarise::MentionHashes hashes{};
    size_t words_start = 0;  // in `words`
    size_t words_end = 0;
    Sentiment sentiment;  // of all of it
    Triage triage;
  };
  struct MentionRow {
    uint32_t listener = 0;
    uint32_t first_clause = 0;
    uint32_t clause_count = 0;
    uint32_t first_tag = 0;
    uint32_t tag_count = 0;
    int64_t weight = 0;
    Sentiment sentiment;  // towards what the listener found
    size_t json_start = 0;
    size_t json_end = 0;
  };

  [[nodiscard]] Mention mention(const ListenerSet& listeners, const MatchedPost& matched, const MentionRow& row) const;
  [[nodiscard]] std::string_view words_of(const MatchedPost& post) const {
    return std::string_view(words).substr(post.words_start, post.words_end - post.words_start);
  }
  [[nodiscard]] std::string_view mention_json(const MentionRow& row) const {
    return std::string_view(json).substr(row.json_start, row.json_end - row.json_start);
  }

  parse::PostBatch posts;
  std::vector<MatchedPost> matched;
  std::vector<MentionRow> mentions;
  std::vector<ClauseMatch> clauses;
  std::vector<std::string_view> tags;  // of the rules; they live as long as those
  std::string words;                   // every matched post's, as samples have them, one after the other
  std::string json;                    // every mention's JSON, one after the other
  std::array<uint64_t, ListenStats::kStages> stage_ns{};

  void clear();
};

// Rows that no batch uses at the moment. Thread-safe.
class ListenRowsPool {
 public:
  std::unique_ptr<ListenRows> take();
  void give_back(std::unique_ptr<ListenRows> rows);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<ListenRows>> free_;
};

struct ListenWork : Work {
  ListenWork(std::unique_ptr<RecordBatch> owned, std::shared_ptr<ListenRowsPool> rows_pool)
      : Work(std::move(owned)), rows(rows_pool->take()), pool(std::move(rows_pool)) {}
  ListenWork(const ListenWork&) = delete;
  ListenWork& operator=(const ListenWork&) = delete;
  ~ListenWork() override { pool->give_back(std::move(rows)); }

  std::unique_ptr<ListenRows> rows;
  std::shared_ptr<ListenRowsPool> pool;
  // Nobody has written a later post. A day lets through whatever time zone was forgotten.
  int64_t latest_post_ms = wall_clock_ms() + 86'400'000;
};

// One thread's operators. They hold scratch, so a thread has its own; the rules, lexicon and model behind them are
// shared.
class ListenThread {
 public:
  ListenThread(std::shared_ptr<const match::RuleSet> rules, std::shared_ptr<const triage::TriageRules> triage_rules,
               parse::ParseOptions parse, std::unique_ptr<sentiment::PostScorer> scorer);

  void adopt(std::shared_ptr<const match::RuleSet> rules);
  void adopt(std::shared_ptr<const triage::TriageRules> rules);

  // Fills `rows` from `batch`.
  void process(const RecordBatch& batch, ListenRows& rows, bool renders_mentions);

 private:
  void match(ListenRows& rows);
  void score(ListenRows& rows);
  void render(ListenRows& rows) const;

  std::shared_ptr<const match::RuleSet> rules_;
  PostLanguage language_;
  parse::Parser parser_;
  match::Matcher matcher_;
  std::unique_ptr<sentiment::PostScorer> scorer_;
  triage::Triager triager_;
};

}  // namespace earshot
