// Cost of one mention among ten thousand authors.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "bench/micro/empty_state.h"
#include "operators/advocates/advocates.h"

namespace earshot::advocates {
namespace {

void count_mention(benchmark::State& state) {
  StateStore store("desk", 0, std::make_unique<EmptyState>());
  Advocates advocates(AdvocateOptions{}, store);
  std::vector<std::string> authors;
  for (int i = 0; i < 10'000; ++i) authors.push_back("author-" + std::to_string(i * 7919 % 10'000));
  Engagement said;
  said.listener = "brand";
  said.platform = "x";
  said.kind = TriageClass::kPraise;
  said.created_at_ms = 1'772'366'400'000;
  size_t number = 0;
  for (auto step : state) {
    said.author_id = authors[++number % authors.size()];
    said.created_at_ms += 10;
    benchmark::DoNotOptimize(advocates.apply(said, [](const StandingChange&) { return Result<void>(); }));
  }
  state.SetItemsProcessed(static_cast<int64_t>(number));
}
BENCHMARK(count_mention);

}  // namespace
}  // namespace earshot::advocates
