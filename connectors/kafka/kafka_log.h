// The log on a Kafka cluster: topics, consumer groups and transactions of the brokers; state in RocksDB with a
// changelog topic as its log. Sources and producers are used by one thread each; the Log itself by any number at once.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/secret.h"
#include "engine/flow/log.h"
#include "engine/flow/source.h"

namespace earshot::kafka {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Takes librdkafka's own messages and this connector's. Called from several threads at once; secrets are masked.
using LogSink = std::function<void(LogLevel level, std::string_view message)>;

// Running sums since the log was opened, over all of its producers.
struct KafkaCounters {
  std::atomic<uint64_t> commits{0};
  std::atomic<uint64_t> commits_failed{0};
  std::atomic<uint64_t> commit_time_us{0};  // of successful commits
  std::atomic<uint64_t> records_produced{0};
  std::atomic<uint64_t> bytes_produced{0};
  std::atomic<uint64_t> changelog_records_replayed{0};
};

struct KafkaOptions {
  // librdkafka's own properties (bootstrap.servers, security.protocol, sasl.*, ssl.*, …). Those that exactly-once rests
  // on (isolation.level, enable.auto.commit, …) are set by the connector and refused here.
  // Any of them may be a credential, so all are secret.
  std::map<std::string, Secret> properties;
  std::string client_id = "earshot";

  // Names this process for as long as its data folder lasts; empty: it is new each time. A process with a name is a
  // static member of its groups, so that it comes back to its partitions at once, and ends what it left open. The
  // transactional ids of its producers must be transactional_id_of(group, instance), so that others can end it too.
  std::string instance;

  // Before the names of the topics that the connector owns: `<prefix>positions` and `<prefix><store>-changelog`.
  std::string topic_prefix;
  std::string state_dir;  // needed by open_state() only

  int replication_factor = -1;   // of created topics; -1: the broker's default
  int min_insync_replicas = -1;  // of created topics; -1: 2 where replication_factor is 3 or more, else the broker's

  // A transaction that is open for longer is aborted by the broker. It also bounds how long another process waits for
  // the positions of one that died.
  int transaction_timeout_ms = 20'000;
  int request_timeout_ms = 30'000;  // of admin, metadata, offset and commit calls; a call that hangs is left after it

  // A transaction that a rebalance spoiled is made again from copies of its records; a larger one is given up.
  size_t repeatable_transaction_bytes_max = 64 * 1024 * 1024;

  size_t fetch_records_max = 8'192;                   // in the batches of one fetch
  int64_t state_memory_bytes = 256LL * 1024 * 1024;   // block cache and write buffers of all stores together
  int64_t tombstone_retention_ms = 7LL * 86'400'000;  // delete.retention.ms of changelogs; older state is rebuilt

  LogSink on_log = [](auto&&...) {};
  std::shared_ptr<KafkaCounters> counters = std::make_shared<KafkaCounters>();
};

std::string transactional_id_of(const std::string& group, const std::string& instance);

// Errors: an unknown or refused property (kInvalid, names it), no answer from any broker (kUnavailable).
Result<std::unique_ptr<Log>> open_kafka_log(KafkaOptions options);

// A Kafka source for a log of another kind, which then keeps the positions. Errors as above, and a missing topic
// (kNotFound).
Result<std::unique_ptr<Source>> open_kafka_source(KafkaOptions options, const std::string& group,
                                                  const std::vector<std::string>& topics,
                                                  const SubscribeOptions& subscribe_options);

}  // namespace earshot::kafka
