// Advocates: for each listener, the authors who keep speaking well of it, or ill. What an author said counts half after
// each half-life; a day's changes are told when its first later post comes, so that event time alone decides. Owns the
// keys "a…" of its store. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "engine/base/result.h"
#include "engine/state/state_store.h"
#include "schemas/engagement.h"

namespace earshot::advocates {

struct AdvocateOptions {
  int64_t half_life_ms = 2'592'000'000;  // 30 days
  double posts_min = 2.5;                // decayed, of one kind, to be an advocate or a detractor
  double share_min = 0.75;               // of that kind among both
  size_t authors_max = 100'000;          // beyond: who was silent for longest is forgotten
};

enum class Standing : uint8_t { kNone, kAdvocate, kDetractor };
std::string_view to_string(Standing standing);

// An author as one listener's mentions know them.
struct Author {
  std::string listener;
  std::string platform;
  std::string id;  // or the handle of an author without one
  std::string handle;
  double good = 0;  // posts, each decayed since it was written
  double ill = 0;
  int64_t followers = 0;
  int64_t last_ms = 0;
  Standing told = Standing::kNone;  // as it was told last
};

struct StandingChange {
  Author author;
  Standing standing = Standing::kNone;
  Standing before = Standing::kNone;
  int64_t day_ms = 0;  // the start of the day that brought it, UTC
};

// Appends it as JSON (schemas/standing.schema.json) without a newline.
void append_standing_change_json(std::string& out, const StandingChange& change);

class Advocates {
 public:
  using Emit = std::function<Result<void>(const StandingChange& change)>;

  // `store` outlives the operator.
  Advocates(const AdvocateOptions& options, StateStore& store) : options_(options), store_(store) {}

  // Takes up what the store holds. kCorrupt: a record that is none of ours.
  Result<void> restore();

  // Takes a mention; answers what its author said of the listener before.
  Result<AuthorHistory> apply(const Engagement& engagement, const Emit& emit);

  // Writes what changed to the store.
  void checkpoint();

  [[nodiscard]] size_t authors() const { return authors_.size(); }

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  // listener, platform, author

  Result<void> end_days_before(int64_t time_ms, const Emit& emit);
  [[nodiscard]] Standing standing_of(const Author& author) const;
  [[nodiscard]] AuthorHistory history_of(const Key& key, int64_t time_ms) const;
  void decay(Author& author, int64_t to_ms) const;
  void forget_the_silent();

  AdvocateOptions options_;
  StateStore& store_;
  std::map<Key, Author> authors_;
  std::set<std::pair<int64_t, Key>> by_last_;
  std::set<Key> dirty_;     // since the last checkpoint
  std::set<Key> to_judge_;  // who spoke on the day that is not over
  int64_t day_ms_ = 0;      // its start
};

}  // namespace earshot::advocates
