// Backtest: what a listener set would have matched in posts that have been, and where it differs from another set.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "operators/match/matcher.h"
#include "operators/match/rule_set.h"
#include "schemas/post.h"

namespace earshot::rules {

struct BacktestExample {
  std::string post_id;
  std::string platform;
  std::string text;  // cut at a code point
};

// Of one listener, by name; a listener of one set alone has 0 on the other side.
struct BacktestRow {
  std::string name;
  bool is_in_candidate = false;
  bool is_in_live = false;
  uint64_t candidate = 0;  // posts that it matches as it would be
  uint64_t live = 0;       // as it is
  uint64_t gained = 0;     // posts that only the candidate matches
  uint64_t lost = 0;
  std::vector<BacktestExample> examples;         // of the candidate's matches, spread over the posts
  std::vector<BacktestExample> gained_examples;  // the first ones
  std::vector<BacktestExample> lost_examples;
};

// One thread.
class Backtest {
 public:
  // `live` is null when there is nothing to compare with. Of each kind at most `examples_max` examples are kept.
  // `sentiment` is for rules that ask for it; without it no condition on it holds.
  Backtest(std::shared_ptr<const match::RuleSet> candidate, std::shared_ptr<const match::RuleSet> live,
           size_t examples_max, match::SentimentSource* sentiment = nullptr);

  void add(const Post& post);

  [[nodiscard]] uint64_t posts() const { return posts_; }
  [[nodiscard]] bool has_live() const { return live_.matcher != nullptr; }
  [[nodiscard]] uint64_t matched_posts() const { return matched_posts_; }

  // Listeners in the order of the candidate, then those that only the live set has.
  [[nodiscard]] const std::vector<BacktestRow>& rows() const { return rows_; }

 private:
  struct Side {
    std::unique_ptr<match::Matcher> matcher;
    std::vector<uint32_t> row_of_listener;
    std::vector<uint32_t> matched_rows;  // of the last post
  };

  void add_side(Side& side, std::shared_ptr<const match::RuleSet> rules, bool BacktestRow::*is_in);
  void match(Side& side, const Post& post);
  void keep_example(std::vector<BacktestExample>& examples, uint64_t seen, const Post& post, bool is_spread) const;

  size_t examples_max_;
  match::SentimentSource* sentiment_;
  Side candidate_;
  Side live_;
  std::map<std::string, uint32_t, std::less<>> row_of_name_;
  std::vector<BacktestRow> rows_;
  uint64_t posts_ = 0;
  uint64_t matched_posts_ = 0;
};

// A table of all listeners, examples below each; with a live set the listeners that differ come first.
std::string to_text(const Backtest& backtest);

// One JSON object for each listener, a line each.
std::string to_json_lines(const Backtest& backtest);

}  // namespace earshot::rules
