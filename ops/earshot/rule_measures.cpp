// `earshot rules cost` and `earshot rules backtest`: listeners against posts.
#include <jemalloc/jemalloc.h>

#include <iostream>
#include <memory>
#include <optional>
#include <vector>

#include "engine/config/quantity.h"
#include "engine/time/timestamp.h"
#include "engine/time/wall_clock.h"
#include "operators/parse/parser.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/post_feed.h"
#include "ops/earshot/rule_files.h"
#include "ops/generator/generator.h"
#include "ops/rules/backtest.h"
#include "ops/rules/cost.h"
#include "ops/topologies/post_sentiment.h"

namespace earshot {
namespace {

// What this thread has from the allocator, in bytes.
size_t allocated_bytes() {
  const auto total = [](const char* name) {
    uint64_t bytes = 0;
    size_t size = sizeof(bytes);
    mallctl(name, &bytes, &size, nullptr, 0);
    return bytes;
  };
  return total("thread.allocated") - total("thread.deallocated");
}

// Posts that stay: parsed from records that are gathered first.
struct PostSample {
  static constexpr size_t kPostsMax = 20'000;
  parse::PostBatch posts;
};

Result<std::unique_ptr<PostSample>> parse_sample(RecordBatch& records, parse::Format format) {
  auto sample = std::make_unique<PostSample>();
  parse::Parser({.format = format}).parse(records, sample->posts);
  if (sample->posts.posts.empty()) return invalid("there is no post to measure with");
  return sample;
}

// A day of the generator's is the same everywhere.
Result<std::unique_ptr<PostSample>> generated_sample() {
  auto generator = generator::Generator::create({.hours = 1, .posts_per_second = 3});
  if (!generator) return generator.error();
  RecordBatch records({"generated", 0}, size_t{8} << 20);
  generator::Line line;
  int64_t offset = 0;
  while (generator->next(line)) records.append({}, line.text, offset++, kNoTimestamp);
  return parse_sample(records, parse::Format::kCanonical);
}

Result<std::unique_ptr<PostSample>> sample_of_file(const std::string& path) {
  const auto settings = settings_of_input(path, "auto");
  if (!settings) return settings.error();
  RecordBatch records({"sample", 0}, size_t{8} << 20);
  int64_t offset = 0;
  std::string json;
  const auto read = visit_posts(*settings, [&](const Post& post) {
    json.clear();
    append_post_json(json, post);
    records.append({}, json, offset++, kNoTimestamp);
    return static_cast<size_t>(offset) < PostSample::kPostsMax;
  });
  if (!read) return read.error();
  return parse_sample(records, parse::Format::kCanonical);
}

struct BacktestPlan {
  Settings settings;
  std::shared_ptr<const match::RuleSet> candidate;
  std::shared_ptr<const match::RuleSet> live;  // null: none
  std::optional<int64_t> from_ms;
  std::optional<int64_t> until_ms;
};

Result<void> set_time(const RulesBacktestArguments& arguments, BacktestPlan& plan) {
  if (!arguments.until.empty()) {
    const auto until_ms = parse_rfc3339_ms(arguments.until);
    if (!until_ms)
      return invalid("--until: '" + arguments.until + "' is no RFC 3339 time such as 2026-03-02T00:00:00Z");
    plan.until_ms = *until_ms;
  }
  if (arguments.from.empty()) return {};
  const auto back = parse_duration(arguments.from);
  if (!back) return invalid("--from: '" + arguments.from + "' is no length of time such as 30m or 6h");
  plan.from_ms = plan.until_ms.value_or(wall_clock_ms()) - back->count();
  return {};
}

Result<BacktestPlan> plan_backtest(const RulesBacktestArguments& arguments) {
  BacktestPlan plan;
  if (arguments.config.empty() && arguments.input.empty()) return invalid("give --config or --input: where posts are");
  auto settings =
      arguments.config.empty() ? settings_of_input(arguments.input, arguments.format) : load_settings(arguments.config);
  if (!settings) return settings.error();
  plan.settings = std::move(*settings);
  const std::string folding_name =
      !arguments.case_folding.empty() ? arguments.case_folding : plan.settings.match.case_folding;
  const auto folding = case_folding_from_name(folding_name);
  if (!folding) return folding.error();
  auto candidate = compile_listeners(arguments.listeners, *folding);
  if (!candidate) return candidate.error();
  plan.candidate = std::move(*candidate);
  const std::string live = !arguments.live.empty() ? arguments.live : plan.settings.listeners.string();
  if (!live.empty()) {
    auto compiled = compile_listeners(live, *folding);
    if (!compiled) return compiled.error();
    plan.live = std::move(*compiled);
  }
  if (!arguments.input.empty() && !arguments.config.empty()) {
    auto input = settings_of_input(arguments.input, arguments.format);
    if (!input) return input.error();
    plan.settings.source = input->source;
  }
  if (auto timed = set_time(arguments, plan); !timed) return timed.error();
  return plan;
}

}  // namespace

int rules_cost_command(const RulesArguments& arguments) {
  const auto folding = case_folding_from_name(arguments.case_folding);
  if (!folding) return refuse(folding.error());
  const auto listeners = load_listeners(arguments.listeners);
  if (!listeners) return refuse(listeners.error());
  const auto sample = arguments.posts.empty() ? generated_sample() : sample_of_file(arguments.posts);
  if (!sample) return refuse(sample.error());
  const rules::CostOptions options{
      .rules = {.folding = *folding},
      .slowest = arguments.slowest,
      .budget = std::chrono::milliseconds(static_cast<int64_t>(arguments.budget_seconds * 1000)),
      .allocated_bytes = allocated_bytes};
  const auto cost = rules::measure_cost(*listeners, (*sample)->posts.posts, options);
  if (!cost) return refuse(cost.error());
  std::cout << rules::to_text(*cost);
  return 0;
}

int rules_backtest_command(const RulesBacktestArguments& arguments) {
  auto plan = plan_backtest(arguments);
  if (!plan) return refuse(plan.error());
  const auto scorer = sentiment::PostScorer::make(plan->settings.sentiment.model);
  if (!scorer) return refuse(scorer.error());
  PostSentiment sentiment(**scorer);
  rules::Backtest backtest(plan->candidate, plan->live, arguments.examples, &sentiment);
  const auto count = visit_posts(plan->settings, [&](const Post& post) {
    const bool is_before = plan->from_ms && post.created_at_ms < *plan->from_ms;
    const bool is_after = plan->until_ms && post.created_at_ms >= *plan->until_ms;
    if (!is_before && !is_after) backtest.add(post);
    return true;
  });
  if (!count) return refuse(count.error());
  std::cout << (arguments.json ? rules::to_json_lines(backtest) : rules::to_text(backtest));
  if (count->refused > 0) std::cerr << count->refused << " records could not be read\n";
  if (backtest.posts() == 0) return refuse(failed("no post of the input is in that time"));
  return 0;
}

}  // namespace earshot
