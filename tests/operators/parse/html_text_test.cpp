#include "operators/parse/html_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <simdjson.h>

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string text_of(std::string_view html) {
  std::string text;
  std::vector<std::string> links;
  append_html_text(html, text, links);
  return text;
}
std::vector<std::string> links_of(std::string_view html) {
  std::string text;
  std::vector<std::string> links;
  append_html_text(html, text, links);
  return links;
}

TEST(HtmlText, TurnsParagraphsAndBreaksIntoLines) {
  EXPECT_EQ(text_of("<p>one</p><p>two<br>three<br />four</p>"), "one\n\ntwo\nthree\nfour");
  EXPECT_EQ(text_of("<p>one<br><br>two</p>\n<p>three</p>"), "one\n\ntwo\n\nthree");
  EXPECT_EQ(text_of("<ul><li>a</li><li>b</li></ul>c"), "a\nb\n\nc");
  EXPECT_EQ(text_of("<p></p><p> </p><p>x </p>"), "x");
}

TEST(HtmlText, KeepsLinksWhole) {
  const std::string_view html =
      R"(see <a href="https://www.a.example/long/path?x=1&amp;y=2" rel="nofollow"><span class="invisible">https://www.</span>)"
      R"(<span class="ellipsis">a.example/long</span><span class="invisible">/path?x=1&amp;y=2</span></a>)";
  EXPECT_EQ(text_of(html), "see https://www.a.example/long/path?x=1&y=2");
  EXPECT_THAT(links_of(html), ElementsAre("https://www.a.example/long/path?x=1&y=2"));
}

TEST(HtmlText, TakesMentionsAndHashtagsForTextAlone) {
  const std::string_view html =
      R"(<a href="https://m.example/@b" class="u-url mention">@<span>b</span></a> <A CLASS='mention hashtag' HREF='https://m.example/tags/c'>#<span>c</span></A>)";
  EXPECT_EQ(text_of(html), "@b #c");
  EXPECT_THAT(links_of(html), IsEmpty());
}

TEST(HtmlText, DecodesEntities) {
  EXPECT_EQ(text_of("&lt;b&gt; &amp;amp; &quot;&#39;&#x1F600;&apos;&hellip;&nbsp;."), "<b> &amp; \"'😀'…\u00A0.");
  EXPECT_EQ(text_of("&unknown; & &; &#; &#x; &#xD800; &#99999999999; AT&T"),
            "&unknown; & &; &#; &#x; \uFFFD &#99999999999; AT&T");
}

TEST(HtmlText, TakesWhatIsNoTagForText) {
  EXPECT_EQ(text_of("1 < 2 and <3 but a<b"), "1 < 2 and <3 but a<b");
  EXPECT_EQ(text_of("a <!-- <p>not this</p> --> b<script>alert(1)</script>c<style>p{}</style>d"), "a  bcd");
  EXPECT_EQ(text_of(R"(<a title="x > y" href=https://a.example>z</a>)"), "z");
  EXPECT_EQ(text_of(R"(<a href="unclosed>text</a> rest)"), "text rest");
}

TEST(HtmlText, TakesLongNonsenseInLinearTime) {
  std::string nonsense;
  for (int i = 0; i < 500'000; ++i) nonsense += "<a ";
  EXPECT_EQ(text_of(nonsense).size(), nonsense.size() - 1);
  std::string quotes;
  for (int i = 0; i < 300'000; ++i) quotes += "<a ='>";
  EXPECT_LE(text_of(quotes).size(), quotes.size());
}

TEST(HtmlText, StaysValidUtf8WhateverComes) {
  EXPECT_TRUE(rc::check([](const std::vector<uint8_t>& choices) {
    static constexpr std::string_view kPieces[] = {
        "<p>",          "</p>", "<br", ">", "<a href=\"", "\"",   "'",   "=",        "&#", "x", "128512", ";",
        "&amp;",        "ü",    "😀",   " ", "\n",         "<!--", "-->", "<script>", "</", "&", "<",      "text",
        "class=mention"};
    std::string html;
    for (const uint8_t choice : choices) html += kPieces[choice % std::size(kPieces)];
    const std::string text = text_of(html);
    RC_ASSERT(simdjson::validate_utf8(text));
    for (const std::string& link : links_of(html)) RC_ASSERT(simdjson::validate_utf8(link));
  }));
}

}  // namespace
}  // namespace earshot::parse
