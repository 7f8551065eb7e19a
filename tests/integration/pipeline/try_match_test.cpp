// `earshot try match`: posts on stdin, the same with their matches on stdout.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

using testing::HasSubstr;

class TryMatch : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(workspace_.path(name)) << text;
    return workspace_.path(name).string();
  }
  [[nodiscard]] Finished match(const std::string& posts) const {
    return run_earshot({"try", "match", "--listeners", listeners_}, posts);
  }
  static std::string post(const std::string& text) {
    return R"({"id":"1","platform":"x","created_at":"2026-03-02T10:00:00Z","text":")" + text + "\"}";
  }

  Workspace workspace_;
  const std::string listeners_ = write("rules.yaml",
                                       "listeners:\n"
                                       "  - {name: down, spoke: s, owner: o, query: 'acme (outage OR down)[tag:outage "
                                       "weight:3]'}\n"
                                       "  - {name: german, spoke: s, owner: o, query: 'acme lang:de'}\n"
                                       "  - {name: sad, spoke: s, owner: o, query: 'acme sentiment:negative'}\n");
};

TEST_F(TryMatch, AddsTheMatchesAndKeepsThePostToTheByte) {
  const std::string first = R"( {"id":"1", "platform":"x","created_at":"2026-03-02T10:00:00Z","x":[1.50, null],)"
                            R"("text":"Acm\u0065 is down" } )";
  const auto ended = match(first + "\n" + post("nothing of it"));
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(ended.out,
            R"( {"id":"1", "platform":"x","created_at":"2026-03-02T10:00:00Z","x":[1.50, null],)"
            R"("text":"Acm\u0065 is down","matches":[{"listener":"down","clauses":[{"text":"acme","start":0,"end":4},)"
            R"({"text":"down","start":8,"end":12}],"tags":["outage"],"weight":3}]})"
            "\n" +
                post("nothing of it").substr(0, post("nothing of it").size() - 1) + R"(,"matches":[]})" + "\n");
}

TEST_F(TryMatch, ReplacesTheMatchesOfAnEarlierRun) {
  const auto once = match(post("acme outage"));
  EXPECT_EQ(match(once.out).out, once.out);
}

TEST_F(TryMatch, AsksForLanguageAndFeelingAsThePipelineDoes) {
  const auto german =
      match(post("Seit heute Morgen geht bei Acme das Internet nicht mehr, hat noch jemand dieses Problem?"));
  EXPECT_THAT(german.out, HasSubstr(R"("listener":"german")"));
  const auto sad = match(post("I hate Acme, what a terrible and awful service"));
  EXPECT_THAT(sad.out, HasSubstr(R"("listener":"sad")"));
  EXPECT_THAT(sad.out, testing::Not(HasSubstr(R"("listener":"german")")));
}

TEST_F(TryMatch, NamesTheLineOfWhatIsNoPostAndGoesOn) {
  const auto ended =
      match(post("acme outage") + "\nno json\n\n" + R"({"id":"3"})" + "\n\"\xFF\"\n" + post("acme down"));
  EXPECT_EQ(ended.status, 1);
  std::vector<std::string> lines;
  std::istringstream out(ended.out);
  for (std::string line; std::getline(out, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 6U) << "a line for each line";
  EXPECT_THAT(lines[1], testing::StartsWith(R"({"error":"line 2: invalid JSON)"));
  EXPECT_EQ(lines[2], R"({"error":"line 3: the record is empty"})");
  EXPECT_EQ(lines[3], R"({"error":"line 4: platform is missing"})");
  EXPECT_EQ(lines[4], R"({"error":"line 5: the record is not valid UTF-8"})");
  EXPECT_THAT(lines[5], HasSubstr(R"("listener":"down")"));
  EXPECT_THAT(ended.err, HasSubstr("line 4: platform is missing\n"));
}

TEST_F(TryMatch, RefusesFaultyListenersAndArguments) {
  const std::string faulty = write("faulty.yaml", "listeners:\n  - {name: a, spoke: s, owner: o, query: 'a ('}\n");
  const auto refused = run_earshot({"try", "match", "--listeners", faulty});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("faulty.yaml:2:"));
  const auto missing = run_earshot({"try", "match", "--listeners", "/nowhere/rules.yaml"});
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.err, HasSubstr("/nowhere/rules.yaml"));
  const auto folding = run_earshot({"try", "match", "--listeners", listeners_, "--case-folding", "turkish"});
  EXPECT_EQ(folding.status, 2);
  EXPECT_THAT(folding.err, HasSubstr("'turkish'; expected unicode or ascii"));
  const auto model = run_earshot({"try", "match", "--listeners", listeners_, "--model", "oracle"});
  EXPECT_EQ(model.status, 2);
  EXPECT_THAT(model.err, HasSubstr("'oracle'; known: vader, earshot"));
  EXPECT_EQ(run_earshot({"try", "match"}).status, 2);
  EXPECT_EQ(run_earshot({"try", "guess"}).status, 2);
}

}  // namespace
}  // namespace earshot
