// Standbys: warm copies of other members' state, kept up to their changelogs, so that a task whose process died goes on
// after reading a tail. A thread of its own follows the changelogs.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "connectors/kafka/changelog_state.h"
#include "connectors/kafka/cluster.h"
#include "engine/flow/log.h"

namespace earshot::kafka {

// Which partitions of `topic` the member `instance` keeps copies of: of the members that do not own a partition, the
// `copies` whose hash with it is highest (rendezvous hashing; Thaler and Ravishankar, 1998).
std::set<int32_t> standby_partitions(const std::vector<GroupMember>& members, const std::string& topic,
                                     const std::string& instance, size_t copies);

class Standbys {
 public:
  using Key = std::pair<std::string, int32_t>;  // store and partition

  explicit Standbys(ChangelogState::Rooms rooms);

  void keep(const StandbyRequest& request);

  // What a group looks like now decides what is kept here.
  void on_members(const std::string& group, const std::vector<GroupMember>& members);

  // Lets go of a copy, since its task comes to this process; it is not taken up again for a while.
  void release(const std::string& store, int32_t partition);

 private:
  using Clock = std::chrono::steady_clock;
  struct Copy {
    std::mutex mutex;  // held while the copy is read
    std::unique_ptr<ChangelogState> state;
    bool is_released = false;
  };

  void loop(const std::stop_token& stop);
  void follow(const Key& key, Copy& copy);
  void drop_unwanted();
  std::vector<std::pair<Key, std::shared_ptr<Copy>>> take_wanted();

  ChangelogState::Rooms rooms_;
  std::mutex mutex_;
  std::vector<StandbyRequest> requests_;
  std::map<std::string, std::set<Key>> wanted_;  // by group
  std::map<Key, std::shared_ptr<Copy>> copies_;
  std::map<Key, Clock::time_point> hands_off_until_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace earshot::kafka
