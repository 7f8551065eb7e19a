// GroupWatch: looks at who is in our consumer groups, so that what a dead member left open is ended and what it kept is
// taken over. A thread of its own.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "connectors/kafka/cluster.h"

namespace earshot::kafka {

class GroupWatch {
 public:
  // Called on the watch's thread, about twice a second for each group, and once more when the watch ends.
  using OnMembers = std::function<void(const std::string& group, const std::vector<GroupMember>& members)>;

  GroupWatch(std::shared_ptr<Cluster> cluster, OnMembers on_members);

  // Watches `group` too. Any thread.
  void watch(const std::string& group);

 private:
  void loop(const std::stop_token& stop);
  // False when the brokers do not answer; the groups left are looked at the next time.
  bool look(const std::stop_token& stop);

  std::shared_ptr<Cluster> cluster_;
  OnMembers on_members_;
  std::mutex mutex_;
  std::set<std::string> groups_;
  std::jthread thread_;  // last: it uses the others
};

// Ends the open transactions of members that vanished from a group: nobody else can read past them before the brokers'
// timeout. Each vanished member is dealt with by the first, by name, of those that remain.
class DepartedWriters {
 public:
  explicit DepartedWriters(KafkaOptions options) : options_(std::move(options)) {}

  void on_members(const std::string& name, const std::vector<GroupMember>& members);

 private:
  using Clock = std::chrono::steady_clock;

  struct Group {
    std::set<std::string> instances;                    // as last seen
    std::map<std::string, Clock::time_point> departed;  // since when; nobody is known to have ended what they had open
  };

  void end_transaction(const std::string& transactional_id) const;

  KafkaOptions options_;
  std::map<std::string, Group> groups_;
};

}  // namespace earshot::kafka
