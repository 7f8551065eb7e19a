#include "ops/rules/backtest.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/json_writer.h"
#include "engine/base/utf8_prefix.h"

namespace earshot::rules {
namespace {

BacktestExample example_of(const Post& post) {
  constexpr size_t kTextBytesMax = 160;
  return {std::string(post.id), std::string(post.platform), std::string(utf8_prefix(post.text, kTextBytesMax))};
}

std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

void append_examples(std::string& text, std::string_view sign, const std::vector<BacktestExample>& examples) {
  for (const BacktestExample& each : examples) {
    text += fmt::format("    {} {} {}: {}\n", sign, each.platform, one_line(each.post_id), one_line(each.text));
  }
}

std::string_view standing(const BacktestRow& row) {
  if (!row.is_in_live) return "new";
  if (!row.is_in_candidate) return "gone";
  return row.gained + row.lost > 0 ? "differs" : "same";
}

void append_json(JsonWriter& json, const std::vector<BacktestExample>& examples) {
  json.begin_array();
  for (const BacktestExample& each : examples) {
    json.begin_object().member("id", each.post_id).member("platform", each.platform).member("text", each.text);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

Backtest::Backtest(std::shared_ptr<const match::RuleSet> candidate, std::shared_ptr<const match::RuleSet> live,
                   size_t examples_max, match::SentimentSource* sentiment)
    : examples_max_(examples_max), sentiment_(sentiment) {
  add_side(candidate_, std::move(candidate), &BacktestRow::is_in_candidate);
  if (live) add_side(live_, std::move(live), &BacktestRow::is_in_live);
}

void Backtest::add_side(Side& side, std::shared_ptr<const match::RuleSet> rules, bool BacktestRow::*is_in) {
  for (const Listener& listener : rules->listeners()->listeners) {
    const auto [entry, is_new] = row_of_name_.try_emplace(listener.name, static_cast<uint32_t>(rows_.size()));
    if (is_new) rows_.push_back({.name = listener.name});
    rows_[entry->second].*is_in = true;
    side.row_of_listener.push_back(entry->second);
  }
  side.matcher = std::make_unique<match::Matcher>(std::move(rules));
}

void Backtest::match(Side& side, const Post& post) {
  side.matched_rows.clear();
  if (!side.matcher) return;
  for (const match::ListenerMatch& found : side.matcher->match(post, sentiment_)) {
    side.matched_rows.push_back(side.row_of_listener[found.listener]);
  }
  std::ranges::sort(side.matched_rows);
}

void Backtest::add(const Post& post) {
  ++posts_;
  match(candidate_, post);
  match(live_, post);
  matched_posts_ += candidate_.matched_rows.empty() ? 0 : 1;
  auto before = live_.matched_rows.begin();
  const auto end = live_.matched_rows.end();
  const auto lose_until = [&](uint32_t next_row) {
    for (; before != end && *before < next_row; ++before) {
      BacktestRow& row = rows_[*before];
      ++row.live;
      keep_example(row.lost_examples, ++row.lost, post, false);
    }
  };
  for (const uint32_t index : candidate_.matched_rows) {
    lose_until(index);
    BacktestRow& row = rows_[index];
    keep_example(row.examples, ++row.candidate, post, true);
    if (before != end && *before == index) {
      ++row.live;
      ++before;
    } else if (has_live()) {
      keep_example(row.gained_examples, ++row.gained, post, false);
    }
  }
  lose_until(UINT32_MAX);
}

// Spread: each of the posts so far is kept with the same chance, by its id and not by dice, so that a run repeats.
void Backtest::keep_example(std::vector<BacktestExample>& examples, uint64_t seen, const Post& post,
                            bool is_spread) const {
  if (examples.size() < examples_max_) return examples.push_back(example_of(post));
  if (!is_spread || examples_max_ == 0) return;
  const uint64_t place = hash_64(post.id, seen) % seen;
  if (place < examples_max_) examples[place] = example_of(post);
}

std::string to_text(const Backtest& backtest) {
  std::vector<const BacktestRow*> rows;
  for (const BacktestRow& row : backtest.rows()) rows.push_back(&row);
  const bool has_live = backtest.has_live();
  if (has_live) {
    std::ranges::stable_partition(rows, [](const BacktestRow* row) { return standing(*row) != "same"; });
  }
  std::string text = fmt::format("{} posts, {} of them matched\n", backtest.posts(), backtest.matched_posts());
  text += has_live ? fmt::format("{:>10} {:>10} {:>10} {:>10}  {:<8} {}\n", "matches", "live", "gained", "lost", "",
                                 "listener")
                   : fmt::format("{:>10}  {}\n", "matches", "listener");
  for (const BacktestRow* row : rows) {
    if (has_live) {
      text += fmt::format("{:>10} {:>10} {:>10} {:>10}  {:<8} {}\n", row->candidate, row->live, row->gained, row->lost,
                          standing(*row), row->name);
      append_examples(text, "+", row->gained_examples);
      append_examples(text, "-", row->lost_examples);
    } else {
      text += fmt::format("{:>10}  {}\n", row->candidate, row->name);
      append_examples(text, " ", row->examples);
    }
  }
  return text;
}

std::string to_json_lines(const Backtest& backtest) {
  std::string text;
  for (const BacktestRow& row : backtest.rows()) {
    JsonWriter json(text);
    json.begin_object().member("listener", row.name);
    json.key("matches").unsigned_integer(row.candidate);
    if (backtest.has_live()) {
      json.member("standing", standing(row));
      json.key("live").unsigned_integer(row.live);
      json.key("gained").unsigned_integer(row.gained);
      json.key("lost").unsigned_integer(row.lost);
      append_json(json.key("gained_examples"), row.gained_examples);
      append_json(json.key("lost_examples"), row.lost_examples);
    }
    append_json(json.key("examples"), row.examples);
    json.end_object();
    text += '\n';
  }
  return text;
}

}  // namespace earshot::rules
