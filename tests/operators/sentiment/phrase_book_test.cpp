#include "operators/sentiment/phrase_book.h"

#include <gtest/gtest.h>

#include <string>

namespace earshot::sentiment {
namespace {

std::string fault_of(std::string_view text) {
  const auto book = PhraseBook::parse(text, "phrases.txt");
  return book.ok() ? "no error" : book.error().to_string();
}

TEST(PhraseBook, ReadsTheEnglishPhrases) {
  EXPECT_GT(PhraseBook::builtin()->size(), 300U);
}

TEST(PhraseBook, NamesLineAndColumnOfAFault) {
  EXPECT_EQ(fault_of("# fine\n2 : works\nnice"),
            "phrases.txt:3:1: expected \"SAYS : PHRASE\", with spaces around the colon");
  EXPECT_EQ(fault_of("5 : works"), "phrases.txt:1:1: \"5\" is neither a number from -4 to 4 nor A or B with a sign");
  EXPECT_EQ(fault_of("A+ B? : A beats B"), "phrases.txt:1:4: expected A or B with one of + - = ~");
  EXPECT_EQ(fault_of("A+ : fine A; love"), "phrases.txt:1:14: A and B stand on both sides of the colon, or on neither");
  EXPECT_EQ(fault_of("1 : ... late"), "phrases.txt:1:5: a phrase neither begins nor ends with ...");
  EXPECT_EQ(fault_of("1 : fi* ne"), "phrases.txt:1:5: a first word with * needs 4 letters");
  EXPECT_EQ(fault_of("1 : on||off"), "phrases.txt:1:8: expected a word");
  EXPECT_EQ(fault_of("1 : a b c d e f g h i j k l m"), "phrases.txt:1:29: a phrase has at most 12 words");
}

class FoundPhrases : public testing::Test {
 protected:
  std::vector<PhraseMatch> find(std::string_view phrases, std::string_view text) {
    const auto book = PhraseBook::parse(phrases, "phrases.txt");
    EXPECT_TRUE(book.ok());
    tokens_.read(text);
    const std::vector<uint32_t> no_mentions(tokens_.tokens().size(), PhraseMatch::kNoMention);
    std::vector<PhraseMatch> found;
    (*book)->find({tokens_, {}, no_mentions}, found);
    return found;
  }
  PostTokens tokens_;
};

TEST_F(FoundPhrases, HaveAlternativesStemsAndGaps) {
  const std::string_view phrases = "-2 : took ... days|weeks; overcharg*";
  EXPECT_EQ(find(phrases, "it took them three whole weeks").size(), 1U);
  EXPECT_EQ(find(phrases, "it took days").size(), 1U);
  EXPECT_EQ(find(phrases, "it took. Weeks later").size(), 0U);
  EXPECT_EQ(find(phrases, "it took a b c d e weeks").size(), 0U);
  EXPECT_EQ(find(phrases, "Overcharging again").size(), 1U);
}

TEST_F(FoundPhrases, AreNotPartsOfLongerOnes) {
  const auto found = find("-2 : late\n2 : never late", "never late, late");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].value, 2);
  EXPECT_EQ(found[1].value, -2);
}

}  // namespace
}  // namespace earshot::sentiment
