#include "ops/topologies/listen_work.h"

#include <utility>

#include "engine/base/hash.h"

namespace earshot {
namespace {

using Clock = std::chrono::steady_clock;

// Adds the time since its last reading to each stage in turn.
class StageWatch {
 public:
  explicit StageWatch(ListenWork& work) : work_(work) {}
  void end(ListenStats::Stage stage) {
    const auto now = Clock::now();
    work_.stage_ns[stage] += static_cast<uint64_t>((now - last_).count());
    last_ = now;
  }

 private:
  ListenWork& work_;
  Clock::time_point last_ = Clock::now();
};

}  // namespace

Mention ListenWork::mention(const ListenerSet& listeners, const MatchedPost& matched_post,
                            const MentionRow& row) const {
  Mention mention;
  mention.post = &posts.posts[matched_post.post];
  mention.listener = &listeners.listeners[row.listener];
  mention.clauses = std::span(clauses).subspan(row.first_clause, row.clause_count);
  mention.sentiment = matched_post.sentiment;
  mention.triage = matched_post.triage;
  return mention;
}

ListenThread::ListenThread(std::shared_ptr<const match::RuleSet> rules,
                           std::shared_ptr<const triage::TriageRules> triage_rules, parse::Format format,
                           std::unique_ptr<sentiment::Scorer> scorer)
    : rules_(std::move(rules)),
      parser_(format),
      matcher_(rules_),
      scorer_(std::move(scorer)),
      triager_(std::move(triage_rules)) {}

// Stage by stage over the whole batch, so that each stage's code and tables stay in the cache and its time is one
// reading.
void ListenThread::process(ListenWork& work, bool renders_mentions) {
  StageWatch watch(work);
  parser_.parse(*work.batch, work.posts);
  watch.end(ListenStats::kParse);
  match(work);
  watch.end(ListenStats::kMatch);
  for (auto& matched : work.matched) matched.sentiment = scorer_->score(work.posts.posts[matched.post].text);
  watch.end(ListenStats::kSentiment);
  for (auto& matched : work.matched) {
    matched.triage = triager_.classify(work.posts.posts[matched.post], matched.sentiment);
  }
  watch.end(ListenStats::kTriage);
  if (renders_mentions) render(work);
  watch.end(ListenStats::kRender);
}

void ListenThread::match(ListenWork& work) {
  for (uint32_t index = 0; index < work.posts.posts.size(); ++index) {
    const Post& post = work.posts.posts[index];
    const auto matches = matcher_.match(post);
    if (matches.empty()) continue;
    ListenWork::MatchedPost& matched = work.matched.emplace_back();
    matched.post = index;
    matched.first_mention = static_cast<uint32_t>(work.mentions.size());
    matched.mention_count = static_cast<uint32_t>(matches.size());
    const uint64_t platform = hash_64(post.platform);
    matched.hashes = {.post_id = hash_64(post.id, platform),
                      .author = hash_64(post.author_id.empty() ? post.author_handle : post.author_id, platform),
                      .text = hash_64(matcher_.normalised().text())};
    for (const match::ListenerMatch& found : matches) {
      ListenWork::MentionRow& row = work.mentions.emplace_back();
      row.listener = found.listener;
      row.first_clause = static_cast<uint32_t>(work.clauses.size());
      row.clause_count = static_cast<uint32_t>(found.clauses.size());
      work.clauses.insert(work.clauses.end(), found.clauses.begin(), found.clauses.end());
    }
  }
}

void ListenThread::render(ListenWork& work) const {
  const ListenerSet& listeners = *rules_->listeners();
  for (const auto& matched : work.matched) {
    for (uint32_t i = 0; i < matched.mention_count; ++i) {
      ListenWork::MentionRow& row = work.mentions[matched.first_mention + i];
      row.json_start = work.json.size();
      append_mention_json(work.json, work.mention(listeners, matched, row), listeners.version);
      row.json_end = work.json.size();
    }
  }
}

}  // namespace earshot
