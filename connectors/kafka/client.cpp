#include "connectors/kafka/client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "connectors/kafka/errors.h"
#include "connectors/kafka/handles.h"
#include "connectors/kafka/managed_properties.h"
#include "connectors/kafka/oauth_token.h"

namespace earshot::kafka {

namespace {

using Properties = std::map<std::string, std::string>;

constexpr const char* kTokenUrl = "sasl.oauthbearer.token.endpoint.url";
constexpr std::string_view kFileScheme = "file://";

// After a broker was gone librdkafka may see that a partition has moved only when it asks again: every five minutes of
// its own accord.
constexpr std::pair<const char*, const char*> kAskForLeadersOften{"topic.metadata.refresh.interval.ms", "10000"};

// Bounds memory first and keeps the fetchers busy within it; all may be overridden.
Properties role_defaults(ClientRole role) {
  if (role == ClientRole::kProducer) {
    return {{"linger.ms", "5"},
            {"compression.type", "lz4"},
            {"partitioner", "murmur2_random"},  // as the Java client, so that keys land where other producers put them
            {"queue.buffering.max.kbytes", "131072"},
            {"queue.buffering.max.messages", "500000"},
            kAskForLeadersOften};
  }
  Properties defaults{
      {"queued.max.messages.kbytes", "65536"},
      {"queued.min.messages", "100000"},
      {"fetch.message.max.bytes", "4194304"},
      {"fetch.wait.max.ms", "100"},  // a partition that begins while a fetch waits is not held up for long
      {"fetch.error.backoff.ms", "50"},
      kAskForLeadersOften};
  if (role == ClientRole::kGroupMember) {
    // A process that died is missed after this; a broker takes no less unless it is told to.
    defaults["session.timeout.ms"] = "6000";
    defaults["heartbeat.interval.ms"] = "1500";
  }
  if (role == ClientRole::kInspector) defaults.clear();
  return defaults;
}

Properties role_properties(const KafkaOptions& options, ClientRole role) {
  Properties own{{"client.id", options.client_id}};
  if (role == ClientRole::kProducer) {
    own["enable.idempotence"] = "true";
    return own;
  }
  own["allow.auto.create.topics"] = "false";
  own["enable.auto.commit"] = "false";
  own["enable.auto.offset.store"] = "false";
  if (role == ClientRole::kInspector) {
    own["isolation.level"] = "read_uncommitted";
    return own;
  }
  own["isolation.level"] = "read_committed";
  own["enable.partition.eof"] = "true";
  own["auto.offset.reset"] = "error";  // records that are gone are told, not skipped in silence
  if (role == ClientRole::kGroupMember) own["partition.assignment.strategy"] = "cooperative-sticky";
  if (role == ClientRole::kReader)
    own["group.id"] = options.client_id + "-reader";  // librdkafka asks for one; never joined
  return own;
}

// librdkafka quotes the value that it refuses; whoever put a password under the wrong name must not see it in a log.
std::string without_value(std::string reason, const std::string& value) {
  constexpr size_t guarded_bytes_min = 4;  // a shorter one may be part of any word
  const std::string shown = value.size() < guarded_bytes_min ? '"' + value + '"' : value;
  for (size_t at = reason.find(shown); at != reason.npos; at = reason.find(shown, at)) {
    reason.replace(at, shown.size(), "…");
  }
  return reason;
}

Result<void> set_property(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> reason{};
  switch (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason.data(), reason.size())) {
    case RD_KAFKA_CONF_OK:
      return {};
    case RD_KAFKA_CONF_UNKNOWN:
      return invalid("unknown Kafka property '" + name + "': librdkafka " + rd_kafka_version_str() +
                     " has none of that name");
    default:
      if (is_secret_property(name)) return invalid("librdkafka refuses the value of Kafka property '" + name + "'");
      return invalid("librdkafka refuses Kafka property '" + name + "': " + without_value(reason.data(), value));
  }
}

Result<ConfHandle> make_conf(const KafkaOptions& options, ClientRole role, const Properties& own) {
  ConfHandle conf(rd_kafka_conf_new());
  for (const auto& [name, value] : options.properties) {
    if (const ManagedProperty* managed = find_managed_property(name)) {
      return invalid("Kafka property '" + name + "' is set by earshot: " + std::string(managed->reason) +
                     "; remove it");
    }
  }
  for (const auto& [name, value] : role_defaults(role)) {
    if (options.properties.contains(name)) continue;
    if (auto set = set_property(conf.get(), name, value); !set) return set.error();
  }
  Properties managed = role_properties(options, role);
  for (const auto& [name, value] : own) managed[name] = value;
  const bool has_token_file = !oauth_token_file(options).empty();
  for (const auto& [name, value] : options.properties) {
    if (has_token_file && name == kTokenUrl) continue;  // ours to read, not librdkafka's
    if (auto set = set_property(conf.get(), name, value.reveal()); !set) return set.error();
  }
  for (const auto& [name, value] : managed) {
    if (auto set = set_property(conf.get(), name, value); !set) return set.error();
  }
  return conf;
}

LogLevel to_log_level(int syslog_level) {
  if (syslog_level <= 3) return LogLevel::kError;
  if (syslog_level == 4) return LogLevel::kWarning;
  return syslog_level <= 6 ? LogLevel::kInfo : LogLevel::kDebug;
}

void on_log(const rd_kafka_t* handle, int level, const char* facility, const char* text) {
  const std::string_view message(text);
  // Every role is given the same user's properties; librdkafka remarks on those of the other kind of client.
  if (std::string_view(facility) == "CONFWARN" && message.find("property and will be ignored by this") != message.npos)
    return;
  auto* events = static_cast<ClientEvents*>(rd_kafka_opaque(handle));
  events->report(to_log_level(level), std::string(facility) + ": " + text);
}

void on_error(rd_kafka_t*, int code, const char* reason, void* opaque) {
  const auto error = static_cast<rd_kafka_resp_err_t>(code);
  // librdkafka mends all but the fatal ones by itself; those come back from the call that they spoil.
  const LogLevel level = error == RD_KAFKA_RESP_ERR__FATAL ? LogLevel::kError : LogLevel::kWarning;
  static_cast<ClientEvents*>(opaque)->report(level, std::string(rd_kafka_err2name(error)) + ": " + reason);
}

// librdkafka asks again some seconds after a failure, and before the token ends.
void on_token_needed(rd_kafka_t* handle, const char*, void* opaque) {
  auto* events = static_cast<ClientEvents*>(opaque);
  const auto fail = [&](const std::string& why) {
    events->report(LogLevel::kError, "OAUTHBEARER: " + why);  // librdkafka's own report waits for a poll
    rd_kafka_oauthbearer_set_token_failure(handle, why.c_str());
  };
  const auto token = read_oauth_token(events->token_file);
  if (!token) return fail(token.error().to_string());
  events->guard(token->token);
  std::array<char, 512> reason{};
  const auto code = rd_kafka_oauthbearer_set_token(handle, token->token.reveal().c_str(), token->expires_ms,
                                                   token->subject.c_str(), nullptr, 0, reason.data(), reason.size());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) fail(events->token_file + ": " + reason.data());
}

void on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  static_cast<ClientEvents*>(opaque)->on_rebalance(code, partitions);
}

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  static_cast<ClientEvents*>(opaque)->on_delivery(*message);
}

}  // namespace

std::string oauth_token_file(const KafkaOptions& options) {
  const auto found = options.properties.find(kTokenUrl);
  if (found == options.properties.end() || !found->second.reveal().starts_with(kFileScheme)) return {};
  return found->second.reveal().substr(kFileScheme.size());
}

bool is_secret_property(std::string_view name) {
  for (const std::string_view part :
       {"password", "secret", "key.pem", "oauthbearer.config", "token", "keystore", "jaas"}) {
    if (name.find(part) != name.npos && !name.ends_with(".location") && !name.ends_with(".url")) return true;
  }
  return false;
}

std::string ClientEvents::mask(std::string_view message) const {
  std::string masked(message);
  const auto hide = [&](const std::string& secret) {
    for (size_t at = masked.find(secret); at != masked.npos; at = masked.find(secret, at)) {
      masked.replace(at, secret.size(), "[secret]");
      at += 8;
    }
  };
  for (const Secret& secret : secrets) hide(secret.reveal());
  const std::lock_guard lock(mutex_);
  if (!token_.empty()) hide(token_.reveal());
  return masked;
}

void ClientEvents::guard(Secret token) {
  const std::lock_guard lock(mutex_);
  token_ = std::move(token);
}

void ClientEvents::report(LogLevel level, std::string_view message) {
  const std::string masked = mask(message);
  if (level == LogLevel::kError) {
    const std::lock_guard lock(mutex_);
    last_fault_ = masked;
  }
  if (log) log(level, masked);
}

std::string ClientEvents::last_fault() const {
  const std::lock_guard lock(mutex_);
  return last_fault_;
}

Result<std::unique_ptr<Client>> Client::open(const KafkaOptions& options, ClientRole role, const Properties& own,
                                             std::unique_ptr<ClientEvents> events) {
  if (!events) events = std::make_unique<ClientEvents>();
  events->log = options.on_log;
  for (const auto& [name, value] : options.properties) {
    if (is_secret_property(name) && !value.empty()) events->secrets.push_back(value);
  }
  auto conf = make_conf(options, role, own);
  if (!conf) return conf.error();
  rd_kafka_conf_set_opaque(conf->get(), events.get());
  rd_kafka_conf_set_log_cb(conf->get(), on_log);
  rd_kafka_conf_set_error_cb(conf->get(), on_error);
  if (events->on_rebalance) rd_kafka_conf_set_rebalance_cb(conf->get(), on_rebalance);
  if (events->on_delivery) rd_kafka_conf_set_dr_msg_cb(conf->get(), on_delivery);
  events->token_file = oauth_token_file(options);
  const bool has_token_file = !events->token_file.empty();
  if (has_token_file) {
    rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf->get(), on_token_needed);
    rd_kafka_conf_enable_sasl_queue(conf->get(), 1);
  }

  std::array<char, 512> reason{};
  const auto type = role == ClientRole::kProducer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
  rd_kafka_t* handle = rd_kafka_new(type, conf->get(), reason.data(), reason.size());
  if (handle == nullptr) return invalid("librdkafka refuses the Kafka properties: " + events->mask(reason.data()));
  static_cast<void>(conf->release());  // the handle owns it now
  std::unique_ptr<Client> client(new Client(handle, std::move(events)));
  // On librdkafka's own thread: a client that waits for its first answer polls nothing.
  if (rd_kafka_error_t* fault = has_token_file ? rd_kafka_sasl_background_callbacks_enable(handle) : nullptr) {
    Error error = invalid(std::string("librdkafka cannot ask for tokens: ") + rd_kafka_error_string(fault));
    rd_kafka_error_destroy(fault);
    return error;
  }
  return client;
}

Client::~Client() {
  if (is_abandoned_) {
    static_cast<void>(events_.release());  // its threads still call back
  } else {
    rd_kafka_destroy_flags(handle_, destroy_flags_);
  }
}

Error Client::error(rd_kafka_resp_err_t code, std::string_view doing, std::string_view detail) const {
  Error error = to_error(code, doing, detail);
  switch (code) {
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
      if (const std::string fault = events_->last_fault(); !fault.empty()) error.message += "; last fault: " + fault;
      break;
    default:
      break;
  }
  error.message = events_->mask(error.message);
  return error;
}

}  // namespace earshot::kafka
