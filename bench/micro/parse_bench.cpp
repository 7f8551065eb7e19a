// Whole parse of canonical posts beside bare simdjson on the same bytes: its document of everything, and its On-Demand
// reading of the same members.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "engine/flow/record_batch.h"
#include "operators/parse/language.h"
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

void simdjson_dom(benchmark::State& state) {
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
BENCHMARK(simdjson_dom)->Unit(benchmark::kMicrosecond);

namespace ondemand = simdjson::ondemand;

std::string_view text_of(simdjson::simdjson_result<ondemand::value> value) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) std::abort();
  return text;
}
int64_t number_of(simdjson::simdjson_result<ondemand::value> value) {
  int64_t number = 0;
  if (value.get_int64().get(number) != simdjson::SUCCESS) std::abort();
  return number;
}

// The members of a canonical post, in the order in which they stand: what On-Demand is quickest at. It checks nothing
// that it does not read, keeps nothing for later and makes no time of a time stamp.
size_t read_on_demand(ondemand::document& post) {
  size_t sum = 0;
  for (const char* name : {"id", "platform", "created_at", "lang", "text"}) sum += text_of(post[name]).size();
  ondemand::object author = post["author"].get_object();
  for (const char* name : {"id", "handle", "name"}) sum += text_of(author[name]).size();
  sum += static_cast<size_t>(number_of(author["followers"]));
  ondemand::object metrics = post["metrics"].get_object();
  for (const char* name : {"likes", "reposts", "replies"}) sum += static_cast<size_t>(number_of(metrics[name]));
  for (const char* name : {"hashtags", "urls"}) {
    for (auto item : post[name].get_array()) sum += text_of(item).size();
  }
  return sum;
}

void simdjson_on_demand(benchmark::State& state) {
  const RecordBatch records = make_records();
  ondemand::parser parser;
  for ([[maybe_unused]] auto _ : state) {
    for (size_t i = 0; i < records.size(); ++i) {
      const std::string_view bytes = records[i].value;
      ondemand::document post;
      if (parser.iterate(bytes.data(), bytes.size(), bytes.size() + RecordBatch::kPadding).get(post)) std::abort();
      size_t sum = read_on_demand(post);
      benchmark::DoNotOptimize(sum);
    }
  }
  count_posts(state, records);
}
BENCHMARK(simdjson_on_demand)->Unit(benchmark::kMicrosecond);

void whole_parse(benchmark::State& state, Format format) {
  const RecordBatch records = make_records();
  Parser parser({.format = format});
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

double middle_of(std::vector<double>& values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

// A batch by simdjson and one by the operator in turn, so that whatever else the machine does slows both.
// "share_of_simdjson" is the operator's rate over On-Demand's, the one in the middle of all pairs.
void side_by_side(benchmark::State& state) {
  using Clock = std::chrono::steady_clock;
  const RecordBatch records = make_records();
  ondemand::parser on_demand;
  Parser parser({.format = Format::kCanonical});
  PostBatch posts;
  std::vector<double> shares;
  std::vector<double> seconds;
  for ([[maybe_unused]] auto _ : state) {
    const auto start = Clock::now();
    for (size_t i = 0; i < records.size(); ++i) {
      const std::string_view bytes = records[i].value;
      ondemand::document post;
      if (on_demand.iterate(bytes.data(), bytes.size(), bytes.size() + RecordBatch::kPadding).get(post)) std::abort();
      size_t sum = read_on_demand(post);
      benchmark::DoNotOptimize(sum);
    }
    const auto middle = Clock::now();
    posts.clear();
    parser.parse(records, posts);
    benchmark::DoNotOptimize(posts.posts.data());
    const std::chrono::duration<double> ours = Clock::now() - middle;
    const std::chrono::duration<double> theirs = middle - start;
    shares.push_back(theirs / ours);
    seconds.push_back(ours.count());
  }
  state.counters["share_of_simdjson"] = middle_of(shares);
  state.counters["posts/s"] = kPosts / middle_of(seconds);
}
BENCHMARK(side_by_side)->Unit(benchmark::kMicrosecond);

// Of this thread, so that neighbours on the machine count for less.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Posts in English whose platform gives no language.
RecordBatch make_records_without_language() {
  static constexpr std::string_view kWords[] = {"the",  "line", "has",  "been", "down",    "since", "this",  "morning",
                                                "and",  "no",   "one",  "at",   "support", "takes", "my",    "calls",
                                                "for",  "days", "now",  "is",   "anybody", "else",  "still", "waiting",
                                                "here", "or",   "with", "it",   "only",    "me",    "again", "today"};
  RecordBatch records({"posts", 0}, kPosts * kMeanPostBytes);
  std::mt19937 random(20260302);
  for (size_t i = 0; i < kPosts; ++i) {
    std::string text;
    for (uint32_t words = 12 + random() % 34; words > 0; --words) text.append(kWords[random() % 32]).push_back(' ');
    records.append({},
                   fmt::format(R"({{"id":"b_{}","platform":"bluesky","created_at":"2026-03-01T12:00:00Z","text":"{}",)"
                               R"("author":{{"id":"did:plc:{}","handle":"h{}.example","followers":{}}}}})",
                               i, text, random(), random() % 1000, random() % 5000),
                   static_cast<int64_t>(i), kNoTimestamp);
  }
  return records;
}

// Parsing such posts with and without the detection of their language, and with that of only those that a rule matched
// (30 %), in turn. Counters: what a post costs then, as a multiple of parsing alone.
void language_beside_parse(benchmark::State& state) {
  const RecordBatch records = make_records_without_language();
  Parser all({.format = Format::kCanonical});
  Parser none({.format = Format::kCanonical, .detects_language = false});
  LanguageDetector detector;
  PostBatch posts;
  std::vector<double> times_all;
  std::vector<double> times_matched;
  std::vector<double> seconds;
  const auto parse = [&](Parser& parser) {
    posts.clear();
    parser.parse(records, posts);
    benchmark::DoNotOptimize(posts.posts.data());
  };
  for ([[maybe_unused]] auto _ : state) {
    const double start = cpu_seconds();
    parse(all);
    const double second = cpu_seconds();
    parse(none);
    const double third = cpu_seconds();
    for (size_t i = 0; i < posts.posts.size(); i += i % 10 < 6 ? 3 : 4) {
      benchmark::DoNotOptimize(detector.detect(posts.posts[i].text));
    }
    const double alone = third - second;
    times_matched.push_back((cpu_seconds() - second) / alone);
    times_all.push_back((second - start) / alone);
    seconds.push_back(alone);
  }
  state.counters["all_times_alone"] = middle_of(times_all);
  state.counters["matched_times_alone"] = middle_of(times_matched);
  state.counters["alone_posts/s"] = kPosts / middle_of(seconds);
}
BENCHMARK(language_beside_parse)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace earshot::parse
