// Cost of one signal of a surge that goes on.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "bench/micro/empty_state.h"
#include "operators/incident/incident_operator.h"

namespace earshot::incident {
namespace {

void incident_signal(benchmark::State& state) {
  StateStore store("incident", 0, std::make_unique<EmptyState>());
  IncidentOperator incidents(IncidentOptions{}, store);
  wire::Signal signal;
  signal.set_hub("hub");
  signal.set_listener("brand");
  signal.set_pane_ms(10'000);
  signal.set_window_ms(300'000);
  signal.set_level(1);
  signal.set_observed(300);
  signal.set_expected(20);
  for (uint64_t i = 0; i < 10; ++i) {
    wire::Evidence& post = *signal.add_evidence();
    post.set_text("the brand is down again and nobody answers the phone " + std::to_string(i));
    post.set_text_hash(i);
  }
  int64_t minute = 0;
  for (auto step : state) {
    signal.set_pane_start_ms(++minute * 60'000);
    benchmark::DoNotOptimize(incidents.apply(signal));
  }
  state.SetItemsProcessed(minute);
}
BENCHMARK(incident_signal);

}  // namespace
}  // namespace earshot::incident
