#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/time/timestamp.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kItem =
    R"(<item><title>Routers fail &amp;amp; shops close</title><link>https://www.news.example/a-1</link><guid isPermaLink="false">a-1</guid>)"
    R"(<description>&lt;p&gt;Since &lt;b&gt;morning&lt;/b&gt;.&lt;/p&gt;&lt;a href="https://b.example/"&gt;more&lt;/a&gt;</description>)"
    R"(<dc:creator>Anna A.</dc:creator><category>Tech</category><pubDate>Sun, 01 Mar 2026 13:00:00 +0100</pubDate>)"
    R"(<media:content url="https://news.example/a.jpg" medium="image"/></item>)";

std::string rss(const std::string& items, const std::string& head = "<language>en-gb</language>") {
  return R"(<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="d" xmlns:media="m"><channel><title>The News</title>)"
         "<link>https://www.news.example/</link>" +
         head + items + "</channel></rss>";
}

TEST(Feed, ReadsAnItemOfRss) {
  const Parsed parsed(rss(kItem));
  const Post& post = parsed.post();
  EXPECT_EQ(post.platform, "rss");
  EXPECT_EQ(post.id, "https://www.news.example/#a-1");
  EXPECT_EQ(post.url, "https://www.news.example/a-1");
  EXPECT_EQ(post.text, "Routers fail & shops close\n\nSince morning.\n\nmore");
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(post.lang, "en-gb");
  EXPECT_EQ(post.author_id, "news.example");
  EXPECT_EQ(post.author_name, "Anna A.");
  EXPECT_TRUE(post.media.has_images);
  EXPECT_THAT(strings_of(post.urls), ElementsAre("https://www.news.example/a-1", "https://b.example/"));
  EXPECT_THAT(strings_of(post.url_titles), ElementsAre("Routers fail & shops close"));
}

TEST(Feed, GivesEveryItemAndTakesOneAlone) {
  EXPECT_EQ(Parsed(rss(std::string(kItem) + kItem)).result.posts.size(), 2U);
  EXPECT_TRUE(Parsed(rss("")).is_not_a_post());
  EXPECT_EQ(Parsed(kItem).post().id, "a-1");
  EXPECT_EQ(Parsed(kItem, Format::kFeed).post().id, "a-1");
}

TEST(Feed, ReadsAtomWithItsUpdates) {
  const Parsed parsed(
      R"(<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Neues</title><link rel="self" href="https://n.example/feed"/>)"
      R"(<link rel="alternate" href="https://n.example/"/><author><name>Neues online</name></author>)"
      R"(<entry><title type="text">Router fallen aus</title><id>tag:n.example,2026:1</id><published>2026-03-01T12:00:00+01:00</published>)"
      R"(<updated>2026-03-01T13:00:00+01:00</updated><link rel="enclosure" type="video/mp4" href="https://n.example/v.mp4"/>)"
      R"(<link rel="alternate" type="text/html" href="https://n.example/1"/><summary>Kurz.</summary>)"
      R"(<content type="xhtml"><div>Seit <b>heute</b> Morgen.</div></content><author><name>Anna</name></author></entry></feed>)");
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "tag:n.example,2026:1");
  EXPECT_EQ(post.url, "https://n.example/1");
  EXPECT_EQ(post.text, "Router fallen aus\n\nSeit heute Morgen.");
  EXPECT_EQ(post.lang, "de");
  EXPECT_EQ(post.author_name, "Anna");
  EXPECT_EQ(post.change, PostChange::kEdited);
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T11:00:00.000Z");
  EXPECT_EQ(format_rfc3339(post.edited_at_ms), "2026-03-01T12:00:00.000Z");
  EXPECT_TRUE(post.media.has_video);
}

TEST(Feed, ReadsRss10WhoseItemsStandBesideTheChannel) {
  const Parsed parsed(
      R"(<rdf:RDF xmlns:rdf="r"><channel><title>N</title></channel><item rdf:about="https://n.example/1"><title>T</title><link>https://n.example/1</link>)"
      R"(<dc:date>2026-03-01T12:00Z</dc:date></item></rdf:RDF>)");
  EXPECT_EQ(parsed.post().id, "https://n.example/1");
  EXPECT_EQ(format_rfc3339(parsed.post().created_at_ms), "2026-03-01T12:00:00.000Z");
}

std::string item_with_title(const std::string& title) {
  return "<item><guid>g:1</guid><title>" + title + "</title><pubDate>Sun, 01 Mar 2026 12:00:00 GMT</pubDate></item>";
}

TEST(Feed, ReadsTheEncodingThatIsUsedWhateverIsDeclared) {
  const std::string utf8 = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + item_with_title("Último café");
  EXPECT_EQ(Parsed(utf8).post().text, "Último café") << "declared Latin-1, but UTF-8";
  const std::string latin1 = item_with_title("\xDAltimo caf\xE9 \x96 5\x80");
  EXPECT_EQ(Parsed("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + latin1).post().text, "Último café – 5€");
  EXPECT_EQ(Parsed("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + latin1).post().text, "Último café – 5€");
  EXPECT_EQ(Parsed(latin1).post().text, "Último café – 5€") << "nothing declared";
  EXPECT_EQ(
      Parsed("<?xml version='1.0' encoding='windows-1251'?>" + item_with_title("\xCF\xF0\xE8\xE2\xE5\xF2")).post().text,
      "Привет");
  EXPECT_EQ(Parsed("<?xml version='1.0' encoding='Shift_JIS'?>" + item_with_title("\x93\xFA\x96\x7B")).post().text,
            "日本");
  EXPECT_THAT(Parsed("<?xml version='1.0' encoding='moon-9'?>" + item_with_title("\xCF")).refusal(),
              StartsWith(R"(the encoding "moon-9" is not known)"));
}

TEST(Feed, ReadsUtf16ByItsByteOrderMark) {
  std::string wide = "\xFF\xFE";
  for (const char c : item_with_title("Tea")) wide.append({c, '\0'});
  EXPECT_EQ(Parsed(wide).post().text, "Tea");
  EXPECT_EQ(Parsed("\xEF\xBB\xBF" + item_with_title("Tea")).post().text, "Tea");
}

TEST(Feed, ReadsWhatIsNotQuiteXml) {
  EXPECT_EQ(Parsed(item_with_title("R&D&nbsp;&hellip;")).post().text, "R&D\u00A0…");
  EXPECT_EQ(Parsed(item_with_title("<![CDATA[a <b>]]><![CDATA[c</b>]]>")).post().text, "a c");
  EXPECT_EQ(Parsed("\n\n  " + item_with_title("Tea")).post().text, "Tea");
}

TEST(Feed, TakesTheTimeOfTheFeedForAnItemWithout) {
  const std::string item = "<item><guid>g:1</guid><title>T</title></item>";
  EXPECT_EQ(
      format_rfc3339(
          Parsed(rss(item, "<lastBuildDate>Sun, 01 Mar 2026 12:00:00 GMT\n</lastBuildDate>")).post().created_at_ms),
      "2026-03-01T12:00:00.000Z");
  EXPECT_THAT(Parsed(rss(item)).refusal(), StartsWith("item[0].pubDate is missing or no time"));
}

TEST(Feed, RefusesWhatIsNoFeed) {
  EXPECT_THAT(Parsed("<html><body>404</body></html>").refusal(), HasSubstr("is no feed; expected rss, feed"));
  EXPECT_THAT(Parsed("<rss><channel>").refusal(), StartsWith("invalid XML at byte "));
  EXPECT_EQ(Parsed("{}", Format::kFeed).refusal().substr(0, 19), "invalid XML at byte");
  EXPECT_EQ(Parsed("", Format::kFeed).refusal(), "the record is empty");
  EXPECT_THAT(Parsed(rss("<item><title>T</title></item>")).refusal(),
              StartsWith("item[0].guid, id and link are all missing"));
  EXPECT_THAT(Parsed(rss("<item><guid>g:1</guid></item>")).refusal(),
              StartsWith("item[0].title, description and content are all missing"));
}

// Entities that a document defines are not expanded, so a few bytes cannot become gigabytes; depth costs no stack.
TEST(Feed, IsNotBlownUpByEntitiesOrDepth) {
  const Parsed laughs(R"(<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>)" +
                      item_with_title("&b;"));
  EXPECT_EQ(laughs.post().text, "&b;");
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  EXPECT_NE(Parsed(deep).refusal(), "(not refused)");
  std::string closed = deep;
  for (int i = 0; i < 200'000; ++i) closed += "</a>";
  EXPECT_NE(Parsed("<rss>" + closed + "</rss>").result.not_posts, 0U);
  EXPECT_EQ(Parsed("<entry><id>g:1</id><title>T</title><updated>2026-03-01</updated><content type=\"xhtml\">" + closed +
                   "</content></entry>")
                .post()
                .text,
            "T");
}

}  // namespace
}  // namespace earshot::parse
