// Posts per second and core of triage with the rules that are compiled in, on texts of 120 and 206 characters, and of
// its parts.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "operators/triage/triager.h"
#include "ops/rules/triage_queries.h"

namespace {

std::vector<std::string> make_texts(size_t characters) {
  static constexpr const char* kWords[] = {"the",        "my",      "phone",
                                           "to",         "is",      "on",
                                           "order",      "and",     "this",
                                           "for",        "you",     "they",
                                           "with",       "store",   "again",
                                           "have",       "been",    "just",
                                           "after",      "week",    "when",
                                           "about",      "have",    "people",
                                           "game",       "what",    "i",
                                           "it's",       "going",   "new",
                                           "who",        "said",    "waiting",
                                           "Friday",     "how",     "love",
                                           "not",        "broken",  "thanks",
                                           "can't",      "looking", "buy",
                                           "where",      "should",  "terrible",
                                           "14",         "days",    "refund",
                                           "@shop",      "#news",   "https://t.co/aBcDeFgHiJ",
                                           "\U0001F602", "it’s",    "best",
                                           "still",      "great",   "any",
                                           "one"};
  std::mt19937 random(11);
  std::vector<std::string> texts(4096);
  for (std::string& text : texts) {
    while (text.size() < characters) {
      text += kWords[random() % std::size(kWords)];
      if (random() % 12 == 0) text += ".,!?"[random() % 4];
      text += ' ';
    }
    text.resize(characters);
  }
  return texts;
}

void classify_posts(benchmark::State& state) {
  const std::vector<std::string> texts = make_texts(static_cast<size_t>(state.range(0)));
  earshot::triage::Triager triager(*earshot::triage::TriageRules::builtin(earshot::rules::triage_query_compiler()));
  earshot::Post post;
  earshot::Sentiment sentiment;
  size_t i = 0;
  for (auto _ : state) {
    post.text = texts[i % texts.size()];
    sentiment.compound = static_cast<double>(i++ % 21) / 10 - 1;
    earshot::Triage triage = triager.classify(post, sentiment);
    benchmark::DoNotOptimize(triage);
  }
  state.SetItemsProcessed(state.iterations());
}

// What of it is the finding of phrases and queries.
void match_queries(benchmark::State& state) {
  const std::vector<std::string> texts = make_texts(static_cast<size_t>(state.range(0)));
  const auto rules = *earshot::triage::TriageRules::builtin(earshot::rules::triage_query_compiler());
  const auto matcher = rules->queries().make_matcher();
  earshot::Post post;
  size_t i = 0;
  for (auto _ : state) {
    post.text = texts[i++ % texts.size()];
    benchmark::DoNotOptimize(matcher->match(post, earshot::SentimentLabel::kNeutral).size());
  }
  state.SetItemsProcessed(state.iterations());
}

// What of it is the look at the text's shape.
void look_at_shapes(benchmark::State& state) {
  const std::vector<std::string> texts = make_texts(static_cast<size_t>(state.range(0)));
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(earshot::triage::shape_of(texts[i++ % texts.size()]));
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(classify_posts)->Arg(120)->Arg(206);
BENCHMARK(match_queries)->Arg(120);
BENCHMARK(look_at_shapes)->Arg(120);

}  // namespace
