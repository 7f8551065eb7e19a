// Cost of a listener's pane, in which one of three mentions refers to a post.
#include <benchmark/benchmark.h>

#include "operators/viral_post/viral_post.h"

namespace earshot::viral_post {
namespace {

void viral_post_observe(benchmark::State& state) {
  ViralPost viral{ViralPostOptions{}};
  uint64_t pane = 0;
  std::vector<SampledMention> sample(3);
  for (auto step : state) {
    sample[0].reference = 1 + pane % static_cast<uint64_t>(state.range(0));
    benchmark::DoNotOptimize(viral.observe(10'000 * static_cast<int64_t>(pane), 10'000, 3, sample));
    ++pane;
  }
  state.SetItemsProcessed(static_cast<int64_t>(pane));
  wire::ViralPostState saved;
  viral.save(saved);
  state.counters["state_bytes"] = static_cast<double>(saved.ByteSizeLong());
}
BENCHMARK(viral_post_observe)->Arg(3)->Arg(500);  // posts that are referred to

}  // namespace
}  // namespace earshot::viral_post
