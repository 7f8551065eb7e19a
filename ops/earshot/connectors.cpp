#include "ops/earshot/connectors.h"

#include <unistd.h>

#include <algorithm>
#include <random>
#include <utility>

#include "connectors/file/file_source.h"
#include "connectors/kafka/inspection.h"
#include "connectors/kafka/kafka_log.h"
#include "connectors/kafka/property_review.h"
#include "connectors/local/local_log.h"
#include "engine/observe/logging.h"
#include "ops/earshot/topics.h"

namespace earshot {
namespace {

kafka::KafkaOptions kafka_options(const Settings& settings) {
  kafka::KafkaOptions options;
  options.properties = settings.kafka;
  options.client_id = settings.name;
  options.topic_prefix = settings.log.topic_prefix;
  options.state_dir = (settings.data_dir / "state").string();
  options.replication_factor = static_cast<int>(settings.log.replication_factor);
  options.on_log = [](kafka::LogLevel level, std::string_view message) {
    constexpr LogLevel levels[] = {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError};
    write_log(levels[static_cast<size_t>(level)], "kafka", message);
  };
  return options;
}

Result<std::unique_ptr<Log>> open_local(const Settings& settings, const std::string&) {
  return local::open_local_log({.path = settings.log.path.string(), .sync = settings.log.sync});
}

Result<std::unique_ptr<Log>> open_kafka(const Settings& settings, const std::string& instance) {
  kafka::KafkaOptions options = kafka_options(settings);
  options.instance = instance;
  return kafka::open_kafka_log(std::move(options));
}

Result<std::unique_ptr<Source>> open_file(const Settings& settings, bool until_end) {
  file::FileSourceOptions options;
  for (const auto& path : settings.source.paths) options.paths.push_back(path.string());
  if (!settings.source.path.empty()) options.paths.push_back(settings.source.path.string());
  options.batch_bytes = settings.runtime.batch_bytes.bytes;
  options.max_record_bytes = settings.source.max_record_bytes.bytes;
  options.follow = settings.source.follow && !until_end;
  return file::open_file_source(options);
}

Result<std::unique_ptr<Source>> open_file_posts(const Settings& settings, Log&, const std::string&, bool until_end) {
  return open_file(settings, until_end);
}

SubscribeOptions posts_options(const Settings& settings, bool until_end) {
  return {.until_end = until_end, .from_latest = settings.source.start == StartPosition::kLatest};
}

// The log's own topics when it is of the same kind: only then one transaction can hold the positions too.
Result<std::unique_ptr<Source>> open_kafka_posts(const Settings& settings, Log& log, const std::string& group,
                                                 bool until_end) {
  const auto options = posts_options(settings, until_end);
  if (settings.log.connector == LogConnector::kKafka) return log.subscribe(group, settings.source.topics, options);
  return kafka::open_kafka_source(kafka_options(settings), group, settings.source.topics, options);
}

Result<std::unique_ptr<Source>> open_local_posts(const Settings& settings, Log& log, const std::string& group,
                                                 bool until_end) {
  return log.subscribe(group, settings.source.topics, posts_options(settings, until_end));
}

// ---- registration: one line for each connector and role

struct LogEntry {
  LogConnector connector;
  Result<std::unique_ptr<Log>> (*open)(const Settings&, const std::string& instance);
};
constexpr LogEntry kLogs[] = {
    {LogConnector::kLocal, open_local},
    {LogConnector::kKafka, open_kafka},
};

struct SourceEntry {
  SourceConnector connector;
  Result<std::unique_ptr<Source>> (*open)(const Settings&, Log&, const std::string& group, bool until_end);
};
constexpr SourceEntry kSources[] = {
    {SourceConnector::kFile, open_file_posts},
    {SourceConnector::kKafka, open_kafka_posts},
    {SourceConnector::kLocal, open_local_posts},
};

Result<void> read_to_end(Source& source, const VisitRecord& visit) {
  while (true) {
    auto polled = source.poll(std::chrono::milliseconds(200));
    if (!polled) return polled.error();
    if (polled->status == PollStatus::kEndOfInput) return {};
    if (polled->status == PollStatus::kRebalance) {
      if (auto started = start_at_default(source); !started) return started;
    }
    for (size_t i = 0; polled->batch && i < polled->batch->size(); ++i) {
      if (auto visited = visit(polled->batch->partition(), (*polled->batch)[i]); !visited) return visited;
    }
  }
}

std::string reader_group() {
  std::random_device random;
  return "earshot-reader-" + std::to_string(getpid()) + "-" + std::to_string(random());
}

}  // namespace

Result<std::vector<std::string>> review_connectors(const Settings& settings) {
  const bool uses_kafka =
      settings.source.connector == SourceConnector::kKafka || settings.log.connector == LogConnector::kKafka;
  if (!uses_kafka) return std::vector<std::string>();
  auto remarks = kafka::review_properties(kafka_options(settings));
  if (!remarks) return invalid(remarks.error().to_string(), settings.origins.where("kafka"));
  return remarks;
}

Result<std::unique_ptr<Log>> open_log(const Settings& settings, const std::string& instance) {
  for (const LogEntry& entry : kLogs) {
    if (entry.connector == settings.log.connector) return entry.open(settings, instance);
  }
  return failed("the log's connector is not part of this build");
}

Result<std::unique_ptr<Log>> open_input_log(const Settings& settings) {
  if (settings.source.connector == SourceConnector::kKafka) return open_kafka(settings, {});
  if (settings.source.connector == SourceConnector::kLocal) return open_local(settings, {});
  return invalid("posts come from files");
}

Result<std::unique_ptr<Source>> open_posts(const Settings& settings, Log& log, const std::string& group,
                                           bool until_end) {
  for (const SourceEntry& entry : kSources) {
    if (entry.connector == settings.source.connector) return entry.open(settings, log, group, until_end);
  }
  return failed("the source's connector is not part of this build");
}

std::vector<std::string> post_topics(const Settings& settings) {
  if (settings.source.connector == SourceConnector::kFile) return {};
  return settings.source.topics;
}

Result<OutputReader> open_outputs(const Settings& settings, const std::string& topic, const SubscribeOptions& options) {
  OutputReader reader;
  if (settings.log.connector == LogConnector::kLocal) {
    auto log = local::open_local_log_reader(settings.log.path.string());
    if (!log) return log.error();
    auto source = (*log)->subscribe({topic}, options);
    if (!source) return source.error();
    reader.source = std::move(*source);
    reader.keeps_open = std::shared_ptr<local::LocalLogReader>(std::move(*log));
    return reader;
  }
  auto log = open_kafka(settings, {});
  if (!log) return log.error();
  auto source = (*log)->subscribe(reader_group(), {topic}, options);
  if (!source) return source.error();
  reader.log = std::move(*log);
  reader.source = std::move(*source);
  return reader;
}

Result<std::map<TopicPartition, int64_t>> read_topic(const Settings& settings, const std::string& topic,
                                                     const VisitRecord& visit, std::chrono::milliseconds patience) {
  if (settings.log.connector == LogConnector::kKafka) {
    kafka::KafkaOptions options = kafka_options(settings);
    options.request_timeout_ms = static_cast<int>(patience.count());
    return kafka::read_topic(std::move(options), topic, visit);
  }
  auto log = local::open_local_log_reader(settings.log.path.string());
  if (!log) return log.error();
  auto earliest = (*log)->earliest(topic);
  if (!earliest) return earliest.error();
  auto source = (*log)->subscribe({topic}, {.until_end = true});
  if (!source) return source.error();
  if (auto read = read_to_end(**source, visit); !read) return read.error();
  return earliest;
}

Result<std::map<TopicPartition, int64_t>> read_input(const Settings& settings, const VisitRecord& visit) {
  std::map<TopicPartition, int64_t> earliest;
  if (settings.source.connector == SourceConnector::kFile) {
    const auto& paths = settings.source.paths;
    if (settings.source.path == "-" || std::ranges::find(paths, "-") != paths.end()) {
      return invalid("stdin cannot be read again");
    }
    auto source = open_file(settings, true);
    if (!source) return source.error();
    if (auto read = read_to_end(**source, visit); !read) return read.error();
    return earliest;
  }
  for (const std::string& topic : settings.source.topics) {
    auto read = settings.source.connector == SourceConnector::kKafka
                    ? kafka::read_topic(kafka_options(settings), topic, visit)
                    : read_topic(settings, topic, visit);
    if (!read) return read.error();
    earliest.merge(*read);
  }
  return earliest;
}

Result<std::map<TopicPartition, Position>> read_input_positions(const Settings& settings) {
  const std::string group = consumer_group(settings, "listen");
  if (settings.log.connector == LogConnector::kLocal) {
    auto log = local::open_local_log_reader(settings.log.path.string());
    if (!log) return log.error();
    return (*log)->positions(group);
  }
  const bool reads_log = settings.source.connector == SourceConnector::kKafka;
  return kafka::read_group_positions(kafka_options(settings), group,
                                     reads_log ? settings.source.topics : std::vector<std::string>());
}

Result<size_t> count_processes(const Settings& settings, const std::string& role) {
  if (settings.log.connector == LogConnector::kLocal) return 0;
  return kafka::count_members(kafka_options(settings), consumer_group(settings, role));
}

Result<void> start_at_default(Source& source) {
  std::map<TopicPartition, std::optional<int64_t>> starts;
  for (const TopicPartition& partition : source.take_rebalance().assigned) starts[partition] = std::nullopt;
  return source.finish_rebalance(starts);
}

}  // namespace earshot
