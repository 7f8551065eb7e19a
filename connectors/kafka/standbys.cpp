#include "connectors/kafka/standbys.h"

#include <algorithm>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/stoppable_sleep.h"

namespace earshot::kafka {

namespace {
constexpr std::chrono::milliseconds kFollowEvery{500};
constexpr std::chrono::seconds kHandsOff{30};  // longer than a group needs to settle
}  // namespace

std::set<int32_t> standby_partitions(const std::vector<GroupMember>& members, const std::string& topic,
                                     const std::string& instance, size_t copies) {
  std::set<int32_t> mine;
  for (const GroupMember& owner : members) {
    for (const TopicPartition& partition : owner.partitions) {
      if (partition.topic != topic || owner.instance == instance) continue;
      const auto weight = [&](const std::string& name) {
        return hash_64(name, hash_64(topic, static_cast<uint64_t>(partition.partition)));
      };
      const auto is_before_me = [&](const GroupMember& other) {
        return !other.instance.empty() && other.instance != owner.instance && other.instance != instance &&
               weight(other.instance) > weight(instance);
      };
      if (static_cast<size_t>(std::ranges::count_if(members, is_before_me)) < copies) mine.insert(partition.partition);
    }
  }
  return mine;
}

Standbys::Standbys(ChangelogState::Rooms rooms)
    : rooms_(std::move(rooms)), thread_([this](const std::stop_token& stop) { loop(stop); }) {}

void Standbys::keep(const StandbyRequest& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
}

void Standbys::on_members(const std::string& group, const std::vector<GroupMember>& members) {
  const std::lock_guard lock(mutex_);
  std::set<Key> wanted;
  for (const StandbyRequest& request : requests_) {
    if (request.group != group) continue;
    for (const int32_t partition :
         standby_partitions(members, request.topic, rooms_.options.instance, request.copies)) {
      wanted.insert({request.store, partition});
    }
  }
  wanted_[group] = std::move(wanted);
}

void Standbys::release(const std::string& store, int32_t partition) {
  std::shared_ptr<Copy> copy;
  {
    const std::lock_guard lock(mutex_);
    const Key key{store, partition};
    hands_off_until_[key] = Clock::now() + kHandsOff;
    const auto found = copies_.find(key);
    if (found == copies_.end()) return;
    copy = std::move(found->second);
    copies_.erase(found);
  }
  const std::lock_guard lock(copy->mutex);
  copy->is_released = true;
  copy->state.reset();
}

void Standbys::loop(const std::stop_token& stop) {
  do {
    drop_unwanted();
    for (const auto& [key, copy] : take_wanted()) {
      if (stop.stop_requested()) return;
      follow(key, *copy);
    }
  } while (sleep_unless_stopped(stop, kFollowEvery));
}

std::vector<std::pair<Standbys::Key, std::shared_ptr<Standbys::Copy>>> Standbys::take_wanted() {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<Key, std::shared_ptr<Copy>>> taken;
  for (const auto& [group, keys] : wanted_) {
    for (const Key& key : keys) {
      const auto hands_off = hands_off_until_.find(key);
      if (hands_off != hands_off_until_.end() && Clock::now() < hands_off->second) continue;
      auto& copy = copies_[key];
      if (!copy) copy = std::make_shared<Copy>();
      taken.emplace_back(key, copy);
    }
  }
  return taken;
}

void Standbys::drop_unwanted() {
  std::vector<std::shared_ptr<Copy>> dropped;
  const std::lock_guard lock(mutex_);
  std::erase_if(copies_, [&](const auto& entry) {
    const auto has_key = [&](const auto& wanted) { return wanted.second.contains(entry.first); };
    const bool is_wanted = std::ranges::any_of(wanted_, has_key);
    if (!is_wanted) dropped.push_back(entry.second);
    return !is_wanted;
  });
}

void Standbys::follow(const Key& key, Copy& copy) {
  const std::lock_guard lock(copy.mutex);
  if (copy.is_released) return;
  const auto& [store, partition] = key;
  const std::string changelog = rooms_.options.topic_prefix + store + "-changelog";
  Result<void> followed;
  if (copy.state) {
    followed = copy.state->follow(rooms_);
  } else if (auto opened = ChangelogState::open(rooms_, store, partition, changelog)) {
    copy.state = std::move(*opened);
  } else {
    followed = opened.error();
  }
  if (followed) return;
  copy.state.reset();  // opened anew the next time
  rooms_.options.on_log(LogLevel::kDebug, "cannot stand by for " + changelog + "/" + std::to_string(partition) +
                                              " now: " + followed.error().to_string());
}

}  // namespace earshot::kafka
