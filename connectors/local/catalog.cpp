#include "connectors/local/catalog.h"

#include <fmt/format.h>

#include <memory>

namespace earshot::local {
namespace {

constexpr size_t kTopicBytes = 17;
constexpr size_t kBoundsBytes = 24;

std::optional<Topic> decode_topic(std::string_view name, std::string_view value) {
  if (value.size() != kTopicBytes) return std::nullopt;
  const char* at = value.data();
  Topic topic{read_big_endian<uint32_t>(at), {}};
  topic.spec = {std::string(name), read_big_endian<int32_t>(at + 4), read_big_endian<int64_t>(at + 8), at[16] != 0};
  return topic;
}

std::optional<Bounds> decode_bounds(std::string_view value) {
  if (value.size() != kBoundsBytes) return std::nullopt;
  const char* at = value.data();
  return Bounds{read_big_endian<int64_t>(at), read_big_endian<int64_t>(at + 8), read_big_endian<int64_t>(at + 16)};
}

// Calls `visit(rest of the key, value)` for each fact under the prefix; `visit` answers false for one that it can't
// read.
template <class Visit>
Result<void> each_fact(const Database& database, std::string_view prefix, Visit visit) {
  const std::string limit = after_prefix(std::string(prefix));
  const rocksdb::Slice upper(limit);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> facts(database.rocks().NewIterator(options, database.facts()));
  for (facts->Seek(rocksdb::Slice(prefix.data(), prefix.size())); facts->Valid(); facts->Next()) {
    if (!visit(facts->key().ToStringView().substr(prefix.size()), facts->value().ToStringView())) {
      return Error{ErrorCode::kCorrupt,
                   fmt::format("the local log at {} holds a damaged entry under {}", database.path(), prefix),
                   {}};
    }
  }
  if (!facts->status().ok()) return database.to_error(facts->status(), "be read");
  return {};
}

}  // namespace

std::string encode_topic(const Topic& topic) {
  std::string value;
  append_big_endian(value, topic.id);
  append_big_endian(value, topic.spec.partitions);
  append_big_endian(value, topic.spec.retention_ms);
  value.push_back(topic.spec.compacted ? '\1' : '\0');
  return value;
}

std::string encode_bounds(const Bounds& bounds) {
  std::string value;
  append_big_endian(value, bounds.earliest);
  append_big_endian(value, bounds.end);
  append_big_endian(value, bounds.compacted_to);
  return value;
}

Result<Catalog::Entries> Catalog::read(const Database& database) {
  std::map<uint32_t, Topic> topics;
  const auto topics_read = each_fact(database, kTopicPrefix, [&](std::string_view name, std::string_view value) {
    const std::optional<Topic> topic = decode_topic(name, value);
    return topic && topic->spec.partitions > 0 && topics.emplace(topic->id, *topic).second;
  });
  if (!topics_read) return topics_read.error();
  Entries entries;
  for (const auto& [id, topic] : topics) {
    if (id != entries.size()) return Error{ErrorCode::kCorrupt, "a topic is missing in " + database.path(), {}};
    entries.push_back({topic, std::vector<Bounds>(static_cast<size_t>(topic.spec.partitions))});
  }
  const auto bounds_read = each_fact(database, kBoundsPrefix, [&](std::string_view key, std::string_view value) {
    const std::optional<Bounds> bounds = decode_bounds(value);
    if (!bounds || key.size() != kPartitionKeyBytes) return false;
    const auto topic = read_big_endian<uint32_t>(key.data());
    const auto partition = read_big_endian<uint32_t>(key.data() + 4);
    // A secondary may see the bounds of a topic that was made after it read the topics: next time.
    if (topic < entries.size() && partition < entries[topic].bounds.size()) entries[topic].bounds[partition] = *bounds;
    return true;
  });
  if (!bounds_read) return bounds_read.error();
  return entries;
}

Result<void> Catalog::load(const Database& database) {
  Result<Entries> entries = read(database);
  if (!entries) return entries.error();
  const std::lock_guard lock(mutex_);
  bool same = entries->size() == entries_.size();
  for (size_t i = 0; same && i < entries_.size(); ++i) same = (*entries)[i].bounds == entries_[i].bounds;
  entries_ = std::move(*entries);
  ids_.clear();
  for (const Entry& entry : entries_) ids_.emplace(entry.topic.spec.name, entry.topic.id);
  if (same) return {};
  ++version_;
  changed_.notify_all();
  return {};
}

std::optional<Topic> Catalog::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = ids_.find(name);
  if (found == ids_.end()) return std::nullopt;
  return entries_[found->second].topic;
}

std::vector<Topic> Catalog::topics() const {
  const std::lock_guard lock(mutex_);
  std::vector<Topic> topics;
  for (const Entry& entry : entries_) topics.push_back(entry.topic);
  return topics;
}

bool Catalog::is_compacted(uint32_t topic) const {
  const std::lock_guard lock(mutex_);
  return entries_[topic].topic.spec.compacted;
}

Bounds Catalog::bounds(PartitionId id) const {
  const std::lock_guard lock(mutex_);
  return entries_[id.topic].bounds[static_cast<size_t>(id.partition)];
}

void Catalog::put(const Topic& topic) {
  const std::lock_guard lock(mutex_);
  if (topic.id == entries_.size()) entries_.emplace_back();
  Entry& entry = entries_[topic.id];
  entry.topic = topic;
  entry.bounds.resize(static_cast<size_t>(topic.spec.partitions));
  ids_.insert_or_assign(topic.spec.name, topic.id);
  ++version_;
  changed_.notify_all();
}

void Catalog::publish(const BoundsChanges& changes) {
  if (changes.empty()) return;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, bounds] : changes) entries_[id.topic].bounds[static_cast<size_t>(id.partition)] = bounds;
  ++version_;
  changed_.notify_all();
}

uint64_t Catalog::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

void Catalog::wait(uint64_t seen, std::chrono::steady_clock::time_point deadline,
                   const std::atomic<bool>& woken) const {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [&] { return version_ != seen || woken.load(); });
}

void Catalog::wake_all() const {
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

}  // namespace earshot::local
