// The whole match operator beside bare normalise-and-hs_scan with an empty callback, on the same rules and texts, in
// turn: what no bookkeeping can beat by Hyperscan, and what the index does beat. Ratios are medians of pairs.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <time.h>

#include <map>

#include "bench/micro/match_material.h"
#include "operators/match/matcher.h"

namespace earshot::match {
namespace {

constexpr size_t kTexts = 20'000;
constexpr size_t kStretch = 1000;  // texts between two takes of the clock
constexpr int kRounds = 5;
constexpr uint32_t kSeed = 20240229;
constexpr double kMatchingShare = 0.3;

// Of this thread, so that neighbours on the machine count for less.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class Run>
double seconds_of(const Run& run) {
  const double begin = cpu_seconds();
  run();
  return cpu_seconds() - begin;
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

double median_ratio(const std::vector<double>& over, const std::vector<double>& under) {
  std::vector<double> ratios;
  for (size_t i = 0; i < over.size(); ++i) ratios.push_back(over[i] / under[i]);
  return median(std::move(ratios));
}

double ns_a_text(const std::vector<double>& seconds) {
  return median(seconds) / kStretch * 1e9;
}

std::shared_ptr<const ListenerSet> listeners_of(std::vector<std::string> queries) {
  auto set = std::make_shared<ListenerSet>();
  set->listeners.resize(queries.size());
  for (size_t i = 0; i < queries.size(); ++i) set->listeners[i].query = std::move(queries[i]);
  return set;
}

std::shared_ptr<const RuleSet> compiled(const std::shared_ptr<const ListenerSet>& listeners, PhraseFinder finder) {
  auto rules = RuleSet::compile(listeners, {.finder = finder});
  if (!rules) throw std::runtime_error(rules.error().to_string());
  return *rules;
}

std::string quoted(const std::string& phrase) {
  return '"' + phrase + '"';
}

// Five hundred listeners for any of many phrases.
std::vector<std::string> queries_for_any(const std::vector<std::string>& phrases) {
  std::vector<std::string> queries(std::min<size_t>(500, phrases.size()));
  for (size_t i = 0; i < phrases.size(); ++i) {
    std::string& query = queries[i % queries.size()];
    query += (query.empty() ? "" : " OR ") + quoted(phrases[i]);
  }
  return queries;
}

std::vector<std::string> phrase_queries(const std::vector<std::string>& phrases) {
  std::vector<std::string> queries;
  for (const std::string& phrase : phrases) queries.push_back(quoted(phrase));
  return queries;
}

// Of five clauses: the phrase, one of two ordinary words, and not two others.
std::vector<std::string> boolean_queries(WordSource& words, const std::vector<std::string>& phrases) {
  std::vector<std::string> queries;
  for (const std::string& phrase : phrases) {
    queries.push_back(quoted(phrase) + " (" + words.between(0, 60) + " OR " + words.between(20, 400) + ") -" +
                      words.between(100, 3000) + " -" + words.between(100, 3000));
  }
  return queries;
}

struct Work {
  std::vector<std::string> phrases;
  std::vector<std::string> texts;
};

const Work& work_with(size_t phrase_count) {
  static std::map<size_t, Work> works;
  const auto found = works.find(phrase_count);
  if (found != works.end()) return found->second;
  WordSource words(kSeed);
  Work work;
  work.phrases = phrases_for(words, phrase_count);
  work.texts = texts_for(words, work.phrases, kTexts, kMatchingShare);
  return works.emplace(phrase_count, std::move(work)).first->second;
}

size_t match_all(Matcher& matcher, std::span<const std::string> texts) {
  size_t matched = 0;
  Post post;
  for (const std::string& text : texts) {
    post.text = text;
    matched += matcher.match(post).empty() ? 0 : 1;
  }
  return matched;
}

int ignore_match(unsigned, unsigned long long, unsigned long long, unsigned, void*) {
  return 0;
}

template <class OnStretch>
void for_each_stretch(const std::vector<std::string>& texts, const OnStretch& on_stretch) {
  for (size_t begin = 0; begin + kStretch <= texts.size(); begin += kStretch) {
    for (int round = 0; round < kRounds; ++round) on_stretch(std::span(texts).subspan(begin, kStretch));
  }
}

void normalise(benchmark::State& state) {
  const Work& work = work_with(1000);
  const auto kernel = ascii_kernels()[static_cast<size_t>(state.range(0))];
  const TextNormaliser normaliser(CaseFolding::kUnicode, kernel.run);
  NormalisedText normalised;
  for (auto _ : state) {
    for (const std::string& text : work.texts) {
      normaliser.normalise(text, normalised);
      benchmark::DoNotOptimize(normalised.text().data());
    }
  }
  state.SetLabel(std::string(kernel.name));
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * work.texts.size()));
}
BENCHMARK(normalise)->DenseRange(0, static_cast<int>(ascii_kernels().size()) - 1)->Unit(benchmark::kMillisecond);

// The share of bare that the operator reaches by Hyperscan and by the index of each kernel, and what auto takes.
void match_beside_bare_scan(benchmark::State& state) {
  const Work& work = work_with(static_cast<size_t>(state.range(0)));
  const auto listeners = listeners_of(queries_for_any(work.phrases));
  const auto by_hyperscan = compiled(listeners, PhraseFinder::kHyperscan);
  const auto by_index = compiled(listeners, PhraseFinder::kIndex);
  const auto by_auto = compiled(listeners, PhraseFinder::kAuto);
  Matcher scanning(by_hyperscan);
  const LiteralScanner::Scratch scratch = by_hyperscan->scanner().make_scratch();
  NormalisedText normalised;
  for (auto _ : state) {
    std::vector<double> bare;
    std::vector<double> by_scanner;
    size_t matching = 0;
    for (const WordKernel& kernel : word_kernels()) {
      Matcher indexed(by_index, kernel);
      std::vector<double> bare_beside_index;
      std::vector<double> indexed_seconds;
      for_each_stretch(work.texts, [&](std::span<const std::string> texts) {
        bare_beside_index.push_back(seconds_of([&] {
          for (const std::string& text : texts) {
            by_hyperscan->normaliser().normalise(text, normalised);
            by_hyperscan->scanner().scan(normalised.text(), scratch, &ignore_match, nullptr);
          }
        }));
        by_scanner.push_back(seconds_of([&] { matching += match_all(scanning, texts); }));
        indexed_seconds.push_back(seconds_of([&] { benchmark::DoNotOptimize(match_all(indexed, texts)); }));
      });
      bare.insert(bare.end(), bare_beside_index.begin(), bare_beside_index.end());
      const std::string name(kernel.name);
      state.counters["index_ns_" + name] = ns_a_text(indexed_seconds);
      state.counters["index_times_bare_" + name] = median_ratio(bare_beside_index, indexed_seconds);
    }
    state.counters["bare_ns"] = ns_a_text(bare);
    state.counters["hyperscan_ns"] = ns_a_text(by_scanner);
    state.counters["hyperscan_share_of_bare"] = median_ratio(bare, by_scanner);
    state.counters["matching"] = static_cast<double>(matching) / static_cast<double>(bare.size() * kStretch);
  }
  Matcher choosing(by_auto);
  match_all(choosing, work.texts);
  state.SetLabel(choosing.finder() == PhraseFinder::kIndex ? "auto takes the index" : "auto takes Hyperscan");
  // What auto has taken beside what it has not, once it has chosen.
  Matcher other(choosing.finder() == PhraseFinder::kIndex ? by_hyperscan : by_index);
  std::vector<double> chosen_seconds;
  std::vector<double> other_seconds;
  for_each_stretch(work.texts, [&](std::span<const std::string> texts) {
    chosen_seconds.push_back(seconds_of([&] { benchmark::DoNotOptimize(match_all(choosing, texts)); }));
    other_seconds.push_back(seconds_of([&] { benchmark::DoNotOptimize(match_all(other, texts)); }));
  });
  state.counters["auto_times_the_other"] = median_ratio(other_seconds, chosen_seconds);
}
BENCHMARK(match_beside_bare_scan)
    ->Arg(10)
    ->Arg(30)
    ->Arg(100)
    ->Arg(300)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(50'000)
    ->Arg(200'000)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

// Rules of one phrase each, and of five clauses each with the same phrase among them.
void match_boolean_rules(benchmark::State& state) {
  const Work& work = work_with(static_cast<size_t>(state.range(0)));
  WordSource words(kSeed);
  Matcher phrases(compiled(listeners_of(phrase_queries(work.phrases)), PhraseFinder::kAuto));
  Matcher booleans(compiled(listeners_of(boolean_queries(words, work.phrases)), PhraseFinder::kAuto));
  for (auto _ : state) {
    std::vector<double> phrase_seconds;
    std::vector<double> boolean_seconds;
    size_t phrases_matched = 0;
    size_t booleans_matched = 0;
    for_each_stretch(work.texts, [&](std::span<const std::string> texts) {
      phrase_seconds.push_back(seconds_of([&] { phrases_matched += match_all(phrases, texts); }));
      boolean_seconds.push_back(seconds_of([&] { booleans_matched += match_all(booleans, texts); }));
    });
    const double texts = static_cast<double>(phrase_seconds.size() * kStretch);
    state.counters["phrase_ns"] = ns_a_text(phrase_seconds);
    state.counters["boolean_ns"] = ns_a_text(boolean_seconds);
    state.counters["boolean_share_of_phrase_rate"] = median_ratio(phrase_seconds, boolean_seconds);
    state.counters["phrase_matching"] = static_cast<double>(phrases_matched) / texts;
    state.counters["boolean_matching"] = static_cast<double>(booleans_matched) / texts;
  }
}
BENCHMARK(match_boolean_rules)->Arg(1'000)->Arg(10'000)->Arg(50'000)->Iterations(1)->Unit(benchmark::kMillisecond);

// What compiling takes, and what the set and one thread's matcher keep beside the listeners' own text.
void compile_rules(benchmark::State& state) {
  const Work& work = work_with(static_cast<size_t>(state.range(0)));
  WordSource words(kSeed);
  const bool is_boolean = state.range(1) != 0;
  const auto listeners = listeners_of(is_boolean ? boolean_queries(words, work.phrases) : phrase_queries(work.phrases));
  const auto allocated_bytes = [] {
    const struct mallinfo2 info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
  };
  for (auto _ : state) {
    const double before = allocated_bytes();
    Matcher matcher(compiled(listeners, PhraseFinder::kAuto));
    state.counters["bytes_per_rule"] = (allocated_bytes() - before) / static_cast<double>(work.phrases.size());
  }
  state.SetLabel(is_boolean ? "five clauses" : "one phrase");
}
BENCHMARK(compile_rules)->ArgsProduct({{1'000, 50'000, 200'000}, {0, 1}})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace earshot::match
