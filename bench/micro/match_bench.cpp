// The whole match operator beside its bare parts, on the same generated rules and texts: normalise; normalise and
// hs_scan with an empty callback; the operator. The bare figure is what no bookkeeping can beat; the share of it that
// the operator reaches is printed as a counter.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "operators/match/matcher.h"

namespace earshot::match {
namespace {

constexpr size_t kVocabulary = 40'000;
constexpr size_t kTexts = 20'000;
constexpr size_t kListeners = 500;
constexpr size_t kTextBytes = 206;  // on average
constexpr double kMatchingShare = 0.3;

std::vector<std::string> make_vocabulary(std::mt19937& random) {
  constexpr auto kSyllables =
      std::to_array<std::string_view>({"ba",  "con", "der", "es", "fi",  "gra", "hel", "in",  "jo",   "ka",
                                       "lum", "mer", "no",  "or", "pre", "qui", "ro",  "sta", "tion", "un"});
  std::vector<std::string> words;
  words.reserve(kVocabulary);
  for (size_t i = 0; i < kVocabulary; ++i) {
    std::string word;
    // Frequent words are short.
    const size_t syllables = 1 + (i > 40 ? 1 : 0) + (i > 2000 ? 1 : 0) + random() % 2;
    for (size_t s = 0; s < syllables; ++s) word += kSyllables[random() % kSyllables.size()];
    words.push_back(i < 500 ? word : word + static_cast<char>('a' + random() % 26));
  }
  return words;
}

// Words by Zipf's law.
class WordSource {
 public:
  explicit WordSource(std::mt19937& random) : random_(random), words_(make_vocabulary(random)) {
    std::vector<double> weights(words_.size());
    for (size_t i = 0; i < weights.size(); ++i) weights[i] = 1 / std::pow(static_cast<double>(i) + 2.7, 1.1);
    choice_ = std::discrete_distribution<size_t>(weights.begin(), weights.end());
  }
  const std::string& any() { return words_[choice_(random_)]; }
  const std::string& known() { return words_[20 + random_() % 3000]; }
  const std::string& rare() { return words_[5000 + random_() % (words_.size() - 5000)]; }

 private:
  std::mt19937& random_;
  std::vector<std::string> words_;
  std::discrete_distribution<size_t> choice_;
};

// One set of phrases, spread over the listeners, and texts of which about 30 % hold one.
struct Work {
  std::shared_ptr<const RuleSet> rules;  // by Hyperscan
  std::shared_ptr<const RuleSet> indexed_rules;
  std::vector<std::string> texts;
};

Work make_work(size_t phrase_count) {
  std::mt19937 random(20240229);
  WordSource words(random);
  std::vector<std::string> phrases;
  auto listeners = std::make_shared<ListenerSet>();
  const size_t listener_count = std::min(kListeners, phrase_count);
  listeners->listeners.resize(listener_count);
  for (size_t i = 0; i < phrase_count; ++i) {
    // A brand's name alone, or with one or two well-known words.
    std::string phrase = words.rare() + std::to_string(i % 97);
    for (size_t more = random() % 3; more > 0; --more) phrase += ' ' + words.known();
    std::string& query = listeners->listeners[i % listener_count].query;
    query += query.empty() ? "\"" : " OR \"";
    query += phrase + '"';
    phrases.push_back(std::move(phrase));
  }
  Work work;
  work.rules = *RuleSet::compile(listeners, {.finder = PhraseFinder::kHyperscan});
  work.indexed_rules = *RuleSet::compile(listeners, {.finder = PhraseFinder::kIndex});
  for (size_t i = 0; i < kTexts; ++i) {
    std::string text;
    const size_t bytes = kTextBytes / 2 + random() % kTextBytes;
    const size_t phrase_at = std::uniform_real_distribution<>()(random) < kMatchingShare ? random() % bytes : bytes;
    bool has_phrase = phrase_at == bytes;
    while (text.size() < bytes) {
      if (!has_phrase && text.size() >= phrase_at) {
        text += phrases[random() % phrases.size()] + ' ';
        has_phrase = true;
      }
      text += words.any();
      text += random() % 9 == 0 ? ", " : random() % 40 == 0 ? "! \u2764 " : random() % 60 == 0 ? " caf\u00e9 " : " ";
    }
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
    work.texts.push_back(std::move(text));
  }
  return work;
}

const Work& work_with(size_t phrase_count) {
  static std::map<size_t, Work> works;
  const auto found = works.find(phrase_count);
  return found != works.end() ? found->second : works.emplace(phrase_count, make_work(phrase_count)).first->second;
}

int ignore_match(unsigned, unsigned long long, unsigned long long, unsigned, void*) {
  return 0;
}

// CPU seconds of this thread, so that neighbours on the machine count for little.
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

void report_texts(benchmark::State& state, const Work& work) {
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * work.texts.size()));
}

void normalise(benchmark::State& state) {
  const Work& work = work_with(1000);
  NormalisedText normalised;
  for (auto _ : state) {
    for (const std::string& text : work.texts) {
      work.rules->normaliser().normalise(text, normalised);
      benchmark::DoNotOptimize(normalised.text().data());
    }
  }
  report_texts(state, work);
}
BENCHMARK(normalise)->Unit(benchmark::kMillisecond);

// Bare and whole take turns over short stretches of texts, so that both see the same machine; the best of several
// rounds counts.
void match_beside_bare_scan(benchmark::State& state) {
  constexpr size_t kStretch = 1000;
  constexpr int kRounds = 5;
  const Work& work = work_with(static_cast<size_t>(state.range(0)));
  Matcher matcher(work.rules);
  Matcher indexed_matcher(work.indexed_rules);
  const LiteralScanner::Scratch scratch = work.rules->scanner().make_scratch();
  NormalisedText normalised;
  double bare = 0;
  double whole = 0;
  double indexed = 0;
  size_t matching = 0;
  for (auto _ : state) {
    for (size_t begin = 0; begin < work.texts.size(); begin += kStretch) {
      const std::span<const std::string> texts(&work.texts[begin], std::min(kStretch, work.texts.size() - begin));
      double best_bare = 1e9;
      double best_whole = 1e9;
      double best_indexed = 1e9;
      for (int round = 0; round < kRounds; ++round) {
        best_bare = std::min(best_bare, seconds_of([&] {
                               for (const std::string& text : texts) {
                                 work.rules->normaliser().normalise(text, normalised);
                                 work.rules->scanner().scan(normalised.text(), scratch, &ignore_match, nullptr);
                               }
                             }));
        const auto match_all = [&](Matcher& with) {
          size_t matched = 0;
          Post post;
          for (const std::string& text : texts) {
            post.text = text;
            matched += with.match(post).empty() ? 0 : 1;
          }
          return matched;
        };
        size_t matched = 0;
        best_whole = std::min(best_whole, seconds_of([&] { matched = match_all(matcher); }));
        best_indexed =
            std::min(best_indexed, seconds_of([&] { benchmark::DoNotOptimize(match_all(indexed_matcher)); }));
        if (round == 0) matching += matched;
      }
      bare += best_bare;
      whole += best_whole;
      indexed += best_indexed;
    }
  }
  const double texts = static_cast<double>(state.iterations()) * static_cast<double>(work.texts.size());
  state.counters["bare_ns"] = bare / texts * 1e9;
  state.counters["whole_ns"] = whole / texts * 1e9;
  state.counters["share_of_bare"] = bare / whole;
  state.counters["index_ns"] = indexed / texts * 1e9;
  state.counters["index_times_bare"] = bare / indexed;
  state.counters["matching"] = static_cast<double>(matching) / texts;
}
BENCHMARK(match_beside_bare_scan)
    ->Arg(100)
    ->Arg(300)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(50'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace earshot::match
