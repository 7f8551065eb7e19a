// Client: one librdkafka handle, configured for its role, with its log and callbacks.
#pragma once

#include <librdkafka/rdkafka.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/kafka/kafka_log.h"
#include "engine/base/secret.h"

namespace earshot::kafka {

enum class ClientRole {
  kGroupMember,  // consumer that joins a group
  kReader,       // consumer that reads partitions it is pointed at
  kInspector,    // admin and metadata; sees records of open transactions
  kProducer,
};

// What librdkafka calls back with. Lives as long as the handle.
struct ClientEvents {
  LogSink log;
  std::vector<Secret> secrets;  // masked wherever they occur in a message
  std::function<void(rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*)> on_rebalance;
  std::function<void(const rd_kafka_message_t&)> on_delivery;

  std::string token_file;  // of OAUTHBEARER; empty: another way of logging in

  void guard(Secret token);  // the token in use; masked like `secrets`
  void report(LogLevel level, std::string_view message);
  [[nodiscard]] std::string last_fault() const;  // newest message of level kError, for errors that only say "timed out"
  [[nodiscard]] std::string mask(std::string_view message) const;

 private:
  mutable std::mutex mutex_;
  std::string last_fault_;
  Secret token_;
};

class Client {
 public:
  // `own` are the properties that this handle adds to its role's. Errors: kInvalid, naming the property.
  static Result<std::unique_ptr<Client>> open(const KafkaOptions& options, ClientRole role,
                                              const std::map<std::string, std::string>& own,
                                              std::unique_ptr<ClientEvents> events = nullptr);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  [[nodiscard]] rd_kafka_t* handle() const { return handle_; }
  [[nodiscard]] ClientEvents& events() const { return *events_; }

  // to_error() with what went wrong last on the connection, when the code is a mere timeout or lost transport.
  [[nodiscard]] Error error(rd_kafka_resp_err_t code, std::string_view doing, std::string_view detail = {}) const;

  // The consumer is closed already, or need not be.
  void skip_close_on_destroy() { destroy_flags_ = RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE; }

  // The handle and its events stay behind, idle, until the process ends.
  void abandon_on_destroy() { is_abandoned_ = true; }

 private:
  Client(rd_kafka_t* handle, std::unique_ptr<ClientEvents> events) : handle_(handle), events_(std::move(events)) {}

  rd_kafka_t* handle_;
  std::unique_ptr<ClientEvents> events_;
  int destroy_flags_ = 0;
  bool is_abandoned_ = false;
};

// The file that sasl.oauthbearer.token.endpoint.url names as file://…, as Kafka's Java client takes it; empty when the
// token comes from elsewhere.
std::string oauth_token_file(const KafkaOptions& options);

// Names of the properties whose values never appear in a message.
bool is_secret_property(std::string_view name);

}  // namespace earshot::kafka
