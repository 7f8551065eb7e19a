// `earshot backtest` over kinds of incidents that are not surges, with the binary that users run.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "engine/time/timestamp.h"
#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02T00:00:00Z
constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kNewsMs = kStartMs + 50 * 60 * kMinuteMs;
constexpr int64_t kEndMs = kNewsMs + 4 * 60 * kMinuteMs;

// About three mentions a minute, as ever; for two hours half of them say a word that nobody said before.
void write_a_word_that_emerges(const std::filesystem::path& file) {
  constexpr const char* kWords[] = {"coffee", "parcel",  "weekend", "offer", "review",  "thanks", "update",
                                    "price",  "concert", "summer",  "store", "website", "order",  "question"};
  std::mt19937_64 random(5);
  std::ofstream out(file);
  for (int64_t minute_ms = kStartMs; minute_ms < kEndMs; minute_ms += kMinuteMs) {
    const bool is_news = minute_ms >= kNewsMs && minute_ms < kNewsMs + 120 * kMinuteMs;
    const uint64_t mentions = std::poisson_distribution<uint64_t>(3)(random);
    for (uint64_t i = 0; i < mentions; ++i) {
      std::string text = "payvanta";
      for (int word = 0; word < 5; ++word) text += std::string(" ") + kWords[random() % std::size(kWords)];
      if (is_news && i % 2 == 0) text += " lettuce";
      out << fmt::format(
          R"({{"id":"{}","platform":"x","created_at":"{}","lang":"en","text":"{}","author":{{"id":"{}"}}}})"
          "\n",
          random(), format_rfc3339(minute_ms + static_cast<int64_t>(i)), text, random());
    }
  }
}

TEST(Backtest, ReplaysWhatIsNoSurgeToo) {
  const Workspace workspace;
  write_a_word_that_emerges(workspace.path("posts.ndjson"));
  const std::string as_it_is =
      "source: {connector: file, path: posts.ndjson}\nwindows: {pane: 1m, sizes: [1m]}\ndetect: {emerging_term: ";
  const std::string config = workspace.configure("as-it-is", as_it_is + "true}\n");
  const std::string changed = workspace.configure("changed", as_it_is + "false}\n");
  const auto ran =
      run_earshot({"backtest", "--config", config, "--changed", changed, "--listener", "payvanta", "--from",
                   format_rfc3339(kStartMs + 24 * 60 * kMinuteMs), "--to", format_rfc3339(kEndMs)});
  ASSERT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.out.find("as it is: 1 incident\n"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("'lettuce' is said by "), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("as changed: 0 incidents"), std::string::npos) << ran.out;
}

}  // namespace
}  // namespace earshot
