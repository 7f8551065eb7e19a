// Connectors: which one serves each role that the configuration names. A new connector is one line in connectors.cpp.
#pragma once

#include <filesystem>
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

// The log that internal topics, outputs, positions and state live on.
Result<std::unique_ptr<Log>> open_log(const Settings& settings);

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

// Settles a reader's new assignment: each partition starts where the source does by default.
Result<void> start_at_default(Source& source);

}  // namespace earshot
