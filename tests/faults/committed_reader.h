// CommittedReader: follows topics from another thread while engines write them and die, as a downstream consumer does.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/flow/source.h"
#include "tests/contract/drain.h"

namespace earshot::faults {

using Records = std::map<TopicPartition, std::vector<contract::ReadRecord>>;
using OpenSource = std::function<Result<std::unique_ptr<Source>>()>;

class CommittedReader {
 public:
  // `open` is tried until it succeeds, and again after a passing fault; reading goes on where it was. `on_record` is
  // called for each record as it comes, on the reader's thread.
  using OnRecord = std::function<void(const RecordView&)>;
  explicit CommittedReader(
      OpenSource open, OnRecord on_record = [](const RecordView&) {});
  ~CommittedReader();
  CommittedReader(const CommittedReader&) = delete;
  CommittedReader& operator=(const CommittedReader&) = delete;

  [[nodiscard]] size_t count() const { return count_; }

  // Waits until `expected` records are read, or none came for 20 s; then stops. Fails the test when reading failed.
  const Records& finish(size_t expected);

 private:
  void follow();
  Result<void> read_on(Source& source);
  Result<void> settle(Source& source);

  OpenSource open_;
  OnRecord on_record_;
  Records records_;
  std::string failure_;
  std::atomic<size_t> count_ = 0;
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

// Everything that a bounded source gives; the second fails the test when reading does.
Result<Records> try_read_all(const OpenSource& open);
Records read_all(const OpenSource& open);

size_t count_of(const Records& records);

// The values of the topics whose name ends so or goes on after it: "windows", "mentions.".
std::vector<std::string> values_of(const Records& records, const std::string& topic);

// What a reader saw while it ran against what is there in the end: "" when it is the same, record by record.
std::string compare_records(const Records& followed, const Records& final);

}  // namespace earshot::faults
