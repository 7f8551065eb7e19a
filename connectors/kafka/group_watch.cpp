#include "connectors/kafka/group_watch.h"

#include <chrono>
#include <condition_variable>
#include <utility>

#include "connectors/kafka/transaction_session.h"

namespace earshot::kafka {

namespace {
constexpr std::chrono::milliseconds kLookEvery{500};
}  // namespace

GroupWatch::GroupWatch(std::shared_ptr<Cluster> cluster, OnMembers on_members)
    : cluster_(std::move(cluster)),
      on_members_(std::move(on_members)),
      thread_([this](const std::stop_token& stop) { loop(stop); }) {}

void GroupWatch::watch(const std::string& group) {
  const std::lock_guard lock(mutex_);
  groups_.insert(group);
}

void GroupWatch::loop(const std::stop_token& stop) {
  std::condition_variable_any sleeper;
  while (!stop.stop_requested()) {
    std::set<std::string> groups;
    {
      const std::lock_guard lock(mutex_);
      groups = groups_;
    }
    for (const std::string& group : groups) {
      if (stop.stop_requested()) return;
      // Brokers that do not answer now are asked again at the next look.
      if (const auto members = cluster_->members(group)) on_members_(group, *members);
    }
    std::unique_lock lock(mutex_);
    sleeper.wait_for(lock, stop, kLookEvery, [] { return false; });
  }
}

void DepartedWriters::on_members(const std::string& group, const std::vector<GroupMember>& members) {
  std::set<std::string> now;
  for (const GroupMember& member : members) {
    if (!member.instance.empty()) now.insert(member.instance);
  }
  const std::set<std::string> before = std::exchange(instances_[group], now);
  if (now.empty() || *now.begin() != options_.instance) return;
  for (const std::string& instance : before) {
    if (now.contains(instance)) continue;
    const std::string id = transactional_id_of(group, instance);
    // To become the producer of that name ends whatever it had open.
    const auto session = TransactionSession::open(options_, id);
    options_.on_log(LogLevel::kInfo, session ? "ended what '" + id + "' had open: it left its group"
                                             : "cannot end what '" + id + "' had open: " + session.error().to_string());
  }
}

}  // namespace earshot::kafka
