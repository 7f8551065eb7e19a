#include "connectors/kafka/changelog_state.h"

#include "engine/time/wall_clock.h"

namespace earshot::kafka {

namespace {

constexpr const char* kFormat = "earshot-state-1";
constexpr size_t kReplayBatchBytes = 4 << 20;

bool is_folder_name(const std::string& name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.front() != '.' && name.find_first_not_of(kAllowed) == name.npos;
}

}  // namespace

Result<std::unique_ptr<ChangelogState>> ChangelogState::open(const Rooms& rooms, const std::string& store,
                                                             int32_t partition, const std::string& changelog) {
  if (rooms.options.state_dir.empty()) return invalid("state on Kafka needs a folder: set state_dir");
  if (!is_folder_name(store))
    return invalid("store name '" + store + "': letters, digits, '.', '_' and '-' are allowed");
  const auto parent = std::filesystem::path(rooms.options.state_dir) / store;
  std::error_code created;
  std::filesystem::create_directories(parent, created);
  if (created) return failed("cannot create the state folder: " + created.message(), parent.string());
  auto lock = DirectoryLock::acquire(parent / (std::to_string(partition) + ".lock"));
  if (!lock) return lock.error();
  const TopicPartition log{changelog, partition};
  std::unique_ptr<ChangelogState> state(new ChangelogState(
      std::move(*lock), log, std::string(kFormat) + ' ' + rooms.cluster->id() + ' ' + log.to_string()));
  if (auto opened = state->open_database(rooms, parent / std::to_string(partition)); !opened) return opened.error();
  if (auto caught_up = state->catch_up(rooms); !caught_up) return caught_up.error();
  return state;
}

Result<void> ChangelogState::open_database(const Rooms& rooms, const std::filesystem::path& directory) {
  std::string reason;
  if (auto opened = StateDatabase::open(directory, rooms.memory); opened) {
    database_ = std::move(*opened);
    auto found = reason_to_rebuild(rooms);
    if (!found) return found.error();
    reason = *found;
  } else if (opened.error().code == ErrorCode::kCorrupt) {
    reason = opened.error().message;
  } else {
    return opened.error();
  }
  if (reason.empty()) return {};
  rooms.options.on_log(LogLevel::kWarning,
                       "state in " + directory.string() + " is rebuilt from " + changelog_.to_string() + ": " + reason);
  database_.reset();
  if (auto wiped = StateDatabase::wipe(directory); !wiped) return wiped;
  auto reopened = StateDatabase::open(directory, rooms.memory);
  if (!reopened) return reopened.error();
  database_ = std::move(*reopened);
  return {};
}

// Empty: the database is ours and its tail is still in the changelog.
Result<std::string> ChangelogState::reason_to_rebuild(const Rooms& rooms) const {
  const auto mark = database_->mark();
  if (!mark) return mark.error().message;
  const auto range = rooms.cluster->offsets(changelog_);
  if (!range) return range.error();
  if (!*mark) return std::string();
  const StateMark& found = **mark;
  if (found.identity != identity_) return "it belongs to '" + found.identity + "', not to '" + identity_ + "'";
  if (found.next_offset > range->high) {
    return "it stands at offset " + std::to_string(found.next_offset) + ", past the changelog's end " +
           std::to_string(range->high);
  }
  if (found.next_offset < range->low) {
    return "it stands at offset " + std::to_string(found.next_offset) + ", before the changelog's start " +
           std::to_string(range->low);
  }
  // Compaction forgets erasures after a while; state from before that would keep what was erased.
  const int64_t age_ms = wall_clock_ms() - found.saved_at_ms;
  if (found.next_offset < range->high && age_ms > rooms.options.tombstone_retention_ms / 2) {
    return "it is " + std::to_string(age_ms / 1000) + " s old, and erasures since may be compacted away";
  }
  return std::string();
}

StateMark ChangelogState::mark_at(int64_t next_offset) const {
  return {identity_, next_offset, wall_clock_ms()};
}

Result<void> ChangelogState::catch_up(const Rooms& rooms) {
  const auto mark = database_->mark();
  if (!mark) return mark.error();
  const int64_t start = *mark ? (**mark).next_offset : 0;
  uint64_t records = 0;
  const auto end = rooms.readers->read_to_end(changelog_, start, [&](const LoggedRecord& record) -> Result<void> {
    ++records;
    if (record.is_tombstone) {
      database_->erase(record.key);
    } else {
      database_->put(record.key, record.value);
    }
    if (database_->batched_bytes() < kReplayBatchBytes) return {};
    return database_->write(mark_at(record.offset + 1));
  });
  if (!end) return end.error();
  rooms.options.counters->changelog_records_replayed += records;
  return database_->write(mark_at(*end));
}

Result<void> ChangelogState::readable() const {
  if (!is_behind_) return {};
  return Error{ErrorCode::kUnavailable, "a commit is not in this store yet: open it anew", changelog_.to_string()};
}

Result<std::optional<std::string>> ChangelogState::get(std::string_view key) const {
  if (auto ready = readable(); !ready) return ready.error();
  return database_->get(key);
}

Result<void> ChangelogState::scan(
    std::string_view prefix, const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  if (auto ready = readable(); !ready) return ready;
  return database_->scan(prefix, visit);
}

Result<void> ChangelogState::apply(const StateChanges& changes, int64_t next_offset) {
  for (const auto& [key, value] : changes) {
    if (value) {
      database_->put(key, *value);
    } else {
      database_->erase(key);
    }
  }
  auto written = database_->write(mark_at(next_offset));
  if (!written) mark_behind();
  return written;
}

}  // namespace earshot::kafka
