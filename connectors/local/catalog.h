// Catalog: the topics of a local log and how far each partition reaches, as of the last commit that is visible. Shared
// by the writer and all sources of the process; safe to use from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/local/database.h"
#include "connectors/local/keys.h"
#include "engine/flow/log.h"

namespace earshot::local {

// Offsets of one partition: records lie in [earliest, end); below compacted_to each key occurs once.
struct Bounds {
  int64_t earliest = 0;
  int64_t end = 0;
  int64_t compacted_to = 0;
  friend bool operator==(const Bounds&, const Bounds&) = default;
};

struct Topic {
  uint32_t id = 0;
  TopicSpec spec;
};

using BoundsChanges = std::map<PartitionId, Bounds>;

// What the database keeps of both, under topic_key() and bounds_key().
std::string encode_topic(const Topic& topic);
std::string encode_bounds(const Bounds& bounds);

class Catalog {
 public:
  // Reads everything anew from the database; waiters wake when something changed.
  Result<void> load(const Database& database);

  [[nodiscard]] std::optional<Topic> find(std::string_view name) const;
  [[nodiscard]] std::vector<Topic> topics() const;
  [[nodiscard]] bool is_compacted(uint32_t topic) const;
  [[nodiscard]] Bounds bounds(PartitionId id) const;

  // Adds a topic, or replaces the one with its id; new partitions are empty.
  void put(const Topic& topic);

  // Makes the changes visible together and wakes all that wait.
  void publish(const BoundsChanges& changes);

  // Counts changes.
  [[nodiscard]] uint64_t version() const;

  // Returns when version() is no longer `seen`, when `woken` is true, or at the deadline.
  void wait(uint64_t seen, std::chrono::steady_clock::time_point deadline, const std::atomic<bool>& woken) const;

  // Makes all that wait look at their `woken`.
  void wake_all() const;

 private:
  struct Entry {
    Topic topic;
    std::vector<Bounds> bounds;
  };
  using Entries = std::vector<Entry>;  // a topic's id is its index

  static Result<Entries> read(const Database& database);

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Entries entries_;
  std::map<std::string, uint32_t, std::less<>> ids_;
  uint64_t version_ = 1;
};

}  // namespace earshot::local
