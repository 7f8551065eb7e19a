#include "ops/topologies/listen_work.h"

#include <utility>

#include "engine/base/hash.h"
#include "engine/text/text_shape.h"
#include "ops/topologies/post_sentiment.h"

namespace earshot {
namespace {

using Clock = std::chrono::steady_clock;

// The language is asked for later, of posts that match.
parse::ParseOptions without_detection(parse::ParseOptions options) {
  options.detects_language = false;
  return options;
}

// Adds the time since its last reading to each stage in turn.
class StageWatch {
 public:
  explicit StageWatch(ListenRows& rows) : rows_(rows) {}
  void end(ListenStats::Stage stage) {
    const auto now = Clock::now();
    rows_.stage_ns[stage] += static_cast<uint64_t>((now - last_).count());
    last_ = now;
  }

 private:
  ListenRows& rows_;
  Clock::time_point last_ = Clock::now();
};

}  // namespace

Mention ListenRows::mention(const ListenerSet& listeners, const MatchedPost& matched_post,
                            const MentionRow& row) const {
  Mention mention;
  mention.post = &posts.posts[matched_post.post];
  mention.listener = &listeners.listeners[row.listener];
  mention.clauses = std::span(clauses).subspan(row.first_clause, row.clause_count);
  mention.tags = std::span(tags).subspan(row.first_tag, row.tag_count);
  mention.weight = row.weight;
  mention.sentiment = row.sentiment;
  mention.triage = matched_post.triage;
  return mention;
}

void ListenRows::clear() {
  posts.clear();
  matched.clear();
  mentions.clear();
  clauses.clear();
  tags.clear();
  words.clear();
  json.clear();
  stage_ns = {};
}

std::unique_ptr<ListenRows> ListenRowsPool::take() {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return std::make_unique<ListenRows>();
  auto rows = std::move(free_.back());
  free_.pop_back();
  return rows;
}

void ListenRowsPool::give_back(std::unique_ptr<ListenRows> rows) {
  constexpr size_t kKeptJsonBytes = 16 << 20;  // a batch of giants must not stay for ever
  if (rows->json.capacity() > kKeptJsonBytes) return;
  rows->clear();
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(rows));
}

ListenThread::ListenThread(std::shared_ptr<const match::RuleSet> rules,
                           std::shared_ptr<const triage::TriageRules> triage_rules, parse::ParseOptions parse,
                           std::unique_ptr<sentiment::PostScorer> scorer)
    : rules_(std::move(rules)),
      language_(parse.detects_language),
      parser_(without_detection(std::move(parse))),
      matcher_(rules_),
      scorer_(std::move(scorer)),
      triager_(std::move(triage_rules)) {}

void ListenThread::adopt(std::shared_ptr<const match::RuleSet> rules) {
  rules_ = std::move(rules);
  matcher_ = match::Matcher(rules_);
}

void ListenThread::adopt(std::shared_ptr<const triage::TriageRules> rules) {
  triager_ = triage::Triager(std::move(rules));
}

// Stage by stage over the whole batch, so that each stage's code and tables stay in the cache and its time is one
// reading.
void ListenThread::process(const RecordBatch& batch, ListenRows& rows, bool renders_mentions) {
  StageWatch watch(rows);
  parser_.parse(batch, rows.posts);
  watch.end(ListenStats::kParse);
  match(rows);
  watch.end(ListenStats::kMatch);
  score(rows);
  watch.end(ListenStats::kSentiment);
  for (auto& matched : rows.matched) {
    matched.triage = triager_.classify(rows.posts.posts[matched.post], matched.sentiment);
  }
  watch.end(ListenStats::kTriage);
  if (renders_mentions) render(rows);
  watch.end(ListenStats::kRender);
}

void ListenThread::match(ListenRows& rows) {
  PostSentiment sentiment(*scorer_, &language_);
  for (uint32_t index = 0; index < rows.posts.posts.size(); ++index) {
    Post& post = rows.posts.posts[index];
    if (post.change == PostChange::kDeleted) continue;
    language_.begin_post();
    const auto matches = matcher_.match(post, &sentiment, &language_);
    if (matches.empty()) continue;
    post.lang = language_.language(post);
    ListenRows::MatchedPost& matched = rows.matched.emplace_back();
    matched.post = index;
    matched.first_mention = static_cast<uint32_t>(rows.mentions.size());
    matched.mention_count = static_cast<uint32_t>(matches.size());
    const uint64_t platform = hash_64(post.platform);
    matched.hashes = {.post_id = hash_64(post.id, platform),
                      .author = hash_64(post.author_id.empty() ? post.author_handle : post.author_id, platform),
                      .text = hash_64(matcher_.normalised().text()),
                      .shape = text_shape(matcher_.normalised().text())};
    matched.words_start = rows.words.size();
    rows.words += sampled_words(matcher_.normalised().text());
    matched.words_end = rows.words.size();
    for (const match::ListenerMatch& found : matches) {
      ListenRows::MentionRow& row = rows.mentions.emplace_back();
      row.listener = found.listener;
      row.first_clause = static_cast<uint32_t>(rows.clauses.size());
      row.clause_count = static_cast<uint32_t>(found.clauses.size());
      rows.clauses.insert(rows.clauses.end(), found.clauses.begin(), found.clauses.end());
      row.first_tag = static_cast<uint32_t>(rows.tags.size());
      row.tag_count = static_cast<uint32_t>(found.tags.size());
      row.weight = found.weight;
      rows.tags.insert(rows.tags.end(), found.tags.begin(), found.tags.end());
    }
  }
}

void ListenThread::score(ListenRows& rows) {
  for (auto& matched : rows.matched) {
    const Post& post = rows.posts.posts[matched.post];
    matched.sentiment = scorer_->score(post.text, post.lang);
    for (uint32_t i = 0; i < matched.mention_count; ++i) {
      ListenRows::MentionRow& row = rows.mentions[matched.first_mention + i];
      row.sentiment = scorer_->towards(post.text, std::span(rows.clauses).subspan(row.first_clause, row.clause_count));
    }
  }
}

void ListenThread::render(ListenRows& rows) const {
  const ListenerSet& listeners = *rules_->listeners();
  for (const auto& matched : rows.matched) {
    for (uint32_t i = 0; i < matched.mention_count; ++i) {
      ListenRows::MentionRow& row = rows.mentions[matched.first_mention + i];
      row.json_start = rows.json.size();
      append_mention_json(rows.json, rows.mention(listeners, matched, row), listeners.version);
      row.json_end = rows.json.size();
    }
  }
}

}  // namespace earshot
