// The language that LISTEN finds for posts whose platform gives none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/topologies/post_sentiment.h"
#include "tests/ops/topologies/listen_fixture.h"

namespace earshot {
namespace {

constexpr const char* kGerman =
    "Seit heute Morgen geht bei Acme das Internet nicht mehr, hat noch jemand dieses Problem?";
constexpr const char* kEnglish = "Since this morning there is no line at Acme, is anyone else seeing this problem?";
constexpr const char* kOther =
    "Seit heute Morgen geht bei mir das Internet nicht mehr, hat noch jemand dieses Problem?";

class ListenLanguage : public testing::Test {
 protected:
  static std::unique_ptr<ListenRows> rows_of(const std::vector<std::string>& queries,
                                             const std::vector<std::string>& records, bool detects) {
    ListenerSet set;
    for (const std::string& query : queries) {
      set.listeners.push_back({.name = query, .spoke = "desk", .owner = "me", .query = query});
    }
    auto rules = match::RuleSet::compile(std::make_shared<const ListenerSet>(std::move(set)), {});
    EXPECT_TRUE(rules) << rules.error().to_string();
    ListenThread thread(*rules, *triage::TriageRules::builtin(rules::triage_query_compiler()),
                        {.detects_language = detects}, std::move(*sentiment::PostScorer::make("vader")));
    RecordBatch batch(kPosts, 4096);
    int64_t offset = 0;
    for (const std::string& record : records) batch.append("", record, offset++, kNoTimestamp);
    auto rows = std::make_unique<ListenRows>();
    thread.process(batch, *rows, true);
    return rows;
  }

  // The languages of the posts that were heard.
  static std::vector<std::string> heard(const ListenRows& rows) {
    std::vector<std::string> languages;
    for (const auto& matched : rows.matched) languages.emplace_back(rows.posts.posts[matched.post].lang);
    return languages;
  }
};

TEST_F(ListenLanguage, IsFoundForPostsThatAListenerHearsAndNoOthers) {
  const auto rows = rows_of({"acme"}, {post("1", kGerman), post("2", kOther), post("3", kEnglish)}, true);
  EXPECT_THAT(heard(*rows), testing::ElementsAre("de", "en"));
  EXPECT_EQ(rows->posts.posts[1].lang, "") << "nobody asks";
  EXPECT_THAT(rows->mention_json(rows->mentions[0]), testing::HasSubstr(R"("lang":"de")"));
  EXPECT_THAT(rows->mention_json(rows->mentions[1]), testing::HasSubstr(R"("lang":"en")"));
}

TEST_F(ListenLanguage, IsKnownToRulesThatAskForIt) {
  const std::vector<std::string> posts{post("1", kGerman), post("2", kOther), post("3", kEnglish)};
  EXPECT_THAT(heard(*rows_of({"acme lang:de"}, posts, true)), testing::ElementsAre("de"));
  EXPECT_THAT(heard(*rows_of({"acme -lang:de"}, posts, true)), testing::ElementsAre("en"));
  EXPECT_THAT(heard(*rows_of({"lang:de"}, posts, true)), testing::ElementsAre("de", "de"));
}

TEST_F(ListenLanguage, StaysThePlatformsAndUnknownWhenDetectionIsOff) {
  std::string told = post("1", kGerman);
  told.insert(1, R"("lang":"nl",)");
  EXPECT_THAT(heard(*rows_of({"acme"}, {told}, true)), testing::ElementsAre("nl"));
  EXPECT_THAT(heard(*rows_of({"acme", "acme lang:de"}, {post("1", kGerman)}, false)), testing::ElementsAre(""));
}

// Feelings are read by language, so a rule must read a post in the one that its mention will have.
TEST_F(ListenLanguage, IsTheOneInWhichARuleReadsTheFeelingOfAPost) {
  struct German final : match::LanguageSource {
    std::string_view language(const Post&) override { return "de"; }
  } german;
  const auto scorer = sentiment::PostScorer::make("vader");
  Post post;
  post.text = "I love this, it is great and wonderful";
  EXPECT_EQ(PostSentiment(**scorer).label(post), SentimentLabel::kPositive);
  EXPECT_NE(PostSentiment(**scorer, &german).label(post), SentimentLabel::kPositive) << "not read as English";
}

}  // namespace
}  // namespace earshot
