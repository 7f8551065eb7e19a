#include "connectors/kafka/kafka_source.h"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "connectors/kafka/errors.h"

namespace earshot::kafka {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kGatherTime{5};  // after the first record, how long a fetch waits to fill
constexpr milliseconds kFirstAssignmentTime{3'000};
constexpr milliseconds kLeaveTime{5'000};  // how long a departing member waits for the brokers

std::vector<TopicPartition> to_vector(const rd_kafka_topic_partition_list_t* list) {
  std::vector<TopicPartition> partitions;
  for (int i = 0; i < list->cnt; ++i) partitions.push_back({list->elems[i].topic, list->elems[i].partition});
  return partitions;
}

TopicPartition partition_of(const rd_kafka_message_t& message) {
  return {message.rkt == nullptr ? "" : rd_kafka_topic_name(message.rkt), message.partition};
}

}  // namespace

KafkaSource::KafkaSource(std::shared_ptr<Cluster> cluster, std::string group, std::vector<std::string> topics,
                         SubscribeOptions subscribe_options, int request_timeout_ms, size_t fetch_records_max)
    : cluster_(std::move(cluster)),
      group_(std::move(group)),
      topics_(std::move(topics)),
      subscribe_options_(subscribe_options),
      request_timeout_ms_(request_timeout_ms),
      buffer_(std::max<size_t>(fetch_records_max, 2)) {}

Result<std::unique_ptr<Source>> KafkaSource::open(const KafkaOptions& options, std::shared_ptr<Cluster> cluster,
                                                  const std::string& group, const std::vector<std::string>& topics,
                                                  const SubscribeOptions& subscribe_options) {
  std::unique_ptr<KafkaSource> source(new KafkaSource(std::move(cluster), group, topics, subscribe_options,
                                                      options.request_timeout_ms, options.fetch_records_max));
  if (auto counted = source->count_partitions(); !counted) return counted.error();
  auto events = std::make_unique<ClientEvents>();
  events->on_rebalance = [self = source.get()](rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions) {
    self->on_rebalance(code, partitions);
  };
  std::map<std::string, std::string> membership{{"group.id", group}};
  if (!options.instance.empty()) membership["group.instance.id"] = options.instance;
  auto client = Client::open(options, ClientRole::kGroupMember, membership, std::move(events));
  if (!client) return client.error();
  source->client_ = std::move(*client);
  rd_kafka_t* handle = source->client_->handle();
  rd_kafka_poll_set_consumer(handle);
  source->queue_.reset(rd_kafka_queue_get_consumer(handle));
  const PartitionList wanted = make_partition_list(topics.size());
  for (const std::string& topic : topics)
    rd_kafka_topic_partition_list_add(wanted.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  if (const auto code = rd_kafka_subscribe(handle, wanted.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return source->client_->error(code, "join group '" + group + "'");
  }
  return std::unique_ptr<Source>(std::move(source));
}

KafkaSource::~KafkaSource() {
  if (client_) leave_group();
}

// librdkafka before 2.3.0 ends the process when a member is destroyed that has joined its group and was not yet given
// an assignment (librdkafka 4312): such a member waits for it, and is never destroyed if it does not come.
void KafkaSource::await_first_assignment() {
  const char* protocol = rd_kafka_rebalance_protocol(client_->handle());
  const bool has_joined = protocol != nullptr && std::string_view(protocol) == "COOPERATIVE";
  if (has_been_assigned_ || !has_joined) return;
  const auto deadline = Clock::now() + kFirstAssignmentTime;
  while (!has_been_assigned_ && Clock::now() < deadline) fetch(milliseconds(20));
  if (!has_been_assigned_) client_->abandon_on_destroy();
}

void KafkaSource::leave_group() {
  rd_kafka_t* handle = client_->handle();
  await_first_assignment();
  // A rebalance that is waiting for finish_rebalance() would hold up the departure.
  for (const auto& rebalance : rebalances_) static_cast<void>(answer_group(rebalance.code, rebalance.partitions.get()));
  is_closing_ = true;
  if (const RdError error(rd_kafka_consumer_close_queue(handle, queue_.get())); !error) {
    const auto deadline = Clock::now() + kLeaveTime;
    while (rd_kafka_consumer_closed(handle) == 0 && Clock::now() < deadline) fetch(milliseconds(20));
  }
  if (rd_kafka_consumer_closed(handle) == 0) {
    client_->events().report(
        LogLevel::kWarning,
        "left group '" + group_ + "' without its consent: its partitions wait for session.timeout.ms");
  }
  queue_.reset();
  client_->skip_close_on_destroy();
}

Result<void> KafkaSource::count_partitions() {
  int32_t count = 0;
  for (const std::string& topic : topics_) {
    const auto partitions = cluster_->partition_count(topic);
    if (!partitions) return partitions.error();
    if (!*partitions) return Error{ErrorCode::kNotFound, "Kafka has no topic '" + topic + "'", {}};
    count += **partitions;
  }
  partition_count_ = count;
  return {};
}

// Runs inside poll(), from librdkafka. Only notes the change: the tasks are settled first.
void KafkaSource::on_rebalance(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* partitions) {
  has_been_assigned_ |= code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  if (is_closing_) {
    static_cast<void>(answer_group(code, partitions));
    return;
  }
  PartitionList copy(rd_kafka_topic_partition_list_copy(partitions));
  const bool is_lost = rd_kafka_assignment_lost(client_->handle()) != 0;
  rebalances_.push_back({code, std::move(copy), is_lost});
  rd_kafka_queue_yield(queue_.get());  // a batch fetch that served this callback would wait on for records
}

Result<void> KafkaSource::answer_group(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* partitions) {
  rd_kafka_t* handle = client_->handle();
  const bool is_assignment = code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !is_closing_;
  const char* protocol = rd_kafka_rebalance_protocol(handle);
  if (protocol != nullptr && std::string_view(protocol) == "COOPERATIVE") {
    const RdError error(is_assignment ? rd_kafka_incremental_assign(handle, partitions)
                                      : rd_kafka_incremental_unassign(handle, partitions));
    if (!error) return {};
    return client_->error(rd_kafka_error_code(error.get()), "take part in group '" + group_ + "'",
                          rd_kafka_error_string(error.get()));
  }
  const auto assigned = rd_kafka_assign(handle, is_assignment ? partitions : nullptr);
  if (assigned == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return client_->error(assigned, "take part in group '" + group_ + "'");
}

Result<Polled> KafkaSource::poll(milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  while (true) {
    if (fault_) return *std::exchange(fault_, std::nullopt);
    if (!rebalances_.empty()) return Polled{PollStatus::kRebalance, nullptr};
    if (!fetched_.empty()) return Polled{PollStatus::kBatch, fetched_.pop()};
    if (is_at_end()) return Polled{PollStatus::kEndOfInput, nullptr};
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    fetch(std::max(left, milliseconds(0)));
    if (!rebalances_.empty() || !fetched_.empty() || fault_ || is_at_end()) continue;
    if (Clock::now() >= deadline || is_woken_.exchange(false)) return Polled{PollStatus::kIdle, nullptr};
  }
}

// Sleeps for the first message, then gathers what follows within a moment; a fetch that may not wait takes what is
// there.
void KafkaSource::fetch(milliseconds timeout) {
  const auto consume = [&](milliseconds wait, size_t from, size_t count) {
    const auto got = rd_kafka_consume_batch_queue(queue_.get(), static_cast<int>(wait.count()), &buffer_[from], count);
    return static_cast<size_t>(std::max<ssize_t>(got, 0));
  };
  size_t count = 0;
  if (timeout.count() == 0) {
    count = consume(timeout, 0, buffer_.size());
  } else if (count = consume(timeout, 0, 1); count == 1 && rebalances_.empty()) {
    count += consume(std::min(timeout, kGatherTime), 1, buffer_.size() - 1);
  }
  records_.clear();
  events_.clear();
  for (size_t i = 0; i < count; ++i) {
    (buffer_[i]->err == RD_KAFKA_RESP_ERR_NO_ERROR ? records_ : events_).push_back(buffer_[i]);
  }
  if (!is_closing_) {
    if (subscribe_options_.until_end) drop_beyond_stop(records_);
    fetched_.add(records_, [&](const RecordBatch& batch) {
      const auto reading = readings_.find(batch.partition());
      if (reading == readings_.end()) return false;
      reading->second.next_offset = batch.next_offset();
      reading->second.eof_offset = -1;
      return true;
    });
    take_events(events_);
  }
  for (size_t i = 0; i < count; ++i) rd_kafka_message_destroy(buffer_[i]);
}

void KafkaSource::drop_beyond_stop(std::vector<rd_kafka_message_t*>& messages) {
  Reading* reading = nullptr;
  const rd_kafka_message_t* previous = nullptr;
  std::erase_if(messages, [&](const rd_kafka_message_t* message) {
    if (previous == nullptr || previous->rkt != message->rkt || previous->partition != message->partition) {
      const auto found = readings_.find(partition_of(*message));
      reading = found == readings_.end() ? nullptr : &found->second;
    }
    previous = message;
    if (reading == nullptr || reading->stop_offset < 0 || message->offset < reading->stop_offset) return false;
    reading->next_offset = std::max(reading->next_offset, reading->stop_offset);
    return true;
  });
}

void KafkaSource::take_events(const std::vector<rd_kafka_message_t*>& events) {
  for (const rd_kafka_message_t* event : events) {
    const TopicPartition partition = partition_of(*event);
    if (event->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      const auto reading = readings_.find(partition);
      // Records that came after it in the same fetch make it old news.
      if (reading == readings_.end() || event->offset < reading->second.next_offset) continue;
      reading->second.next_offset = event->offset;
      reading->second.eof_offset = event->offset;
    } else if (event->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
      fault_ = Error{ErrorCode::kUnavailable, "retention overtook group '" + group_ + "': take the partition up anew",
                     partition.to_string() + "@" + std::to_string(event->offset)};
    } else if (event->err == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED) {
      fault_ = client_->error(event->err, "stay in group '" + group_ + "'",
                              "no poll for longer than max.poll.interval.ms: its partitions went to other members");
    } else if (event->err == RD_KAFKA_RESP_ERR__FATAL) {
      std::array<char, 512> reason{};
      const auto code = rd_kafka_fatal_error(client_->handle(), reason.data(), reason.size());
      fault_ = client_->error(code, "go on as a member of group '" + group_ + "'", reason.data());
    } else if (const auto code = classify(event->err); code != ErrorCode::kUnavailable) {
      fault_ = client_->error(event->err, "read " + partition.to_string(), rd_kafka_message_errstr(event));
    } else {  // librdkafka goes on by itself
      client_->events().report(LogLevel::kWarning, partition.to_string() + ": " + rd_kafka_message_errstr(event));
    }
  }
}

Rebalance KafkaSource::take_rebalance() {
  Rebalance rebalance;
  if (rebalances_.empty()) return rebalance;
  const PendingRebalance& pending = rebalances_.front();
  auto partitions = to_vector(pending.partitions.get());
  if (pending.code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    rebalance.assigned = std::move(partitions);
    return rebalance;
  }
  for (const TopicPartition& partition : partitions) fetched_.drop(partition);
  (pending.is_lost ? rebalance.lost : rebalance.revoked) = std::move(partitions);
  return rebalance;
}

Result<void> KafkaSource::finish_rebalance(const std::map<TopicPartition, std::optional<int64_t>>& starts) {
  std::vector<TopicPartition> changed;
  if (!rebalances_.empty()) {
    const PendingRebalance pending = std::move(rebalances_.front());
    rebalances_.pop_front();
    changed = to_vector(pending.partitions.get());
    for (const TopicPartition& partition : changed) readings_.erase(partition);
    if (pending.code != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      for (const TopicPartition& partition : changed) last_committed_.erase(partition);
      // To have nothing is not to be at the end: the group is about to say what comes next.
      was_assigned_ = was_assigned_ && !readings_.empty();
    }
    fetched_.forget_topics();
    if (pending.code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      if (auto counted = count_partitions(); !counted) return counted;
      for (size_t i = 0; i < changed.size(); ++i) {
        const auto start = starts.find(changed[i]);
        const auto offset = start_offset(changed[i], start == starts.end() ? std::nullopt : start->second);
        if (!offset) return offset.error();
        pending.partitions->elems[i].offset = *offset;
        readings_[changed[i]] = {.next_offset = *offset};
      }
      was_assigned_ = true;
    }
    if (auto answered = answer_group(pending.code, pending.partitions.get()); !answered) return answered;
  }
  for (const auto& [partition, start] : starts) {
    const auto reading = readings_.find(partition);
    const bool is_new = std::find(changed.begin(), changed.end(), partition) != changed.end();
    if (is_new || !start || reading == readings_.end()) continue;
    fetched_.drop(partition);
    reading->second.next_offset = *start;
  }
  // A rebalance pauses what stays with us too. librdkafka resumes after the last record that it took out of its queue,
  // also when it dropped that record from a half-filled batch (its pull request 4208, fixed in 2.1.0): so it is told
  // where to go.
  if (auto sought = seek_others(changed); !sought) return sought;
  return subscribe_options_.until_end ? stop_at_end() : Result<void>();
}

// The default start is looked up here, since librdkafka's own lookup of "earliest" waits for its connection to the
// leader. A given start must be in the partition: what retention took is told, and one past the end belongs to another
// topic.
Result<int64_t> KafkaSource::start_offset(const TopicPartition& partition, std::optional<int64_t> start) {
  const auto range = cluster_->offsets(partition);
  if (!range) return range.error();
  if (!start) return subscribe_options_.from_latest ? range->high : range->low;
  const std::string where = partition.to_string() + "@" + std::to_string(*start);
  if (*start > range->high) {
    return Error{ErrorCode::kCorrupt,
                 "group '" + group_ + "' stands past the end of the partition, " + std::to_string(range->high) +
                     ": was the topic deleted and made anew? Reset the group's offsets to go on",
                 where};
  }
  if (*start < range->low) {
    client_->events().report(LogLevel::kError, where + ": retention removed " + std::to_string(range->low - *start) +
                                                   " records before group '" + group_ + "' read them; it goes on at " +
                                                   std::to_string(range->low));
  }
  return std::max(*start, range->low);
}

Result<void> KafkaSource::seek_others(const std::vector<TopicPartition>& excluded) {
  const PartitionList list = make_partition_list(readings_.size());
  for (auto& [partition, reading] : readings_) {
    if (std::find(excluded.begin(), excluded.end(), partition) != excluded.end()) continue;
    add_partition(list.get(), partition)->offset = reading.next_offset;
    reading.eof_offset = -1;
  }
  return list->cnt == 0 ? Result<void>() : seek(list);
}

Result<void> KafkaSource::seek(const PartitionList& list) {
  const auto deadline = Clock::now() + milliseconds(request_timeout_ms_);
  while (true) {
    const RdError error(rd_kafka_seek_partitions(client_->handle(), list.get(), request_timeout_ms_));
    auto code = error ? rd_kafka_error_code(error.get()) : RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int i = 0; i < list->cnt && code == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) code = list->elems[i].err;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    // A partition that was assigned a moment ago may not have started yet.
    if (code != RD_KAFKA_RESP_ERR__STATE || Clock::now() >= deadline) {
      return client_->error(code, "go on where group '" + group_ + "' stands");
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
}

Result<void> KafkaSource::stop_at_end() {
  subscribe_options_.until_end = true;
  for (auto& [partition, reading] : readings_) {
    if (reading.stop_offset >= 0) continue;
    // Records of transactions that are being committed right now count: the end is the brokers', not the reader's.
    const auto range = cluster_->offsets(partition);
    if (!range) return range.error();
    reading.stop_offset = range->high;
  }
  return {};
}

bool KafkaSource::is_at_end() const {
  if (!subscribe_options_.until_end || !was_assigned_) return false;
  return std::all_of(readings_.begin(), readings_.end(), [](const auto& entry) { return entry.second.has_stopped(); });
}

bool KafkaSource::caught_up(const TopicPartition& partition) const {
  const auto reading = readings_.find(partition);
  if (reading == readings_.end() || fetched_.first_offset(partition)) return false;
  if (reading->second.has_stopped()) return true;
  if (reading->second.eof_offset < 0) return false;
  int64_t low = 0;
  int64_t high = -1;
  const auto code =
      rd_kafka_get_watermark_offsets(client_->handle(), partition.topic.c_str(), partition.partition, &low, &high);
  return code != RD_KAFKA_RESP_ERR_NO_ERROR || high <= reading->second.eof_offset;
}

std::map<TopicPartition, int64_t> KafkaSource::lag() const {
  std::map<TopicPartition, int64_t> lags;
  for (const auto& [partition, reading] : readings_) {
    int64_t low = 0;
    int64_t high = -1;
    // The end as of the last fetch: no request is sent.
    rd_kafka_get_watermark_offsets(client_->handle(), partition.topic.c_str(), partition.partition, &low, &high);
    if (reading.stop_offset >= 0 && high > reading.stop_offset) high = reading.stop_offset;
    const int64_t next = fetched_.first_offset(partition).value_or(reading.next_offset);
    lags[partition] = high < 0 || next < 0 ? -1 : std::max<int64_t>(0, high - next);
  }
  return lags;
}

void KafkaSource::wake() {
  is_woken_ = true;
  rd_kafka_queue_yield(queue_.get());
}

}  // namespace earshot::kafka
