#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/time/timestamp.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

constexpr const char* kArticle =
    R"({"url":"https://www.news.example/a-1","url_mobile":"","title":"Routers fail &amp; shops close","seendate":"20260301T121500Z",)"
    R"("socialimage":"https://news.example/a.jpg","domain":"news.example","language":"Portuguese","sourcecountry":"Brazil"})";

TEST(Gdelt, ReadsAnArticleOfTheDocApi) {
  const Parsed parsed(kArticle);
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "https://www.news.example/a-1");
  EXPECT_EQ(post.platform, "gdelt");
  EXPECT_EQ(post.url, post.id);
  EXPECT_EQ(post.text, "Routers fail & shops close");
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T12:15:00.000Z");
  EXPECT_EQ(post.lang, "pt");
  EXPECT_EQ(post.author_id, "news.example");
  EXPECT_TRUE(post.media.has_images);
  EXPECT_THAT(strings_of(post.urls), ElementsAre(post.id));
  EXPECT_THAT(strings_of(post.url_titles), ElementsAre("Routers fail & shops close"));
}

TEST(Gdelt, ReadsALineOfTheGlobalArticleList) {
  const Parsed parsed(
      R"({"date":"2026-03-01T12:15:00Z","url":"https://www.news.example/a-2","title":"T","desc":"D","lang":"en","author":"Anna","domain":"news.example"})");
  EXPECT_EQ(parsed.post().text, "T\n\nD");
  EXPECT_EQ(parsed.post().lang, "en");
  EXPECT_EQ(parsed.post().author_name, "Anna");
}

TEST(Gdelt, GivesEveryArticleOfAPage) {
  const std::string page = R"({"articles":[)" + std::string(kArticle) + "," + kArticle + "]}";
  EXPECT_EQ(Parsed(page).result.posts.size(), 2U);
  EXPECT_TRUE(Parsed(R"({"articles":[]})").is_not_a_post());
  EXPECT_TRUE(Parsed("{}", Format::kGdelt).is_not_a_post()) << "the API answers so when it finds nothing";
  EXPECT_THAT(Parsed(R"({"articles":[)" + std::string(kArticle) + R"(,{"url":"u","title":"t"}]})").refusal(),
              StartsWith("articles[1].seendate is missing or not a string"));
}

TEST(Gdelt, TakesTheHostForTheOutletWhenNoDomainIsGiven) {
  const Parsed parsed(R"({"url":"https://www.news.example:8080/a","title":"T","seendate":"20260301T121500Z"})");
  EXPECT_EQ(parsed.post().author_id, "news.example");
}

}  // namespace
}  // namespace earshot::parse
