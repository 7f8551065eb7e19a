// ServiceQueue: the mentions that wait for an answer of ours, most urgent first, and how long each waited. The clock
// starts at the post's time and is stopped by a reply of one of our own accounts. Event time alone decides, so that the
// same input gives the same events. Owns the keys "q…" and "t-queue" of its store. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/base/result.h"
#include "engine/state/state_store.h"
#include "schemas/engagement.h"

namespace earshot::queue {

inline constexpr size_t kBands = 5;  // of urgency

struct QueueOptions {
  // How soon an answer is due, by urgency from 5 down to 1.
  std::array<int64_t, kBands> answer_within_ms{900'000, 3'600'000, 14'400'000, 86'400'000, 259'200'000};
  size_t waiting_max = 100'000;             // beyond: the least urgent, and of those the oldest, leaves
  int64_t forget_after_ms = 1'209'600'000;  // unanswered for so long leaves as well
};

enum class QueueEvent : uint8_t { kQueued, kOverdue, kAnswered, kDropped, kWithdrawn };
std::string_view to_string(QueueEvent event);

// A mention in the queue.
struct Waiting {
  std::string listener;
  std::string spoke;
  std::string platform;
  std::string post_id;
  std::string url;
  int64_t urgency = 1;
  int64_t asked_ms = 0;
  int64_t due_ms = 0;
  bool is_overdue = false;
};

// What became of one; what comes after `answer_id` is there for kQueued alone.
struct QueueChange {
  QueueEvent event = QueueEvent::kQueued;
  Waiting waiting;
  int64_t time_ms = 0;
  std::string answer_id;
  std::string_view mention_json;
  TriageAction action = TriageAction::kMonitor;
  AuthorHistory before;
};

// Appends it as JSON (schemas/queue_event.schema.json) without a newline.
void append_queue_change_json(std::string& out, const QueueChange& change);

class ServiceQueue {
 public:
  using Emit = std::function<Result<void>(const QueueChange& change)>;

  // `store` outlives the queue.
  ServiceQueue(const QueueOptions& options, StateStore& store) : options_(options), store_(store) {}

  // Takes up what the store holds. kCorrupt: a record that is none of ours.
  Result<void> restore();

  // Takes a mention that asks for an answer, an answer, or the retraction of a mention; others change nothing but the
  // time. `before` is told with it: what its author said of the listener before.
  Result<void> apply(const Engagement& engagement, const AuthorHistory& before, const Emit& emit);

  // Tells what is overdue by then and forgets what waits for too long, at the times at which that came to be. An
  // earlier time changes nothing.
  Result<void> advance_to(int64_t time_ms, const Emit& emit);

  [[nodiscard]] size_t waiting() const { return waiting_.size(); }

 private:
  // Listener, platform and id of a post.
  using Key = std::tuple<std::string, std::string, std::string>;
  using ByTime = std::set<std::tuple<int64_t, Key>>;

  Result<void> ask(const Engagement& engagement, const AuthorHistory& before, const Emit& emit);
  Result<void> answer(const Engagement& answer, const Emit& emit);
  Result<void> withdraw(const Engagement& retraction, const Emit& emit);
  void insert(const Key& key, Waiting waiting);
  void erase(const Key& key);
  void save(const Key& key, const Waiting& waiting);

  QueueOptions options_;
  StateStore& store_;
  std::map<Key, Waiting> waiting_;
  std::set<std::tuple<int64_t, int64_t, Key>> by_rank_;                   // urgency, then time: the first leaves first
  ByTime by_due_;                                                         // those not yet overdue
  ByTime by_asked_;                                                       // all
  std::map<std::pair<std::string, std::string>, std::set<Key>> by_post_;  // platform and id
  int64_t now_ms_ = 0;                                                    // the newest time that was told
};

}  // namespace earshot::queue
