// ListenWork: what the parallel part of LISTEN makes of one batch: posts, which of them matched whom, and how they
// feel.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/topology.h"
#include "operators/match/matcher.h"
#include "operators/parse/parser.h"
#include "operators/sentiment/scorer.h"
#include "operators/summarise/summariser.h"
#include "operators/triage/triager.h"
#include "ops/topologies/listen_stats.h"
#include "schemas/mention.h"

namespace earshot {

struct ListenWork : Work {
  using Work::Work;

  struct MatchedPost {
    uint32_t post = 0;  // index into posts
    uint32_t first_mention = 0;
    uint32_t mention_count = 0;
    summarise::MentionHashes hashes{};
    Sentiment sentiment;
    Triage triage;
  };
  struct MentionRow {
    uint32_t listener = 0;
    uint32_t first_clause = 0;
    uint32_t clause_count = 0;
    size_t json_start = 0;
    size_t json_end = 0;
  };

  [[nodiscard]] Mention mention(const ListenerSet& listeners, const MatchedPost& matched, const MentionRow& row) const;
  [[nodiscard]] std::string_view mention_json(const MentionRow& row) const {
    return std::string_view(json).substr(row.json_start, row.json_end - row.json_start);
  }

  parse::PostBatch posts;
  std::vector<MatchedPost> matched;
  std::vector<MentionRow> mentions;
  std::vector<ClauseMatch> clauses;
  std::string json;  // every mention's JSON, one after the other
  std::array<uint64_t, ListenStats::kStages> stage_ns{};
};

// One thread's operators. They hold scratch, so a thread has its own; the rules, lexicon and model behind them are
// shared.
class ListenThread {
 public:
  ListenThread(std::shared_ptr<const match::RuleSet> rules, std::shared_ptr<const triage::TriageRules> triage_rules,
               parse::Format format, std::unique_ptr<sentiment::Scorer> scorer);

  // Fills `work` from its batch.
  void process(ListenWork& work, bool renders_mentions);

 private:
  void match(ListenWork& work);
  void score(ListenWork& work);
  void render(ListenWork& work) const;

  std::shared_ptr<const match::RuleSet> rules_;
  parse::Parser parser_;
  match::Matcher matcher_;
  std::unique_ptr<sentiment::Scorer> scorer_;
  triage::Triager triager_;
};

}  // namespace earshot
