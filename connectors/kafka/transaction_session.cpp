#include "connectors/kafka/transaction_session.h"

#include <array>
#include <utility>

#include "connectors/kafka/errors.h"

namespace earshot::kafka {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kOverrun{2'000};  // beyond a call's own timeout, before it is given up
constexpr int kQueueFullPollMs = 10;

rd_kafka_vu_t text_argument(rd_kafka_vtype_t type, std::string_view text) {
  rd_kafka_vu_t argument{};
  argument.vtype = type;
  argument.u.mem.ptr = const_cast<char*>(text.data());
  argument.u.mem.size = text.size();
  return argument;
}

}  // namespace

Result<std::unique_ptr<TransactionSession>> TransactionSession::open(const KafkaOptions& options,
                                                                     const std::string& transactional_id) {
  auto producing = std::make_shared<Producing>();
  auto events = std::make_unique<ClientEvents>();
  events->on_delivery = [counters = options.counters, state = producing.get()](const rd_kafka_message_t& message) {
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      counters->records_produced.fetch_add(1, std::memory_order_relaxed);
      counters->bytes_produced.fetch_add(message.len + message.key_len, std::memory_order_relaxed);
      if (auto* offset = static_cast<AcknowledgedOffset*>(message._private)) *offset = message.offset + 1;
      return;
    }
    if (message.err == RD_KAFKA_RESP_ERR__PURGE_QUEUE || message.err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT) return;
    const std::lock_guard lock(state->mutex);
    if (!state->first_failure.empty()) return;
    state->first_failure = std::string("a record for ") + rd_kafka_topic_name(message.rkt) + "/" +
                           std::to_string(message.partition) + " was not taken: " + rd_kafka_err2str(message.err);
  };
  auto client = Client::open(options, ClientRole::kProducer,
                             {{"transactional.id", transactional_id},
                              {"transaction.timeout.ms", std::to_string(options.transaction_timeout_ms)}},
                             std::move(events));
  if (!client) return client.error();
  producing->client = std::move(*client);
  std::unique_ptr<TransactionSession> session(new TransactionSession(std::move(producing), transactional_id, options));
  auto ready =
      session->run("become the producer", milliseconds(options.request_timeout_ms),
                   [](rd_kafka_t* handle, int timeout_ms) { return rd_kafka_init_transactions(handle, timeout_ms); });
  if (!ready) return ready.error();
  return session;
}

TransactionSession::~TransactionSession() {
  if (is_over_) return;
  // What is left in the queue belongs to no transaction any more.
  rd_kafka_purge(producing_->client->handle(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

Result<void> TransactionSession::refuse(Error error) {
  if (error.code == ErrorCode::kFenced && can_be_ended_by_peers_) {
    // By another process's DepartedWriters, to which this one had left its group: it comes back with a new session.
    error.code = ErrorCode::kUnavailable;
    error.message += "; if it goes on, another process has this one's name: does it run on a copy of its data folder?";
  }
  error.where = transactional_id_;
  return error;
}

// Retries a call that librdkafka calls retriable until its time is up.
Result<void> TransactionSession::run(std::string_view doing, milliseconds timeout, Call call) {
  if (is_over_) return refuse({ErrorCode::kUnavailable, "this producer is closed after a fault: open it anew", {}});
  const auto error = std::make_shared<rd_kafka_error_t*>(nullptr);
  const auto deadline = Clock::now() + timeout;
  while (true) {
    const int left_ms = static_cast<int>(std::chrono::ceil<milliseconds>(deadline - Clock::now()).count());
    const int timeout_ms = std::max(left_ms, 1);
    const bool is_done = blocking_calls_.run(
        [producing = producing_, error, call, timeout_ms] { *error = call(producing->client->handle(), timeout_ms); },
        milliseconds(timeout_ms) + kOverrun);
    if (!is_done) {
      is_over_ = true;
      return refuse({ErrorCode::kUnavailable, "cannot " + std::string(doing) + ": librdkafka's call hangs", {}});
    }
    RdError outcome(std::exchange(*error, nullptr));
    if (!outcome) return {};
    if (rd_kafka_error_is_retriable(outcome.get()) != 0 && Clock::now() < deadline) continue;
    return outcome_of(std::move(outcome), doing);
  }
}

Result<void> TransactionSession::outcome_of(RdError error, std::string_view doing) {
  const auto code = rd_kafka_error_code(error.get());
  was_refused_by_rebalance_ =
      code == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION || code == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS;
  std::string reason = rd_kafka_error_string(error.get());
  {
    const std::lock_guard lock(producing_->mutex);
    if (!producing_->first_failure.empty()) reason += "; " + producing_->first_failure;
  }
  Error result = producing_->client->error(code, doing, reason);
  if (rd_kafka_error_txn_requires_abort(error.get()) != 0) {
    const bool is_stale = code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH || result.code == ErrorCode::kNotFound;
    if (is_stale) result.code = ErrorCode::kUnavailable;  // mended by an abort
    return refuse(std::move(result));
  }
  is_over_ = true;  // fatal, or of unknown outcome: the next session settles it
  const bool has_timed_out =
      Clock::now() - begun_at_ >= milliseconds(transaction_timeout_ms_) && begun_at_ != Clock::time_point{};
  if (result.code == ErrorCode::kFenced && has_timed_out) {
    result.code = ErrorCode::kUnavailable;
    result.message += "; the transaction was open for longer than transaction_timeout_ms";
  }
  if (result.code == ErrorCode::kNotFound) result.code = ErrorCode::kUnavailable;
  return refuse(std::move(result));
}

Result<void> TransactionSession::begin() {
  {
    const std::lock_guard lock(producing_->mutex);
    producing_->first_failure.clear();
  }
  begun_at_ = Clock::now();
  was_refused_by_rebalance_ = false;
  return run("begin a transaction", milliseconds(request_timeout_ms_),
             [](rd_kafka_t* handle, int) { return rd_kafka_begin_transaction(handle); });
}

Result<void> TransactionSession::send_offsets(const PartitionList& offsets,
                                              const rd_kafka_consumer_group_metadata_t* membership) {
  // An overdue call reads these after we are gone, so it has copies.
  const std::shared_ptr<rd_kafka_topic_partition_list_t> list(rd_kafka_topic_partition_list_copy(offsets.get()),
                                                              rd_kafka_topic_partition_list_destroy);
  const void* bytes = nullptr;
  size_t size = 0;
  rd_kafka_consumer_group_metadata_t* copy = nullptr;
  if (RdError error(rd_kafka_consumer_group_metadata_write(membership, const_cast<void**>(&bytes), &size)); error) {
    return outcome_of(std::move(error), "copy the group membership");
  }
  RdError read_error(rd_kafka_consumer_group_metadata_read(&copy, bytes, size));
  rd_kafka_mem_free(producing_->client->handle(), const_cast<void*>(bytes));
  if (read_error) return outcome_of(std::move(read_error), "copy the group membership");
  const std::shared_ptr<rd_kafka_consumer_group_metadata_t> member(copy, rd_kafka_consumer_group_metadata_destroy);
  return run("add positions to the transaction", milliseconds(request_timeout_ms_),
             [list, member](rd_kafka_t* handle, int timeout_ms) {
               return rd_kafka_send_offsets_to_transaction(handle, list.get(), member.get(), timeout_ms);
             });
}

Result<void> TransactionSession::commit() {
  return run("commit", milliseconds(request_timeout_ms_),
             [](rd_kafka_t* handle, int timeout_ms) { return rd_kafka_commit_transaction(handle, timeout_ms); });
}

Result<void> TransactionSession::abort(milliseconds timeout) {
  return run("abort", timeout,
             [](rd_kafka_t* handle, int timeout_ms) { return rd_kafka_abort_transaction(handle, timeout_ms); });
}

rd_kafka_topic_t* TransactionSession::topic(std::string_view name) {
  const auto found = producing_->topics.find(name);
  if (found != producing_->topics.end()) return found->second.get();
  std::string key(name);
  TopicHandle handle(rd_kafka_topic_new(producing_->client->handle(), key.c_str(), nullptr));
  return producing_->topics.emplace(std::move(key), std::move(handle)).first->second.get();
}

// A topic that grew after this producer saw it.
Result<void> TransactionSession::learn_partitions(rd_kafka_topic_t* topic, const OutputRecord& record) {
  rd_kafka_t* handle = producing_->client->handle();
  const rd_kafka_metadata_t* raw = nullptr;
  const std::string doing = "produce to " + std::string(record.topic) + "/" + std::to_string(record.partition);
  const auto code = rd_kafka_metadata(handle, 0, topic, &raw, request_timeout_ms_);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return refuse(producing_->client->error(code, doing));
  const MetadataHandle metadata(raw);
  if (metadata->topic_cnt == 1 && metadata->topics[0].partition_cnt > record.partition) return {};
  return refuse(producing_->client->error(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, doing));
}

Result<void> TransactionSession::produce(const OutputRecord& record, AcknowledgedOffset* acknowledged) {
  if (is_over_) return refuse({ErrorCode::kUnavailable, "this producer is closed after a fault: open it anew", {}});
  rd_kafka_t* handle = producing_->client->handle();
  rd_kafka_topic_t* to = topic(record.topic);
  constexpr size_t kHeadersMax = 16;
  std::array<rd_kafka_vu_t, 7 + kHeadersMax> arguments{};
  size_t count = 0;
  const auto add = [&](rd_kafka_vtype_t type) -> decltype(rd_kafka_vu_t::u)& {
    arguments[count].vtype = type;
    return arguments[count++].u;
  };
  add(RD_KAFKA_VTYPE_RKT).rkt = to;
  add(RD_KAFKA_VTYPE_PARTITION).i32 = record.partition < 0 ? RD_KAFKA_PARTITION_UA : record.partition;
  add(RD_KAFKA_VTYPE_MSGFLAGS).i = RD_KAFKA_MSG_F_COPY;
  add(RD_KAFKA_VTYPE_TIMESTAMP).i64 = record.timestamp_ms;
  add(RD_KAFKA_VTYPE_OPAQUE).ptr = acknowledged;
  arguments[count++] = text_argument(RD_KAFKA_VTYPE_KEY, record.key);
  arguments[count++] = text_argument(RD_KAFKA_VTYPE_VALUE, record.value);
  if (record.headers.size() > kHeadersMax) {
    return refuse(invalid("a record for " + std::string(record.topic) + " has more than 16 headers"));
  }
  std::array<std::string, kHeadersMax> names;
  for (size_t i = 0; i < record.headers.size(); ++i) {
    names[i] = record.headers[i].first;
    auto& header = add(RD_KAFKA_VTYPE_HEADER).header;
    header.name = names[i].c_str();
    header.val = record.headers[i].second.data();
    header.size = static_cast<ssize_t>(record.headers[i].second.size());
  }
  const auto deadline = Clock::now() + milliseconds(request_timeout_ms_);
  bool has_learned = false;
  while (true) {
    const RdError error(rd_kafka_produceva(handle, arguments.data(), count));
    if (!error) break;
    const auto code = rd_kafka_error_code(error.get());
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL && Clock::now() < deadline) {
      rd_kafka_poll(handle, kQueueFullPollMs);
    } else if (code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION && !std::exchange(has_learned, true)) {
      if (auto learned = learn_partitions(to, record); !learned) return learned;
    } else {
      return refuse(producing_->client->error(code, "produce to topic '" + std::string(record.topic) + "'",
                                              rd_kafka_error_string(error.get())));
    }
  }
  rd_kafka_poll(handle, 0);  // delivery reports are bounded by the queue, but should not fill it
  return {};
}

}  // namespace earshot::kafka
