#include "tests/faults/committed_reader.h"

#include <chrono>
#include <utility>

namespace earshot::faults {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

namespace {

void append(const RecordBatch& batch, Records& records) {
  auto& into = records[batch.partition()];
  for (size_t i = 0; i < batch.size(); ++i) {
    const RecordView record = batch[i];
    into.push_back({std::string(record.key), std::string(record.value), record.offset, record.timestamp_ms});
  }
}

}  // namespace

CommittedReader::CommittedReader(OpenSource open, OnRecord on_record)
    : open_(std::move(open)), on_record_(std::move(on_record)), thread_([this] { follow(); }) {}

CommittedReader::~CommittedReader() {
  is_stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

const Records& CommittedReader::finish(size_t expected) {
  auto last_news = Clock::now();
  for (size_t seen = count_; seen < expected && Clock::now() - last_news < seconds(20);) {
    std::this_thread::sleep_for(milliseconds(20));
    if (std::exchange(seen, count_.load()) != count_) last_news = Clock::now();
  }
  std::this_thread::sleep_for(milliseconds(100));  // what comes beyond the expected would be wrong
  is_stopping_ = true;
  if (thread_.joinable()) thread_.join();
  EXPECT_EQ(failure_, "") << "while reading what is committed";
  return records_;
}

void CommittedReader::follow() {
  while (!is_stopping_) {
    auto source = open_();
    Result<void> read = source ? read_on(**source) : Result<void>(source.error());
    if (read) return;
    const ErrorCode code = read.error().code;
    if (code != ErrorCode::kUnavailable && code != ErrorCode::kNotFound) {
      failure_ = read.error().to_string();
      return;
    }
    std::this_thread::sleep_for(milliseconds(20));
  }
}

Result<void> CommittedReader::settle(Source& source) {
  contract::Starts starts;
  for (const TopicPartition& partition : source.take_rebalance().assigned) {
    const auto known = records_.find(partition);
    const bool is_new = known == records_.end() || known->second.empty();
    starts[partition] = is_new ? std::nullopt : std::optional<int64_t>(known->second.back().offset + 1);
  }
  return source.finish_rebalance(starts);
}

Result<void> CommittedReader::read_on(Source& source) {
  while (!is_stopping_) {
    auto polled = source.poll(milliseconds(50));
    if (!polled) return polled.error();
    if (polled->status == PollStatus::kRebalance) {
      if (auto settled = settle(source); !settled) return settled;
    }
    if (polled->status != PollStatus::kBatch) continue;
    const RecordBatch& batch = *polled->batch;
    const auto& read = records_[batch.partition()];
    if (!read.empty() && batch[0].offset <= read.back().offset) {
      return failed("an offset came again", batch.partition().to_string() + "@" + std::to_string(batch[0].offset));
    }
    append(batch, records_);
    for (size_t i = 0; i < batch.size(); ++i) on_record_(batch[i]);
    count_ += batch.size();
  }
  return {};
}

// Longer than what a dead engine left open can hold back a reader: transaction_timeout_ms is 20 s.
constexpr seconds kPatience{30};

Result<Records> try_read_all(const OpenSource& open) {
  auto source = open();
  if (!source) return source.error();
  contract::settle(**source);
  Records records;
  while (true) {
    auto polled = (*source)->poll(kPatience);
    if (!polled) return polled.error();
    if (polled->status == PollStatus::kEndOfInput) return records;
    if (polled->status != PollStatus::kBatch) return failed("the end was not reached within 30 s");
    append(*polled->batch, records);
  }
}

Records read_all(const OpenSource& open) {
  auto records = try_read_all(open);
  if (records) return std::move(*records);
  ADD_FAILURE() << records.error().to_string();
  return {};
}

size_t count_of(const Records& records) {
  size_t count = 0;
  for (const auto& [partition, read] : records) count += read.size();
  return count;
}

std::vector<std::string> values_of(const Records& records, const std::string& topic) {
  std::vector<std::string> values;
  for (const auto& [partition, read] : records) {
    if (partition.topic.find(topic) == std::string::npos) continue;
    for (const auto& record : read) values.push_back(record.value);
  }
  return values;
}

std::string compare_records(const Records& followed, const Records& final) {
  std::string differences;
  for (const auto& [partition, records] : final) {
    const auto found = followed.find(partition);
    const size_t seen = found == followed.end() ? 0 : found->second.size();
    if (seen != records.size()) {
      differences += partition.to_string() + ": followed " + std::to_string(seen) + " records of " +
                     std::to_string(records.size()) + '\n';
    }
    for (size_t i = 0; i < std::min(seen, records.size()); ++i) {
      const auto& was = found->second[i];
      if (was.offset == records[i].offset && was.value == records[i].value) continue;
      differences += partition.to_string() + "@" + std::to_string(was.offset) + " was taken back\n";
      break;
    }
  }
  return differences;
}

}  // namespace earshot::faults
