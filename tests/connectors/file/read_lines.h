// Opening a file source in a test, and reading it to its end.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/file/file_source.h"
#include "tests/contract/drain.h"

namespace earshot::file {

inline std::unique_ptr<Source> open_or_fail(const FileSourceOptions& options) {
  auto source = open_file_source(options);
  if (source) return std::move(*source);
  ADD_FAILURE() << source.error().to_string();
  return nullptr;
}

inline std::vector<contract::ReadRecord> read_records(const FileSourceOptions& options, int64_t start = 0) {
  const auto source = open_or_fail(options);
  if (!source) return {};
  EXPECT_TRUE(source->poll(std::chrono::milliseconds(0)).ok());
  const auto assigned = source->take_rebalance().assigned;
  EXPECT_TRUE(source->finish_rebalance({{assigned.at(0), start}}).ok());
  return contract::drain(*source).records[assigned[0]];
}

inline std::vector<std::string> read_lines(const FileSourceOptions& options, int64_t start = 0) {
  std::vector<std::string> lines;
  for (auto& record : read_records(options, start)) lines.push_back(std::move(record.value));
  return lines;
}

// Polls until the source answers an error; what came before it goes to `values`.
inline Error read_until_error(Source& source, std::vector<std::string>& values) {
  while (true) {
    const auto polled = source.poll(std::chrono::milliseconds(100));
    if (!polled) return polled.error();
    if (polled->status != PollStatus::kBatch) {
      ADD_FAILURE() << "the source ended without an error";
      return {};
    }
    for (size_t i = 0; i < polled->batch->size(); ++i) values.emplace_back((*polled->batch)[i].value);
  }
}

}  // namespace earshot::file
