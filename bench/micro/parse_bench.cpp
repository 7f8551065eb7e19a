// Whole parse of canonical posts beside bare simdjson on the same bytes: what the operator adds to its parser.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <random>
#include <string>

#include "engine/flow/record_batch.h"
#include "operators/parse/parser.h"

namespace earshot::parse {
namespace {

constexpr size_t kPosts = 1024;
constexpr size_t kMeanPostBytes = 700;

// Posts of about 700 bytes as a collector writes them: a text of 12 to 45 words, two links, few hashtags.
class PostGenerator {
 public:
  std::string next() {
    const uint64_t id = 1'900'000'000'000'000 + count_++;
    std::string post =
        fmt::format(R"({{"id":"x_{}","platform":"x","created_at":"2026-03-01T12:{:02}:{:02}.{:03}Z","lang":"en")", id,
                    below(60), below(60), below(1000));
    post += fmt::format(R"(,"text":"{}")", text(12 + below(34)));
    post += fmt::format(R"(,"author":{{"id":"u{}","handle":"{}{}","name":"{}","followers":{}}})", below(1u << 30),
                        word(), below(1u << 20), text(2), below(100'000));
    post += fmt::format(R"(,"metrics":{{"likes":{},"reposts":{},"replies":{}}})", below(100), below(20), below(10));
    post += below(3) == 0 ? fmt::format(R"(,"hashtags":["{}","{}"])", word(), word()) : R"(,"hashtags":[])";
    post +=
        fmt::format(R"(,"urls":["https://www.{}-{:04x}.example.com/2026/03/01/{}/{}-{}?utm_source=x&utm_campaign={}",)",
                    word(), below(65536), id, word(), word(), below(1u << 20));
    return post +
           fmt::format(R"("https://media.example.com/v2/x/{:02x}/{}_large.jpg?format=jpg&name=orig&sig={:08x}"]}})",
                       below(256), id, below(1u << 31));
  }

 private:
  uint32_t below(uint32_t bound) { return random_() % bound; }
  std::string word() {
    static constexpr std::string_view kSyllables[] = {"ba", "ker", "lo",  "min", "ta",  "sed",
                                                      "ri", "un",  "pol", "e",   "ing", "ness"};
    std::string word;
    for (uint32_t left = 1 + below(3); left > 0; --left) word += kSyllables[below(std::size(kSyllables))];
    return word;
  }
  std::string text(uint32_t words) {
    std::string text = word();
    for (uint32_t i = 1; i < words; ++i) {
      text.append(below(25) == 0 ? " \\u00e9" : " ");
      text.append(word());
    }
    return text;
  }

  std::mt19937 random_{20260301};
  uint64_t count_ = 0;
};

RecordBatch make_records() {
  RecordBatch records({"posts", 0}, kPosts * kMeanPostBytes);
  PostGenerator generator;
  for (size_t i = 0; i < kPosts; ++i) records.append({}, generator.next(), static_cast<int64_t>(i), kNoTimestamp);
  return records;
}

void count_posts(benchmark::State& state, const RecordBatch& records) {
  const auto posts = static_cast<double>(state.iterations()) * kPosts;
  state.counters["posts/s"] = benchmark::Counter(posts, benchmark::Counter::kIsRate);
  state.counters["bytes/post"] = static_cast<double>(records.bytes_used()) / kPosts;
}

void bare_simdjson(benchmark::State& state) {
  const RecordBatch records = make_records();
  simdjson::dom::parser parser;
  for ([[maybe_unused]] auto _ : state) {
    for (size_t i = 0; i < records.size(); ++i) {
      const std::string_view bytes = records[i].value;
      auto root = parser.parse(bytes.data(), bytes.size(), false);
      benchmark::DoNotOptimize(root);
    }
  }
  count_posts(state, records);
}
BENCHMARK(bare_simdjson)->Unit(benchmark::kMicrosecond);

void whole_parse(benchmark::State& state, Format format) {
  const RecordBatch records = make_records();
  Parser parser(format);
  PostBatch posts;
  for ([[maybe_unused]] auto _ : state) {
    posts.clear();
    parser.parse(records, posts);
    if (posts.posts.size() != kPosts) state.SkipWithError("a generated post was refused");
    benchmark::DoNotOptimize(posts.posts.data());
  }
  count_posts(state, records);
}
BENCHMARK_CAPTURE(whole_parse, canonical, Format::kCanonical)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(whole_parse, detected, Format::kAuto)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace earshot::parse
