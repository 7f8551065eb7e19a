// Texts per second and core of each sentiment model, on posts as long as a tweet (120 characters) and longer (206).
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "operators/sentiment/post_scorer.h"

namespace {

// Posts in the mix of a public stream: mostly plain words, some with feeling, now and then an emoji, a mention or a
// link.
std::vector<std::string> make_posts(size_t characters) {
  static constexpr const char* kPlain[] = {
      "the",   "a",        "my",      "phone", "to",      "is",    "on",     "from",  "in",    "today",
      "order", "and",      "this",    "for",   "you",     "they",  "with",   "at",    "store", "delivery",
      "again", "have",     "been",    "just",  "after",   "week",  "when",   "about", "their", "people",
      "watch", "tomorrow", "morning", "game",  "what",    "i",     "it's",   "going", "time",  "new",
      "who",   "said",     "it",      "me",    "waiting", "since", "Friday", "update"};
  static constexpr const char* kFelt[] = {"love",  "terrible", "GREAT",   "not",    "very", "worst",
                                          "happy", "no",       "awesome", "broken", "but",  "thanks",
                                          "can't", "really",   "sucks",   ":)",     "lol",  "sad"};
  static constexpr const char* kRest[] = {"@someone", "https://t.co/aBcDeFgHiJ", "#MondayMood", "\U0001F602", "it’s",
                                          "2024"};
  std::mt19937 random(7);
  const auto pick = [&random](const auto& from) { return from[random() % std::size(from)]; };
  std::vector<std::string> posts(4096);
  for (std::string& post : posts) {
    while (post.size() < characters) {
      const auto dice = random() % 100;
      post += dice < 80 ? pick(kPlain) : dice < 93 ? pick(kFelt) : pick(kRest);
      if (random() % 12 == 0) post += pick(".,!?");
      post += ' ';
    }
    post.resize(characters);
    while (!post.empty() && (post.back() & 0x80) != 0) post.back() = '.';
    for (size_t i = characters; i-- > 0 && (post[i] & 0x80) != 0;) post[i] = '.';
  }
  return posts;
}

void score_posts(benchmark::State& state, const char* model) {
  const std::vector<std::string> posts = make_posts(static_cast<size_t>(state.range(0)));
  auto scorer = earshot::sentiment::make_scorer(model);
  if (!scorer) return state.SkipWithError(scorer.error().message.c_str());
  double sum = 0;
  size_t i = 0;
  for (auto _ : state) sum += (*scorer)->score(posts[i++ % posts.size()]).compound;
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations());
}

// The texts of a file, a line each; see sentiment_beside_python.py.
void score_given_posts(benchmark::State& state, const char* model) {
  const char* path = std::getenv("EARSHOT_BENCH_TEXTS");
  if (path == nullptr) return state.SkipWithError("EARSHOT_BENCH_TEXTS names no file of texts");
  std::vector<std::string> posts;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) posts.push_back(line);
  if (posts.empty()) return state.SkipWithError("the file has no texts");
  auto scorer = std::move(*earshot::sentiment::make_scorer(model));
  double sum = 0;
  size_t i = 0;
  for (auto _ : state) sum += scorer->score(posts[i++ % posts.size()]).compound;
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations());
}

// What a mention costs: a post without a language tag, and one listener's view of it, when it names two brands.
void score_towards(benchmark::State& state, const char* model) {
  auto scorer = std::move(*earshot::sentiment::PostScorer::make(model));
  const std::string post =
      "Had it with Kestrix and their endless hold music, Velora answered at once and even apologised";
  const earshot::ClauseMatch match{"velora", 50, 56};
  double sum = 0;
  for (auto _ : state) {
    sum += scorer->score(post, "").compound;
    sum += scorer->towards(post, std::span(&match, 1)).compound;
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(score_posts, vader, "vader")->Arg(120)->Arg(206);
BENCHMARK_CAPTURE(score_posts, earshot, "earshot")->Arg(120)->Arg(206);
BENCHMARK_CAPTURE(score_given_posts, vader, "vader");
BENCHMARK_CAPTURE(score_given_posts, earshot, "earshot");
BENCHMARK_CAPTURE(score_towards, vader, "vader");
BENCHMARK_CAPTURE(score_towards, earshot, "earshot");

}  // namespace
