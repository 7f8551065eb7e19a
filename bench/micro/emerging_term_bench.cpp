// Cost of a listener's pane with so many mentions in its sample, with the judgement of every block that ends.
#include <benchmark/benchmark.h>

#include <string>

#include "engine/base/hash.h"
#include "operators/emerging_term/emerging_term.h"

namespace earshot::emerging_term {
namespace {

// Words of which each differs from the one before.
std::string words_of(uint64_t seed) {
  std::string words = "acme";
  for (uint64_t i = 0; i < 12; ++i) {
    words.push_back(' ');
    for (uint64_t rest = hash_64("", seed * 16 + i) % 1'000'000; rest > 0; rest /= 26) {
      words.push_back(static_cast<char>('a' + rest % 26));
    }
  }
  return words;
}

void emerging_term_observe(benchmark::State& state) {
  EmergingTerm term("acme", {});
  constexpr size_t kTexts = 4096;
  std::vector<SampledMention> mentions(kTexts);
  for (size_t i = 0; i < kTexts; ++i) {
    mentions[i].post = mentions[i].author = mentions[i].shape = hash_64(std::to_string(i));
    mentions[i].words = words_of(i);
  }
  const auto per_pane = static_cast<size_t>(state.range(0));
  size_t pane = 0;
  for (auto step : state) {
    const std::span sample = std::span(mentions).subspan(pane * per_pane % (kTexts - per_pane), per_pane);
    benchmark::DoNotOptimize(term.observe(10'000 * static_cast<int64_t>(pane), sample, false));
    ++pane;
  }
  state.SetItemsProcessed(static_cast<int64_t>(pane));
  wire::EmergingTermState saved;
  term.save(saved);
  state.counters["state_bytes"] = static_cast<double>(saved.ByteSizeLong());
}
BENCHMARK(emerging_term_observe)->Arg(1)->Arg(8);

}  // namespace
}  // namespace earshot::emerging_term
