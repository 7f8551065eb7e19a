// Cost of a listener's pane, with the judgement of every block that ends.
#include <benchmark/benchmark.h>

#include "operators/sentiment_shift/sentiment_shift.h"

namespace earshot::sentiment_shift {
namespace {

void sentiment_shift_observe(benchmark::State& state) {
  SentimentShift shift{SentimentShiftOptions{}};
  int64_t pane = 0;
  for (auto step : state) {
    benchmark::DoNotOptimize(shift.observe(10'000 * pane, 3, static_cast<uint64_t>(pane % 5 == 0)));
    ++pane;
  }
  state.SetItemsProcessed(pane);
  wire::SentimentShiftState saved;
  shift.save(saved);
  state.counters["state_bytes"] = static_cast<double>(saved.ByteSizeLong());
}
BENCHMARK(sentiment_shift_observe);

}  // namespace
}  // namespace earshot::sentiment_shift
