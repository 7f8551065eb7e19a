// Kafka: producing, committing and reading 700-byte records. Needs a broker in EARSHOT_TEST_KAFKA (ops/kafka/kafka.sh
// env), and room for state below the folder for temporary files; what is measured is this process and the broker on one
// machine.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "connectors/kafka/kafka_log.h"

namespace {

using namespace earshot;

constexpr size_t kRecordBytes = 700;
constexpr int kPartitions = 4;
constexpr int64_t kRecordsToRead = 400'000;

void stop_on(const Error& error) {
  std::fprintf(stderr, "%s\n", error.to_string().c_str());
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) stop_on(result.error());
  return std::move(*result);
}
void must(const Result<void>& result) {
  if (!result) stop_on(result.error());
}

// Text that compresses about as posts do: half of it is random.
std::string post(uint32_t seed) {
  std::string text(kRecordBytes, 'e');
  for (size_t i = 0; i < text.size(); i += 2) {
    seed = seed * 1'664'525 + 1'013'904'223;
    text[i] = static_cast<char>('a' + (seed >> 24) % 26);
  }
  return text;
}

class BenchCluster {
 public:
  BenchCluster() {
    const char* servers = std::getenv("EARSHOT_TEST_KAFKA");
    if (servers == nullptr) {
      std::fprintf(stderr, "needs a Kafka: ops/kafka/kafka.sh start && eval \"$(ops/kafka/kafka.sh env)\"\n");
      std::exit(1);
    }
    kafka::KafkaOptions options;
    options.properties["bootstrap.servers"] = servers;
    log_ = must(kafka::open_kafka_log(options));
    const std::vector<TopicSpec> topics{{topic_, kPartitions, 3'600'000}};
    must(log_->ensure_topics(topics));
    producer_ = must(log_->open_producer(topic_ + "-writer"));
    for (uint32_t i = 0; i < 64; ++i) posts_.push_back(post(i));
  }

  void append(int64_t records) {
    must(producer_->begin());
    for (int64_t i = 0; i < records; ++i) {
      must(
          producer_->produce({topic_, static_cast<int32_t>(i % kPartitions), {}, posts_[static_cast<size_t>(i) % 64]}));
    }
    must(producer_->commit({}));
  }

  // Reads what the topic holds, from joining the group to the end; answers the records and the seconds after the first.
  std::pair<int64_t, double> read() {
    auto source = must(log_->subscribe(topic_ + "-reader" + std::to_string(readers_++), {topic_}, {.until_end = true}));
    std::optional<std::chrono::steady_clock::time_point> first;
    int64_t records = 0;
    while (true) {
      const Polled polled = must(source->poll(std::chrono::milliseconds(20)));
      if (polled.status == PollStatus::kEndOfInput) break;
      if (polled.status == PollStatus::kRebalance) {
        static_cast<void>(source->take_rebalance());
        must(source->finish_rebalance({}));
      }
      if (!polled.batch) continue;
      if (!first) first = std::chrono::steady_clock::now();
      records += static_cast<int64_t>(polled.batch->size());
    }
    const auto began = first.value_or(std::chrono::steady_clock::now());
    return {records, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count()};
  }

 private:
  std::string topic_ = "bench-" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count()) + "-" +
                       std::to_string(getpid());
  std::unique_ptr<Log> log_;
  std::unique_ptr<Producer> producer_;
  std::vector<std::string> posts_;
  int readers_ = 0;
};

void produce(benchmark::State& state) {
  BenchCluster cluster;
  cluster.append(100);
  for (auto _ : state) cluster.append(state.range(0));
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * static_cast<int64_t>(kRecordBytes));
}
BENCHMARK(produce)->Arg(1)->Arg(1'000)->Arg(50'000)->UseRealTime()->Unit(benchmark::kMillisecond);

void consume(benchmark::State& state) {
  BenchCluster cluster;
  for (int64_t sent = 0; sent < kRecordsToRead; sent += 50'000) cluster.append(50'000);
  int64_t records = 0;
  for (auto _ : state) {
    const auto [read, seconds] = cluster.read();
    records += read;
    state.SetIterationTime(seconds);
  }
  state.SetItemsProcessed(records);
  state.SetBytesProcessed(records * static_cast<int64_t>(kRecordBytes));
}
BENCHMARK(consume)->Iterations(3)->UseManualTime()->Unit(benchmark::kMillisecond);

// State of a size as it comes back on a machine that has none of it, several partitions at once as tasks open them.
void restore(benchmark::State& state) {
  constexpr int64_t kValueBytes = 10'000;  // about what DETECT keeps of a listener
  const auto partitions = static_cast<int32_t>(state.range(0));
  const int64_t values = 400'000'000 / kValueBytes / partitions;
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("earshot-restore-" + std::to_string(getpid()));
  kafka::KafkaOptions options;
  options.properties["bootstrap.servers"] = std::getenv("EARSHOT_TEST_KAFKA");
  options.topic_prefix = "bench-" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count()) + ".";
  options.state_dir = folder;
  const auto log = must(kafka::open_kafka_log(options));
  std::vector<std::string> samples;
  for (uint32_t i = 0; i < 64; ++i) {
    std::string& sample = samples.emplace_back();
    for (uint32_t part = 0; sample.size() < kValueBytes; ++part) sample += post(i * 64 + part);
    sample.resize(kValueBytes);
  }
  {
    const auto producer = must(log->open_producer("bench-" + options.topic_prefix));
    std::vector<std::unique_ptr<StateStore>> stores;
    for (int32_t i = 0; i < partitions; ++i) stores.push_back(must(log->open_state("state", partitions - 1 - i)));
    for (int64_t first = 0; first < values; first += 1'000) {
      CommitRequest request{.group = "bench"};
      for (auto& store : stores) {
        for (int64_t i = first; i < std::min(first + 1'000, values); ++i) {
          store->put("key" + std::to_string(i), samples[static_cast<size_t>(i) % samples.size()]);
        }
        request.stores.push_back(store.get());
      }
      must(producer->begin());
      must(producer->commit(request));
    }
  }
  for (auto _ : state) {
    std::filesystem::remove_all(folder);
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::jthread> tasks;
    for (int32_t i = 0; i < partitions; ++i) {
      tasks.emplace_back([&, i] { static_cast<void>(must(log->open_state("state", i))); });
    }
    tasks.clear();
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  }
  std::filesystem::remove_all(folder);
  state.SetBytesProcessed(state.iterations() * values * partitions * kValueBytes);
}
BENCHMARK(restore)->Arg(1)->Arg(2)->Iterations(3)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
