#include "connectors/local/local_log.h"

#include <fmt/format.h>

#include <optional>
#include <unordered_map>

#include "connectors/local/keys.h"
#include "connectors/local/local_source.h"
#include "connectors/local/log_writer.h"
#include "connectors/local/output_buffer.h"
#include "connectors/local/positions.h"
#include "connectors/local/state_backend.h"
#include "engine/base/hash.h"

namespace earshot::local {
namespace {

class LocalProducer final : public Producer {
 public:
  LocalProducer(std::shared_ptr<LogWriter> writer, std::string transactional_id)
      : writer_(std::move(writer)),
        transactional_id_(std::move(transactional_id)),
        generation_(writer_->register_producer(transactional_id_)) {}

  Result<void> begin() override {
    if (open_) return failed(fmt::format("producer {} has a transaction open already", transactional_id_));
    if (const auto ready = writer_->check_ready(transactional_id_, generation_); !ready) return ready;
    open_ = true;
    return {};
  }

  Result<void> produce(const OutputRecord& record) override {
    if (!open_) return not_open();
    const Topic* topic = find(record.topic);
    if (topic == nullptr) return invalid(fmt::format("there is no topic {} in the local log", record.topic));
    if (record.partition >= topic->spec.partitions) {
      return invalid(fmt::format("topic {} has {} partitions; there is no partition {}", record.topic,
                                 topic->spec.partitions, record.partition));
    }
    if (topic->spec.compacted && record.key.empty()) {
      return invalid(fmt::format("topic {} is compacted: its records need a key", record.topic));
    }
    const auto bytes = static_cast<int64_t>(record.key.size() + record.value.size());
    if (bytes > writer_->options().max_record_bytes) {
      return invalid(fmt::format("a record for topic {} has {} bytes; at most {} are possible (max_record_bytes)",
                                 record.topic, bytes, writer_->options().max_record_bytes));
    }
    if (outputs_.bytes() + bytes > writer_->options().max_transaction_bytes) {
      return failed(fmt::format("the transaction exceeds {} bytes (max_transaction_bytes): commit more often",
                                writer_->options().max_transaction_bytes));
    }
    const auto partitions = static_cast<uint64_t>(topic->spec.partitions);
    const int32_t partition =
        record.partition >= 0 ? record.partition : static_cast<int32_t>(hash_64(record.key) % partitions);
    outputs_.append({topic->id, partition}, record);
    return {};
  }

  Result<void> commit(const CommitRequest& request) override {
    if (!open_) return not_open();
    if (const auto done = writer_->commit(transactional_id_, generation_, outputs_, request); !done) return done;
    close();
    return {};
  }

  Result<void> abort() override {
    close();
    return {};
  }

 private:
  [[nodiscard]] Error not_open() const {
    return failed(fmt::format("producer {} has no transaction open: begin() comes first", transactional_id_));
  }

  void close() {
    outputs_.clear();
    open_ = false;
    last_ = nullptr;
    topics_.clear();  // a topic may grow between transactions
  }

  const Topic* find(std::string_view name) {
    if (last_ != nullptr && last_->spec.name == name) return last_;
    auto found = topics_.find(std::string(name));
    if (found == topics_.end()) {
      std::optional<Topic> topic = writer_->catalog().find(name);
      if (!topic) return nullptr;
      found = topics_.emplace(std::string(name), std::move(*topic)).first;
    }
    return last_ = &found->second;
  }

  const std::shared_ptr<LogWriter> writer_;
  const std::string transactional_id_;
  const uint64_t generation_;
  bool open_ = false;
  OutputBuffer outputs_;
  std::unordered_map<std::string, Topic> topics_;
  const Topic* last_ = nullptr;
};

class LocalLog final : public Log {
 public:
  explicit LocalLog(std::shared_ptr<LogWriter> writer) : writer_(std::move(writer)) {}

  [[nodiscard]] StateMemoryUse memory_use() const override { return writer_->database()->memory_use(); }

  Result<void> ensure_topics(std::span<const TopicSpec> topics) override { return writer_->ensure_topics(topics); }

  Result<std::unique_ptr<Source>> subscribe(const std::string& group, const std::vector<std::string>& topics,
                                            const SubscribeOptions& options) override {
    if (group.empty()) return invalid("a subscription to the local log needs the name of its group");
    return open_source(writer_, topics, options);
  }

  Result<std::map<TopicPartition, Position>> committed(const std::string& group, Source& /*source*/,
                                                       std::span<const TopicPartition> partitions) override {
    std::map<TopicPartition, Position> positions;
    const Database& database = *writer_->database();
    for (const TopicPartition& partition : partitions) {
      std::string value;
      const rocksdb::Status status =
          database.rocks().Get(rocksdb::ReadOptions(), database.positions(), position_key(group, partition), &value);
      if (status.IsNotFound()) continue;
      if (!status.ok()) return database.to_error(status, "be read");
      auto position = decode_position(value);
      if (!position) {
        return Error{ErrorCode::kCorrupt,
                     fmt::format("the position of group {} is damaged in {}", group, database.path()),
                     partition.to_string()};
      }
      positions[partition] = std::move(*position);
    }
    return positions;
  }

  Result<std::unique_ptr<Producer>> open_producer(const std::string& transactional_id) override {
    return std::unique_ptr<Producer>(std::make_unique<LocalProducer>(writer_, transactional_id));
  }

  Result<std::unique_ptr<StateStore>> open_state(const std::string& store, int32_t partition) override {
    if (store.empty() || store.size() > kMaxNameBytes) return invalid("a state store needs a name of 1 to 65535 bytes");
    return std::make_unique<StateStore>(store, partition,
                                        std::make_unique<LocalStateBackend>(writer_->database(), store, partition));
  }

 private:
  const std::shared_ptr<LogWriter> writer_;
};

}  // namespace

Result<std::unique_ptr<Log>> open_local_log(const LocalLogOptions& options) {
  auto writer = LogWriter::open(options);
  if (!writer) return writer.error();
  return std::unique_ptr<Log>(std::make_unique<LocalLog>(std::move(*writer)));
}

}  // namespace earshot::local
