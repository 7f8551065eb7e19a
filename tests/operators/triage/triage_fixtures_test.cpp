// Hand-labelled posts: those in fixtures_seen.tsv were at hand while the rules were written, fixtures_held_out.tsv was
// not.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "operators/sentiment/scorer.h"
#include "operators/triage/triager.h"

namespace earshot::triage {
namespace {

using Fixtures = std::vector<std::pair<std::string, std::string>>;  // label, text

Fixtures read_fixtures(const std::string& name) {
  std::ifstream file(std::string(EARSHOT_SOURCE_DIR "/tests/operators/triage/") + name);
  Fixtures fixtures;
  for (std::string line; std::getline(file, line);) {
    const size_t tab = line.find('\t');
    fixtures.emplace_back(line.substr(0, tab), line.substr(tab + 1));
  }
  return fixtures;
}

struct Counts {
  int right = 0;
  int labelled = 0;
  int given = 0;
};

// Mean of the classes' F1; prints what was taken for what.
double macro_f1(const Fixtures& fixtures) {
  Triager triager(TriageRules::builtin());
  const auto scorer = std::move(*sentiment::make_scorer("vader"));
  std::map<std::string, Counts> counts;
  for (const auto& [label, text] : fixtures) {
    Post post;
    post.text = text;
    const Triage triage = triager.classify(post, scorer->score(text));
    const std::string given(to_string(triage.kind));
    ++counts[label].labelled;
    ++counts[given].given;
    if (given == label) ++counts[label].right;
    if (given != label) std::cout << label << " taken for " << given << ": " << text << '\n';
  }
  double sum = 0;
  for (const auto& [label, count] : counts) {
    const double f1 = 2.0 * count.right / (count.labelled + count.given);
    std::cout << std::fixed << std::setprecision(3) << label << " F1 " << f1 << '\n';
    sum += f1;
  }
  return sum / static_cast<double>(counts.size());
}

TEST(TriageFixtures, AreThirteenOrMoreOfEachClassInEachHalf) {
  for (const char* name : {"fixtures_seen.tsv", "fixtures_held_out.tsv"}) {
    std::map<std::string, int> posts;
    for (const auto& fixture : read_fixtures(name)) ++posts[fixture.first];
    EXPECT_EQ(posts.size(), 5U) << name;
    for (const auto& [label, count] : posts) EXPECT_GE(count, 13) << name << ' ' << label;
  }
}

TEST(TriageFixtures, ThatTheRulesWereWrittenWithAreClassified) {
  EXPECT_GE(macro_f1(read_fixtures("fixtures_seen.tsv")), 0.90);
}

TEST(TriageFixtures, ThatTheRulesHadNotSeenAreClassified) {
  EXPECT_GE(macro_f1(read_fixtures("fixtures_held_out.tsv")), 0.75);
}

}  // namespace
}  // namespace earshot::triage
