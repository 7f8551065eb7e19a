// One record in a hundred is poison: broken JSON, broken UTF-8, ten megabytes, a hundred thousand levels. Each becomes
// a dead letter with a reason, and the rest comes out right.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "tests/faults/fault_plan.h"
#include "tests/faults/local_run.h"
#include "tests/faults/post_feed.h"

namespace earshot::faults {
namespace {

constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02T00:00:00Z
constexpr uint64_t kPosts = 60'000;
constexpr uint64_t kPoisonEvery = 100;
constexpr uint64_t kGiantEvery = 10'000;  // each is worth more bytes than all good posts before it

// A bad record and what the reason of its dead letter must say.
struct Poison {
  std::string record;
  std::string reason;
};

Poison poison_of(uint64_t number, const std::string& post) {
  if (number % kGiantEvery == 0) {
    return {R"({"text":")" + std::string(10 << 20, 'x') + R"("})", "invalid JSON"};  // cut off at max_record_bytes
  }
  switch (number / kPoisonEvery % 4) {
    case 0:
      return {post.substr(0, post.size() / 2), "invalid JSON"};
    case 1:
      return {R"({"id":"p","platform":"x","created_at":"2026-03-02T00:00:00Z","text":")"
              "\xC3\x28"
              R"("})",
              "not valid UTF-8"};
    case 2:
      return {std::string(100'000, '[') + std::string(100'000, ']'), "nests deeper"};
    default:
      return {R"({"id":"p","platform":"x","created_at":"yesterday","text":"late"})", "created_at"};
  }
}

double run_to_the_end(const std::string& config) {
  const auto began = std::chrono::steady_clock::now();
  const auto ended = run_earshot({"run", "--config", config, "--until-end"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

// Posts a second of a run over posts of which one in a hundred is followed by a poisoned record of a post's size, or
// none: a large one costs its bytes, as a large post does.
double rate(const PostScript& script, uint64_t count, bool is_poisoned) {
  LocalRun run;
  run.set_runtime("{commit_interval: 500ms}");
  std::vector<NumberedPost> posts;
  for (uint64_t number = 0; number < count; ++number) {
    posts.push_back(script.post(number));
    if (!is_poisoned || number % kPoisonEvery != 0) continue;
    const std::string& post = posts.back().json;
    Poison poison = poison_of(number, post);
    if (poison.record.size() > 2 * post.size()) poison = poison_of(kPoisonEvery * 4, post);
    posts.push_back({.json = std::move(poison.record)});
  }
  run.append(posts);
  return static_cast<double>(count) / run_to_the_end(run.configure("timed"));
}

TEST(Poison, BecomesDeadLettersWithReasonsAndSpoilsNothingElse) {
  const FaultPlan plan = fault_plan(1);
  SCOPED_TRACE(plan.replay());
  const PostScript script(plan.seed, kStartMs);
  const uint64_t count = kPosts * static_cast<uint64_t>(plan.rounds);
  LocalRun run;
  run.set_runtime("{commit_interval: 100ms}");
  std::map<std::string, size_t> expected;
  size_t poisons = 0;
  for (uint64_t number = 0; number < count; ++number) {
    const NumberedPost post = script.post(number);
    run.append({post});
    if (number % kPoisonEvery != 0) continue;
    const Poison poison = poison_of(number, post.json);
    run.append_line(poison.record);
    ++expected[poison.reason];
    ++poisons;
  }
  const double seconds = run_to_the_end(run.configure("poisoned"));
  const Oracle oracle = oracle_of(script, count);
  EXPECT_EQ(compare(oracle, run.lines("poisoned", "windows"), run.lines("poisoned", "mentions")), "");

  std::map<std::string, size_t> found;
  size_t dead = 0;
  for (const std::string& line : run.lines("poisoned", "dead")) {
    const auto letter = nlohmann::json::parse(line);
    EXPECT_EQ(letter["stage"], "parse");
    if (letter.value("part", 0) != 0) continue;  // the rest of a large one
    ++dead;
    const std::string reason = letter["reason"];
    for (const auto& [text, letters] : expected) found[text] += reason.find(text) != std::string::npos;
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(dead, poisons);
  std::cout << count << " posts and " << poisons << " poisoned records in " << seconds << " s\n";
}

TEST(Poison, CostsAtMostATwentiethOfTheRate) {
  if (std::getenv("EARSHOT_FAULTS_ROUNDS") == nullptr) GTEST_SKIP() << "on demand: set EARSHOT_FAULTS_ROUNDS";
  const FaultPlan plan = fault_plan(1);
  SCOPED_TRACE(plan.replay());
  const PostScript script(plan.seed, kStartMs);
  std::vector<double> ratios;
  for (int round = 0; round < plan.rounds; ++round) {
    const double clean = rate(script, 400'000, false);
    const double poisoned = rate(script, 400'000, true);
    std::cout << clean << " posts/s, with one poisoned record in a hundred " << poisoned << '\n';
    ratios.push_back(poisoned / clean);
  }
  std::sort(ratios.begin(), ratios.end());
  EXPECT_GE(ratios[ratios.size() / 2], 0.95);
}

}  // namespace
}  // namespace earshot::faults
