// Cost of an expectation and of a block learned.
#include <benchmark/benchmark.h>

#include "operators/baseline/baseline.h"

namespace earshot::baseline {
namespace {

void baseline_learn(benchmark::State& state) {
  Baseline baseline{BaselineOptions{}};
  int64_t block = 0;
  for (auto step : state) {
    baseline.learn(block * kBlockMs, static_cast<double>(block * 7919 % 13));
    ++block;
  }
  state.SetItemsProcessed(block);
}
BENCHMARK(baseline_learn);

void baseline_expect(benchmark::State& state) {
  Baseline baseline{BaselineOptions{}};
  for (int64_t block = 0; block < 4032; ++block) baseline.learn(block * kBlockMs, static_cast<double>(block % 13));
  int64_t time_ms = 4032 * kBlockMs;
  for (auto step : state) benchmark::DoNotOptimize(baseline.at(time_ms += 10'000));
}
BENCHMARK(baseline_expect);

}  // namespace
}  // namespace earshot::baseline
