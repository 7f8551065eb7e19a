// Cost of one mention that waits and of its answer, with ten thousand others waiting.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "bench/micro/empty_state.h"
#include "operators/queue/service_queue.h"

namespace earshot::queue {
namespace {

void queue_and_answer(benchmark::State& state) {
  StateStore store("desk", 0, std::make_unique<EmptyState>());
  ServiceQueue queue(QueueOptions{}, store);
  const auto ignore = [](const QueueChange&) { return Result<void>(); };
  Engagement asked;
  asked.listener = "brand";
  asked.spoke = "service";
  asked.action = TriageAction::kMakeRight;
  asked.urgency = 1;
  asked.platform = "x";
  asked.created_at_ms = 1'772'366'400'000;
  for (int i = 0; i < 10'000; ++i) {
    asked.post_id = "waiting-" + std::to_string(i);
    benchmark::DoNotOptimize(queue.apply(asked, {}, ignore));
  }
  Engagement answer = asked;
  answer.is_answer = true;
  int64_t number = 0;
  for (auto step : state) {
    asked.post_id = std::to_string(++number);
    answer.in_reply_to = asked.post_id;
    benchmark::DoNotOptimize(queue.apply(asked, {}, ignore));
    benchmark::DoNotOptimize(queue.apply(answer, {}, ignore));
  }
  state.SetItemsProcessed(number);
}
BENCHMARK(queue_and_answer);

}  // namespace
}  // namespace earshot::queue
