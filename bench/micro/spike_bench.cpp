// Cost of one listener and pane in the detector, loud and quiet, and of a whole monitored pane with its evidence.
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "operators/spike/detector.h"
#include "operators/spike/listener_monitor.h"
#include "schemas/counts.h"

namespace earshot::spike {
namespace {

constexpr int64_t kPaneMs = 10'000;

std::vector<int> counts_of(double mean) {
  std::mt19937_64 random(1);
  std::poisson_distribution<int> draw(mean);
  std::vector<int> counts(8192);
  for (int& count : counts) count = draw(random);
  return counts;
}

void detector_observe(benchmark::State& state) {
  const std::vector<int> counts = counts_of(static_cast<double>(state.range(0)) / 100);
  Detector detector{DetectorOptions{}};
  int64_t pane = 0;
  for (auto step : state) {
    benchmark::DoNotOptimize(detector.observe(pane * kPaneMs, counts[static_cast<size_t>(pane) % counts.size()]));
    ++pane;
  }
  state.SetItemsProcessed(pane);
}
BENCHMARK(detector_observe)->Arg(5)->Arg(100)->Arg(10'000);

// On its first day, when what the count says by itself is asked too: at usual counts, and in a surge that does not end.
void young_detector_observe(benchmark::State& state) {
  constexpr int64_t kYoungPanes = 8192;
  constexpr int64_t kCalmPanes = 200;
  const std::vector<int> usual = counts_of(1);
  const std::vector<int> loud = counts_of(static_cast<double>(state.range(0)));
  Detector detector{DetectorOptions{}};
  int64_t pane = 0;
  for (auto step : state) {
    const int64_t age = pane % kYoungPanes;
    if (age == 0) detector = Detector{DetectorOptions{}};
    const auto at = static_cast<size_t>(age);
    benchmark::DoNotOptimize(detector.observe(pane * kPaneMs, age < kCalmPanes ? usual[at] : loud[at]));
    ++pane;
  }
  state.SetItemsProcessed(pane);
}
BENCHMARK(young_detector_observe)->Arg(1)->Arg(20);

// As many listeners as one process is to hold, each in turn: their state is not in the cache.
void detectors_of_a_process(benchmark::State& state) {
  std::vector<Detector> detectors(static_cast<size_t>(state.range(0)), Detector{DetectorOptions{}});
  int64_t pane = 0;
  for (auto step : state) {
    for (Detector& detector : detectors) benchmark::DoNotOptimize(detector.observe(pane * kPaneMs, 1));
    ++pane;
  }
  wire::DetectorState saved;
  detectors.front().save(saved);
  state.SetItemsProcessed(pane * state.range(0));
  state.counters["state_bytes"] = static_cast<double>(saved.ByteSizeLong());
}
BENCHMARK(detectors_of_a_process)->Arg(100'000)->Unit(benchmark::kMillisecond);

void detector_catches_up_on_a_quiet_week(benchmark::State& state) {
  Detector detector{DetectorOptions{}};
  int64_t pane = 0;
  for (auto step : state) {
    benchmark::DoNotOptimize(detector.observe(pane * kPaneMs, 1));
    pane += 7 * 24 * 360;
  }
}
BENCHMARK(detector_catches_up_on_a_quiet_week);

void monitor_observe(benchmark::State& state) {
  const std::vector<int> counts = counts_of(2);
  ListenerMonitor monitor("brand", nullptr, MonitorOptions{});
  CountSums sums;
  sums.author_bits.fill(0x1111111111111111);
  sums.text_bits.fill(0x1111111111111111);
  wire::Evidence post;
  post.set_text("the brand opened a new shop downtown, queues around the block since this morning");
  std::vector<RankedEvidence> evidence(1);
  int64_t pane = 0;
  for (auto step : state) {
    sums.mentions = static_cast<uint64_t>(counts[static_cast<size_t>(pane) % counts.size()]);
    post.set_text_hash(static_cast<uint64_t>(pane));
    evidence[0] = rank(post);
    benchmark::DoNotOptimize(monitor.observe(pane * kPaneMs, sums, evidence));
    ++pane;
  }
  state.SetItemsProcessed(pane);
  state.counters["state_bytes"] = static_cast<double>(monitor.save().size());
}
BENCHMARK(monitor_observe);

}  // namespace
}  // namespace earshot::spike
