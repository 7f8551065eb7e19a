// Connectors: which one serves each role that the configuration names. A new connector is one line in connectors.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/flow/log.h"
#include "engine/flow/sink.h"
#include "engine/flow/source.h"
#include "ops/settings/settings.h"

namespace earshot {

// Looks over what the connectors are given, without asking anyone: an error when it cannot work, else remarks, a
// sentence each, for whoever runs earshot.
Result<std::vector<std::string>> review_connectors(const Settings& settings);

// The log that internal topics, outputs, positions and state live on. `instance` names this process to others.
Result<std::unique_ptr<Log>> open_log(const Settings& settings, const std::string& instance);

// The log whose topics posts come from, for writing to them. kInvalid when they come from files.
Result<std::unique_ptr<Log>> open_input_log(const Settings& settings);

// Where posts come from. `log` serves when the source is the log itself.
Result<std::unique_ptr<Source>> open_posts(const Settings& settings, Log& log, const std::string& group,
                                           bool until_end);

// Names of the posts' topics in the order that numbers their partitions; a file source has none.
std::vector<std::string> post_topics(const Settings& settings);

// Reads committed outputs from beside a running engine, without a group of its own.
struct OutputReader {
  std::unique_ptr<Log> log;  // of Kafka
  std::unique_ptr<Source> source;
  std::shared_ptr<void> keeps_open;  // what the source reads from
};
Result<OutputReader> open_outputs(const Settings& settings, const std::string& topic, const SubscribeOptions& options);

// Hands every committed record of a topic to `visit`, from beside a running engine and without a group, each partition
// in order and up to its present end. Brokers that do not answer are given up after `patience`. Answers the earliest
// offset that is still there, for each partition. kNotFound: no such topic, or no log yet. A record's time is not read
// on Kafka.
using VisitRecord = std::function<Result<void>(const TopicPartition&, const RecordView&)>;
Result<std::map<TopicPartition, int64_t>> read_topic(const Settings& settings, const std::string& topic,
                                                     const VisitRecord& visit,
                                                     std::chrono::milliseconds patience = std::chrono::seconds(30));

// The same for the input, as much of it as is still there; a file from its start. kInvalid: stdin cannot be read again.
Result<std::map<TopicPartition, int64_t>> read_input(const Settings& settings, const VisitRecord& visit);

// The positions of the input that LISTEN has committed.
Result<std::map<TopicPartition, Position>> read_input_positions(const Settings& settings);

// Processes that run a role now, "listen" or "detect", on Kafka. A local log has one process, which keeps others out.
Result<size_t> count_processes(const Settings& settings, const std::string& role);

// Settles a reader's new assignment: each partition starts where the source does by default.
Result<void> start_at_default(Source& source);

}  // namespace earshot
