#include "connectors/kafka/partition_reader.h"

#include <algorithm>
#include <chrono>

namespace earshot::kafka {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {
constexpr size_t kMessagesMax = 4'096;
constexpr int kPollMs = 20;
}  // namespace

PartitionReader::PartitionReader(std::shared_ptr<Cluster> cluster, std::unique_ptr<Client> client, int stall_timeout_ms)
    : cluster_(std::move(cluster)),
      client_(std::move(client)),
      stall_timeout_ms_(stall_timeout_ms),
      messages_(kMessagesMax) {
  rd_kafka_poll_set_consumer(client_->handle());
  queue_.reset(rd_kafka_queue_get_consumer(client_->handle()));
  client_->skip_close_on_destroy();  // it never joins a group
}

Result<std::unique_ptr<PartitionReader>> PartitionReader::open(const KafkaOptions& options,
                                                               std::shared_ptr<Cluster> cluster) {
  auto client = Client::open(options, ClientRole::kReader, {});
  if (!client) return client.error();
  // A transaction whose owner died is aborted by the brokers after its timeout, which they look at every 10 s.
  const int stall_timeout_ms = std::max(options.request_timeout_ms, options.transaction_timeout_ms + 15'000);
  return std::unique_ptr<PartitionReader>(
      new PartitionReader(std::move(cluster), std::move(*client), stall_timeout_ms));
}

Result<int64_t> PartitionReader::read_to_end(const TopicPartition& partition, int64_t start,
                                             const std::function<Result<void>(const LoggedRecord&)>& visit) {
  const auto range = cluster_->offsets(partition);
  if (!range) return range.error();
  start = std::max(start, range->low);
  if (start >= range->high) return start;
  const PartitionList list = make_partition_list(1);
  add_partition(list.get(), partition)->offset = start;
  if (const auto code = rd_kafka_assign(client_->handle(), list.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return client_->error(code, "read " + partition.to_string());
  }
  auto next = read_assigned(partition, start, range->high, visit);
  rd_kafka_assign(client_->handle(), nullptr);
  return next;
}

Result<int64_t> PartitionReader::read_assigned(const TopicPartition& partition, int64_t start, int64_t end,
                                               const std::function<Result<void>(const LoggedRecord&)>& visit) {
  int64_t next = start;
  auto last_progress = Clock::now();
  Result<void> outcome;
  while (outcome && next < end) {
    const auto got = rd_kafka_consume_batch_queue(queue_.get(), kPollMs, messages_.data(), messages_.size());
    const auto count = static_cast<size_t>(std::max<ssize_t>(got, 0));
    for (size_t i = 0; i < count; ++i) {
      const rd_kafka_message_t& message = *messages_[i];
      if (!outcome) {
        // Nothing more is visited; the loop below still frees it.
      } else if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const LoggedRecord record{{static_cast<const char*>(message.key), message.key_len},
                                  {static_cast<const char*>(message.payload), message.len},
                                  message.payload == nullptr,
                                  message.offset};
        outcome = visit(record);
        next = message.offset + 1;
        last_progress = Clock::now();
      } else if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        next = std::max(next, message.offset);  // beyond the markers of transactions too
      } else {
        outcome = client_->error(message.err, "read " + partition.to_string(), rd_kafka_message_errstr(&message));
      }
    }
    for (size_t i = 0; i < count; ++i) rd_kafka_message_destroy(messages_[i]);
    if (outcome && next < end && Clock::now() - last_progress > milliseconds(stall_timeout_ms_)) {
      outcome = Error{ErrorCode::kUnavailable,
                      "no progress for " + std::to_string(stall_timeout_ms_) + " ms on the way to its end, " +
                          std::to_string(end) + ": a transaction that never ends, or its leader is down",
                      partition.to_string() + "@" + std::to_string(next)};
    }
  }
  if (!outcome) return outcome.error();
  return next;
}

Result<int64_t> ReaderPool::read_to_end(const TopicPartition& partition, int64_t start,
                                        const std::function<Result<void>(const LoggedRecord&)>& visit) {
  std::unique_ptr<PartitionReader> reader;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      reader = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!reader) {
    auto opened = PartitionReader::open(options_, cluster_);
    if (!opened) return opened.error();
    reader = std::move(*opened);
  }
  auto next = reader->read_to_end(partition, start, visit);
  if (next) {  // a reader that failed is not used again
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(reader));
  }
  return next;
}

}  // namespace earshot::kafka
