// Posts that name two brands: how many of the hand-written labels each way of scoring gets right.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "operators/sentiment/post_scorer.h"

namespace earshot::sentiment {
namespace {

struct Target {
  std::string brand;
  SentimentLabel label;
};

struct TwoBrandPost {
  std::string text;
  std::vector<Target> targets;
};

SentimentLabel label_of(const std::string& word) {
  for (const auto label : {SentimentLabel::kNegative, SentimentLabel::kNeutral, SentimentLabel::kPositive}) {
    if (to_string(label) == word) return label;
  }
  ADD_FAILURE() << word << " is no label";
  return SentimentLabel::kUnscored;
}

std::vector<TwoBrandPost> read_posts(const std::string& name) {
  std::ifstream file(std::string(EARSHOT_SOURCE_DIR "/tests/operators/sentiment/") + name);
  std::vector<TwoBrandPost> posts;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("# ")) continue;
    std::istringstream fields(line);
    TwoBrandPost& post = posts.emplace_back();
    std::getline(fields, post.text, '\t');
    for (std::string brand, label; std::getline(fields, brand, '\t') && std::getline(fields, label, '\t');) {
      post.targets.push_back({brand, label_of(label)});
    }
    EXPECT_EQ(post.targets.size(), 2U) << line;
  }
  return posts;
}

struct Shares {
  double right = 0;
  double right_by_whole_post = 0;
};

Shares share_right(const std::vector<TwoBrandPost>& posts, const char* model, const char* name) {
  auto scorer = std::move(*PostScorer::make(model));
  double count = 0;
  Shares shares;
  for (const TwoBrandPost& post : posts) {
    const Sentiment whole = scorer->score(post.text, "en");
    for (const Target& target : post.targets) {
      const size_t begin = post.text.find(target.brand);
      EXPECT_NE(begin, std::string::npos) << post.text;
      const ClauseMatch match{target.brand, static_cast<uint32_t>(begin),
                              static_cast<uint32_t>(begin + target.brand.size())};
      ++count;
      shares.right += scorer->towards(post.text, std::span(&match, 1)).label == target.label;
      shares.right_by_whole_post += whole.label == target.label;
    }
  }
  shares.right /= count;
  shares.right_by_whole_post /= count;
  std::cout << name << ", " << model << ": " << count << " brands, " << shares.right
            << " right, by the whole post's score " << shares.right_by_whole_post << '\n';
  return shares;
}

class TwoBrands : public testing::TestWithParam<const char*> {};

TEST_P(TwoBrands, AreToldApartInPostsThatNobodyTunedFor) {
  const auto posts = read_posts("two_brands_held_out.tsv");
  ASSERT_GE(posts.size(), 150U);
  const Shares shares = share_right(posts, GetParam(), "held out");
  EXPECT_GE(shares.right, 0.8);
  EXPECT_GT(shares.right, shares.right_by_whole_post + 0.25);
}

TEST_P(TwoBrands, AreToldApartInThePostsThatRulesWereTunedOn) {
  const auto posts = read_posts("two_brands_tuned.tsv");
  ASSERT_GE(posts.size(), 150U);
  const Shares shares = share_right(posts, GetParam(), "tuned");
  EXPECT_GE(shares.right, 0.8);
  EXPECT_GT(shares.right, shares.right_by_whole_post + 0.25);
}

TEST(SentimentPage, ShowsWhatIsSo) {
  std::ifstream page(EARSHOT_SOURCE_DIR "/docs/sentiment.md");
  auto scorer = std::move(*PostScorer::make("earshot"));
  int rows = 0;
  bool is_table = false;
  for (std::string line; std::getline(page, line);) {
    is_table = line == "| Post | Brand | Feeling |" || (is_table && line.starts_with("|"));
    if (!is_table || !line.starts_with("| ") || line.starts_with("| Post")) continue;
    const size_t brand_begin = line.find(" | ") + 3;
    const size_t label_begin = line.find(" | ", brand_begin) + 3;
    const std::string text = line.substr(2, brand_begin - 5);
    const std::string brand = line.substr(brand_begin, label_begin - 3 - brand_begin);
    const std::string label = line.substr(label_begin, line.rfind(" |") - label_begin);
    const size_t begin = text.find(brand);
    ASSERT_NE(begin, std::string::npos) << line;
    const ClauseMatch match{brand, static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + brand.size())};
    scorer->score(text, "en");
    EXPECT_EQ(to_string(scorer->towards(text, std::span(&match, 1)).label), label) << line;
    ++rows;
  }
  EXPECT_GE(rows, 12);
}

INSTANTIATE_TEST_SUITE_P(Models, TwoBrands, testing::Values("vader", "earshot"),
                         [](const auto& model) { return std::string(model.param); });

}  // namespace
}  // namespace earshot::sentiment
