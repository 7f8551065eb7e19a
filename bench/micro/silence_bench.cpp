// Cost of a listener's pane and of the judgement at the end of a block, which comes once in thirty panes of ten
// seconds.
#include <benchmark/benchmark.h>

#include "operators/silence/feed_watch.h"
#include "operators/silence/mention_drop.h"

namespace earshot::silence {
namespace {

void mention_drop_add(benchmark::State& state) {
  MentionDrop drop{MentionDropOptions{}};
  int64_t pane = 0;
  for (auto step : state) drop.add(10'000 * pane++, 3);
  state.SetItemsProcessed(pane);
  wire::MentionDropState saved;
  drop.save(saved);
  state.counters["state_bytes"] = static_cast<double>(saved.ByteSizeLong());
}
BENCHMARK(mention_drop_add);

void mention_drop_judge(benchmark::State& state) {
  MentionDrop drop{MentionDropOptions{}};
  DropWindow quarter{.length_ms = MentionDrop::kQuarterMs,
                     .expected = 50,
                     .dispersion = 0.1,
                     .same_time_last_week = 45,
                     .others_observed = 900,
                     .others_expected = 1000};
  DropWindow hour = quarter;
  hour.length_ms = MentionDrop::kHourMs;
  hour.expected = 200;
  const DropWindow windows[] = {quarter, hour};
  int64_t block = 1;
  for (auto step : state) {
    drop.add((block - 1) * MentionDrop::kBlockMs, 16);
    benchmark::DoNotOptimize(drop.judge(block * MentionDrop::kBlockMs, windows));
    ++block;
  }
}
BENCHMARK(mention_drop_judge);

void feed_watch_judge(benchmark::State& state) {
  FeedWatch watch{FeedWatchOptions{}};
  int64_t now_ms = 1'772'366'400'000;
  for (auto step : state) {
    wire::Partial partial;
    partial.set_source_partition(static_cast<int32_t>(now_ms % 64));
    partial.set_watermark_ms(++now_ms);
    watch.observe(partial, now_ms);
    benchmark::DoNotOptimize(watch.judge(now_ms));
  }
}
BENCHMARK(feed_watch_judge);

}  // namespace
}  // namespace earshot::silence
