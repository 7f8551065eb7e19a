// Cost of one mention in the dedup window, new ids and repeats, with the window full.
#include <benchmark/benchmark.h>

#include "engine/base/hash.h"
#include "operators/dedup/dedup_window.h"

namespace earshot::dedup {
namespace {

constexpr size_t kCapacity = 100'000;

DedupWindow full_window() {
  DedupWindow window(kCapacity);
  for (uint64_t id = 0; id < kCapacity; ++id)
    window.insert(mix_64(id, 0x9e3779b97f4a7c15ULL), static_cast<int64_t>(id));
  return window;
}

void dedup_new_id(benchmark::State& state) {
  DedupWindow window = full_window();
  uint64_t id = kCapacity;
  for (auto step : state) {
    benchmark::DoNotOptimize(window.insert(mix_64(id, 0x9e3779b97f4a7c15ULL), static_cast<int64_t>(id)));
    ++id;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(dedup_new_id);

void dedup_repeated_id(benchmark::State& state) {
  DedupWindow window = full_window();
  uint64_t step_number = 0;
  for (auto step : state) {
    const uint64_t id = step_number * 7919 % kCapacity;
    benchmark::DoNotOptimize(window.insert(mix_64(id, 0x9e3779b97f4a7c15ULL), static_cast<int64_t>(kCapacity)));
    ++step_number;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(dedup_repeated_id);

}  // namespace
}  // namespace earshot::dedup
