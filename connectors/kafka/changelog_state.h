// ChangelogState: the backend of a StateStore on Kafka: a StateDatabase brought up to its changelog when it is opened.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "connectors/kafka/cluster.h"
#include "connectors/kafka/partition_reader.h"
#include "connectors/kafka/state_database.h"
#include "engine/state/state_store.h"

namespace earshot::kafka {

class ChangelogState final : public StateBackend {
 public:
  struct Rooms {  // what a log shares among its states
    const KafkaOptions& options;
    std::shared_ptr<Cluster> cluster;
    std::shared_ptr<ReaderPool> readers;
    const StateMemory& memory;
  };

  // State that is torn, foreign, older than the changelog's tombstones or past its end is wiped and rebuilt, with a
  // warning to the log sink. kUnavailable: in use elsewhere, disk full, or a broker fault.
  static Result<std::unique_ptr<ChangelogState>> open(const Rooms& rooms, const std::string& store, int32_t partition,
                                                      const std::string& changelog);

  Result<std::optional<std::string>> get(std::string_view key) const override;
  Result<void> scan(std::string_view prefix,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit) const override;

  [[nodiscard]] const TopicPartition& changelog() const { return changelog_; }

  // Writes what a transaction made final; `next_offset` is past its last changelog record.
  Result<void> apply(const StateChanges& changes, int64_t next_offset);

  // Reads what the changelog has gained, for a copy that stands by.
  Result<void> follow(const Rooms& rooms) { return catch_up(rooms); }

  // A commit may have become final without being applied: reads are refused until the store is opened anew.
  void mark_behind() { is_behind_ = true; }

 private:
  ChangelogState(DirectoryLock lock, TopicPartition changelog, std::string identity)
      : lock_(std::move(lock)), changelog_(std::move(changelog)), identity_(std::move(identity)) {}

  Result<void> open_database(const Rooms& rooms, const std::filesystem::path& directory);
  Result<std::string> reason_to_rebuild(const Rooms& rooms) const;
  Result<void> catch_up(const Rooms& rooms);
  [[nodiscard]] Result<void> readable() const;
  [[nodiscard]] StateMark mark_at(int64_t next_offset) const;

  DirectoryLock lock_;  // released after the database is closed
  TopicPartition changelog_;
  std::string identity_;
  std::unique_ptr<StateDatabase> database_;
  bool is_behind_ = false;
};

}  // namespace earshot::kafka
