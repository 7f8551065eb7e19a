#include "ops/generator/grammar.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "ops/generator/world.h"

namespace earshot::generator {
namespace {

std::string sentence(const Grammar& grammar, std::string_view list, const SlotWords& words, uint64_t seed) {
  Random random(seed);
  std::string text;
  grammar.expand(text, grammar.find(list), words, random);
  return text;
}

TEST(Grammar, FillsSlotsFromListsAndFromTheWordsAtHand) {
  const Grammar grammar("# comment\ngreet: hello {who}, {brand}!\nwho: you");
  SlotWords words;
  words.brand = "Payvanta";
  EXPECT_EQ(sentence(grammar, "greet", words, 1), "hello you, Payvanta!");
}

TEST(Grammar, UsesEveryAlternativeOfAContinuedList) {
  const Grammar grammar("word: a | b\nword: c");
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 100; ++seed) seen.insert(sentence(grammar, "word", {}, seed));
  EXPECT_EQ(seen, (std::set<std::string>{"a", "b", "c"}));
}

TEST(Grammar, RefusesASlotThatNamesNoList) {
  EXPECT_THROW(Grammar("greet: hello {nobody}"), std::logic_error);
}

TEST(Grammar, KnowsNoListOfAnotherName) {
  EXPECT_EQ(Grammar("word: a").find("other"), -1);
}

TEST(Vocabulary, HasEveryListInEveryLanguage) {
  for (const Language& language : languages()) {
    const Grammar grammar(language.vocabulary);
    for (const std::string_view list :
         {"praise", "complaint", "question", "purchase", "remark", "chat", "news", "launch", "news_launch", "outage",
          "news_outage", "breach", "news_breach", "recovery", "news_recovery", "aside"}) {
      EXPECT_GE(grammar.find(list), 0) << language.code << " " << list;
    }
    for (const Brand& brand : brands()) {
      EXPECT_GE(grammar.find(brand.things_list), 0) << language.code << " " << brand.things_list;
    }
  }
}

TEST(Vocabulary, LeavesNoSlotUnfilled) {
  for (const Language& language : languages()) {
    const Grammar grammar(language.vocabulary);
    SlotWords words{"Payvanta", "Payvanta Plus", grammar.find("things_payments")};
    for (uint64_t seed = 0; seed < 500; ++seed) {
      for (const std::string_view list : {"praise", "complaint", "outage", "breach", "chat"}) {
        const std::string text = sentence(grammar, list, words, seed);
        EXPECT_FALSE(text.empty());
        EXPECT_EQ(text.find_first_of("{}|"), std::string::npos) << text;
      }
    }
  }
}

}  // namespace
}  // namespace earshot::generator
