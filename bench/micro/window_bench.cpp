// Cost of one listener and pane in the window operator: merged, closed, written to pending state.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "bench/micro/empty_state.h"
#include "operators/window/window_operator.h"

namespace earshot::window {
namespace {

void window_pane(benchmark::State& state) {
  const auto listeners = static_cast<size_t>(state.range(0));
  constexpr int64_t kPaneMs = 10'000;
  wire::Partial partial;
  partial.set_source_partitions(1);
  for (size_t i = 0; i < listeners; ++i) {
    wire::PanePartial& pane = *partial.add_panes();
    pane.set_listener("listener-" + std::to_string(i));
    pane.mutable_counts()->set_mentions(3);
    pane.mutable_counts()->set_author_bits(std::string(32, '\x11'));
    pane.mutable_counts()->set_text_bits(std::string(32, '\x11'));
  }
  StateStore store("detect", 0, std::make_unique<EmptyState>());
  WindowOperator windows(WindowOptions{}, store);
  int64_t pane_ms = 0;
  for (auto step : state) {
    for (wire::PanePartial& pane : *partial.mutable_panes()) pane.set_pane_start_ms(pane_ms);
    pane_ms += kPaneMs;
    partial.set_watermark_ms(pane_ms);
    benchmark::DoNotOptimize(windows.add(partial).ok());
    while (const auto closed = windows.next_closed_pane()) benchmark::DoNotOptimize(windows.take_pane(*closed));
    benchmark::DoNotOptimize(windows.take_windows());
    benchmark::DoNotOptimize(windows.checkpoint().ok());
    store.mark_committed();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(listeners));
}
BENCHMARK(window_pane)->Arg(1)->Arg(1000);

}  // namespace
}  // namespace earshot::window
