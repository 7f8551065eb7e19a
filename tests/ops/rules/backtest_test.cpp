// What `earshot rules backtest` counts.
#include "ops/rules/backtest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace earshot::rules {
namespace {

using testing::HasSubstr;

std::shared_ptr<const match::RuleSet> compiled(const std::vector<std::pair<std::string, std::string>>& queries) {
  auto set = std::make_shared<ListenerSet>();
  for (const auto& [name, query] : queries) {
    set->listeners.push_back({.name = name, .spoke = "s", .owner = "o", .query = query});
  }
  return *match::RuleSet::compile(set);
}

void add(Backtest& backtest, const std::vector<std::string>& texts) {
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string id = "p" + std::to_string(i);
    Post post;
    post.id = id;
    post.platform = "x";
    post.text = texts[i];
    backtest.add(post);
  }
}

const BacktestRow& row_of(const Backtest& backtest, const std::string& name) {
  return *std::ranges::find(backtest.rows(), name, &BacktestRow::name);
}

TEST(Backtest, CountsMatchesAndKeepsExamples) {
  Backtest backtest(compiled({{"down", "down"}, {"up", "up"}}), nullptr, 2);
  add(backtest, {"it is down", "down again", "still down", "nothing"});
  EXPECT_EQ(backtest.posts(), 4u);
  EXPECT_EQ(backtest.matched_posts(), 3u);
  EXPECT_EQ(row_of(backtest, "down").candidate, 3u);
  EXPECT_EQ(row_of(backtest, "down").examples.size(), 2u);
  EXPECT_EQ(row_of(backtest, "up").candidate, 0u);
  EXPECT_THAT(to_text(backtest), HasSubstr("         3  down\n"));
}

TEST(Backtest, SaysWhichPostsTheLiveSetDoesNotShare) {
  Backtest backtest(compiled({{"new", "new"}, {"down", "down OR outage"}}),
                    compiled({{"down", "down OR broken"}, {"gone", "gone"}}), 3);
  add(backtest, {"down", "an outage", "broken and gone", "new"});
  const BacktestRow& down = row_of(backtest, "down");
  EXPECT_EQ(down.candidate, 2u);
  EXPECT_EQ(down.live, 2u);
  EXPECT_EQ(down.gained, 1u);
  EXPECT_EQ(down.lost, 1u);
  EXPECT_EQ(down.gained_examples.at(0).text, "an outage");
  EXPECT_EQ(down.lost_examples.at(0).text, "broken and gone");
  EXPECT_EQ(row_of(backtest, "new").gained, 1u);
  EXPECT_EQ(row_of(backtest, "gone").lost, 1u);
  const std::string text = to_text(backtest);
  EXPECT_THAT(text, HasSubstr("differs  down\n    + x p1: an outage\n    - x p2: broken and gone\n"));
  EXPECT_THAT(text, HasSubstr("new      new"));
  EXPECT_THAT(text, HasSubstr("gone     gone"));
}

TEST(Backtest, WritesAnObjectForEachListener) {
  Backtest backtest(compiled({{"down", "down"}}), compiled({{"down", "down"}}), 1);
  add(backtest, {"down"});
  const auto row = nlohmann::json::parse(to_json_lines(backtest));
  EXPECT_EQ(row["listener"], "down");
  EXPECT_EQ(row["standing"], "same");
  EXPECT_EQ(row["matches"], 1);
  EXPECT_EQ(row["examples"][0]["id"], "p0");
}

}  // namespace
}  // namespace earshot::rules
