// Opening a local log in a test, and filling it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/local/local_log.h"

namespace earshot::local {

inline std::unique_ptr<Log> open_or_fail(const LocalLogOptions& options) {
  auto log = open_local_log(options);
  if (log) return std::move(*log);
  ADD_FAILURE() << log.error().to_string();
  return nullptr;
}

// Small buffers, and no waiting for the disk: what a test of logic needs.
inline LocalLogOptions test_options(const std::string& path) {
  LocalLogOptions options;
  options.path = path;
  options.sync = false;
  options.memory_budget_bytes = 16 << 20;
  return options;
}

inline void make_topic(Log& log, const TopicSpec& spec) {
  const auto made = log.ensure_topics({&spec, 1});
  ASSERT_TRUE(made.ok()) << made.error().to_string();
}

using KeyAndValue = std::pair<std::string, std::string>;

// One transaction with these records.
inline void append(Log& log, const std::string& topic, int32_t partition, const std::vector<KeyAndValue>& records) {
  const auto producer = log.open_producer("test");
  ASSERT_TRUE((*producer)->begin().ok());
  for (const auto& [key, value] : records) {
    const auto produced = (*producer)->produce({topic, partition, key, value, 1'700'000'000'000});
    ASSERT_TRUE(produced.ok()) << produced.error().to_string();
  }
  const auto committed = (*producer)->commit({});
  ASSERT_TRUE(committed.ok()) << committed.error().to_string();
}

}  // namespace earshot::local
