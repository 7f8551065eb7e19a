// What `earshot rules explain` says.
#include "ops/rules/explanation.h"

#include <gtest/gtest.h>

namespace earshot::rules {
namespace {

std::string explained(const std::string& query, const std::string& text) {
  Post post;
  post.text = text;
  post.lang = "en";
  post.followers = 50;
  const Listener listener{.name = "a", .spoke = "s", .owner = "o", .query = query};
  const auto explanation = explain(listener, post, CaseFolding::kUnicode);
  return explanation ? to_text(*explanation, post) : explanation.error().to_string();
}

TEST(Explanation, SaysOfEachTermWhetherItHoldsAndWhere) {
  EXPECT_EQ(explained("brand (outage OR \"is down\") -joke", "The Brand is down"),
            "yes all of\n"
            "yes   brand  [4, 9) 'Brand'\n"
            "yes   any of\n"
            "no      outage\n"
            "yes     \"is down\"  [10, 17) 'is down'\n"
            "yes   none of\n"
            "no      joke\n");
}

TEST(Explanation, SaysWhichTermFailed) {
  EXPECT_EQ(explained("brand lang:de followers:100", "brand"),
            "no  all of\n"
            "yes   brand  [0, 5) 'brand'\n"
            "no    lang:de\n"
            "no    followers:100\n");
}

TEST(Explanation, ShowsNearnessAndWildcardsAsWritten) {
  EXPECT_EQ(explained("(refund OR \"pay back\") NEAR/2 cancel* \"b a\"~1", "cancelled, no refund: a or b"),
            "yes all of\n"
            "yes   any of\n"
            "yes     refund NEAR/2 cancel*  [0, 9) 'cancelled'  [14, 20) 'refund'\n"
            "no      \"pay back\" NEAR/2 cancel*\n"
            "yes   \"b a\"~1  [22, 23) 'a'  [27, 28) 'b'\n");
}

TEST(Explanation, NamesTheFaultOfAQuery) {
  EXPECT_NE(explained("brand (", "brand").find("found the end of the query"), std::string::npos);
}

class Negative final : public match::SentimentSource {
 public:
  SentimentLabel label(const Post&) override { return SentimentLabel::kNegative; }
};

TEST(Explanation, ShowsEachKindOfTerm) {
  Post post;
  post.text = "The Apple #BankFail: outages, caf\u00e9!";
  post.author_bio = "Press officer";
  Listener listener{.name = "a", .spoke = "s", .owner = "o", .query = {}};
  listener.query =
      "{Apple} {apple} #bankfail @apple contains:tage /out(age|ed)/ bio:\"press officer\" sentiment:negative "
      "(bank OR cafe)[tag:money weight:2] in:list/rivals -@jobs";
  listener.fold_diacritics = true;
  listener.split_hashtags = true;
  QueryLibrary library;
  library.macros["jobs"] = {"hiring OR outages", {}};
  library.lists["rivals"] = {"lists/rivals.txt", {"\"Acme\"", "\"apple\""}};
  Negative sentiment;
  const auto explanation = explain(listener, post, CaseFolding::kUnicode, library, &sentiment);
  ASSERT_TRUE(explanation) << explanation.error().to_string();
  EXPECT_EQ(to_text(*explanation, post),
            "no  all of\n"
            "yes   {Apple}  [4, 9) 'Apple'\n"
            "no    {apple}\n"
            "yes   #bankfail  [11, 19) 'BankFail'\n"
            "no    @apple\n"
            "yes   contains:tage  [23, 27) 'tage'\n"
            "yes   /out(age|ed)/  [21, 27) 'outage'\n"
            "yes   bio:\"press officer\"\n"
            "yes   sentiment:negative\n"
            "yes   any of [tag:money weight:2]\n"
            "yes     bank  [11, 15) 'Bank'\n"
            "yes     cafe  [30, 35) 'caf\u00e9'\n"
            "yes   in:list/rivals  [4, 9) 'Apple'\n"
            "no    none of\n"
            "yes     any of\n"
            "no        hiring\n"
            "yes       outages  [21, 28) 'outages'\n");
}

}  // namespace
}  // namespace earshot::rules
