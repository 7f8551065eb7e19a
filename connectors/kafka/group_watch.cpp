#include "connectors/kafka/group_watch.h"

#include <chrono>
#include <utility>

#include "connectors/kafka/transaction_session.h"
#include "engine/base/stoppable_sleep.h"

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
  bool brokers_answer = true;
  do {
    brokers_answer = look(stop);
  } while (sleep_unless_stopped(stop, kLookEvery));
  // Who departed since the last look would otherwise stay unnoticed by a process that ends its input and goes.
  if (brokers_answer) look({});
}

bool GroupWatch::look(const std::stop_token& stop) {
  std::set<std::string> groups;
  {
    const std::lock_guard lock(mutex_);
    groups = groups_;
  }
  for (const std::string& group : groups) {
    if (stop.stop_requested()) return true;
    // librdkafka may end the process over a question to a coordinator that stays unanswered (librdkafka 4605).
    if (!cluster_->answers()) return false;
    const auto members = cluster_->members(group);
    if (!members) return false;
    on_members_(group, *members);
  }
  return true;
}

void DepartedWriters::on_members(const std::string& name, const std::vector<GroupMember>& members) {
  std::set<std::string> now;
  for (const GroupMember& member : members) {
    if (!member.instance.empty()) now.insert(member.instance);
  }
  const auto time = Clock::now();
  Group& group = groups_[name];
  for (const std::string& instance : std::exchange(group.instances, now)) {
    if (!now.contains(instance)) group.departed.emplace(instance, time);
  }
  const auto timeout = std::chrono::milliseconds(options_.transaction_timeout_ms);
  std::erase_if(group.departed,
                [&](const auto& departed) { return now.contains(departed.first) || time - departed.second > timeout; });
  // The first may be dead too and go only later: whoever is the first then ends what both had open.
  if (now.empty() || *now.begin() != options_.instance) return;
  for (const auto& [instance, since] : std::exchange(group.departed, {})) {
    end_transaction(transactional_id_of(name, instance));
  }
}

void DepartedWriters::end_transaction(const std::string& transactional_id) const {
  // To become the producer of that name ends whatever it had open.
  const auto session = TransactionSession::open(options_, transactional_id);
  options_.on_log(LogLevel::kInfo,
                  session ? "ended what '" + transactional_id + "' had open: it left its group"
                          : "cannot end what '" + transactional_id + "' had open: " + session.error().to_string());
}

}  // namespace earshot::kafka
