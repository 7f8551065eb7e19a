// Cost of one mention in the summariser, adding and handing out, as a commit of a busy partition has them.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "operators/summarise/summariser.h"

namespace earshot::summarise {
namespace {

constexpr size_t kListeners = 500;
constexpr size_t kMentionsPerCommit = 20'000;

struct Sample {
  Post post;
  uint32_t listener;
  int64_t pane_ms;
};

std::vector<Sample> make_samples(const std::vector<std::string>& texts, int64_t panes) {
  std::mt19937_64 random(1);
  std::vector<Sample> samples(kMentionsPerCommit);
  for (size_t i = 0; i < samples.size(); ++i) {
    samples[i].post.id = texts[i];
    samples[i].post.text = texts[i];
    samples[i].post.platform = "x";
    samples[i].post.followers = static_cast<int64_t>(random() % 100'000);
    // One listener in five mentions is the hot one.
    samples[i].listener = random() % 5 == 0 ? 0 : static_cast<uint32_t>(random() % kListeners);
    samples[i].pane_ms = static_cast<int64_t>(random() % static_cast<uint64_t>(panes)) * 10'000;
  }
  return samples;
}

void summarise_commit(benchmark::State& state) {
  auto listeners = std::make_shared<ListenerSet>();
  for (size_t i = 0; i < kListeners; ++i) listeners->listeners.emplace_back().name = "listener-" + std::to_string(i);
  std::vector<std::string> texts;
  for (size_t i = 0; i < kMentionsPerCommit; ++i) texts.push_back("a post about a brand, number " + std::to_string(i));
  const auto samples = make_samples(texts, state.range(0));
  Summariser summariser(listeners, {.partitions = 4});
  size_t bytes = 0;
  for (auto step : state) {
    for (size_t i = 0; i < samples.size(); ++i) {
      Mention mention;
      mention.post = &samples[i].post;
      summariser.add(samples[i].listener, mention, {mix_64(i, 0x9e3779b97f4a7c15ULL), i, i}, samples[i].pane_ms, false,
                     samples[i].post.text);
    }
    const auto drained = summariser.drain({}, [&](int32_t, const wire::Partial& partial) {
      bytes += partial.ByteSizeLong();
      return Result<void>();
    });
    benchmark::DoNotOptimize(drained.ok());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kMentionsPerCommit));
  state.counters["bytes_per_mention"] =
      static_cast<double>(bytes) / static_cast<double>(state.iterations() * static_cast<int64_t>(kMentionsPerCommit));
}
BENCHMARK(summarise_commit)->Arg(1)->Arg(30);  // panes in a commit: live, and a replay

}  // namespace
}  // namespace earshot::summarise
