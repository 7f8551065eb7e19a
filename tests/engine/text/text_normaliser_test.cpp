#include "engine/text/text_normaliser.h"

#include <gtest/gtest.h>

#include <string>

namespace earshot {
namespace {

const TextNormaliser& unicode() {
  static const TextNormaliser normaliser(CaseFolding::kUnicode);
  return normaliser;
}

// The original bytes of the words [first, last] of `text`.
std::string original_words(std::string_view text, size_t first, size_t last) {
  NormalisedText normalised;
  unicode().normalise(text, normalised);
  const auto starts = normalised.word_starts();
  const ByteRange range = normalised.original_range(starts[first], starts[last + 1] - 1);
  return std::string(text.substr(range.begin, range.end - range.begin));
}

TEST(TextNormaliser, PartsWordsBySingleSpacesAndBeginsAndEndsWithOne) {
  EXPECT_EQ(unicode().normalise("Hello,  World!"), " hello world ");
  EXPECT_EQ(unicode().normalise("don't #Stop_now @me"), " don t stop now me ");
}

TEST(TextNormaliser, GivesOneSpaceForATextWithoutWords) {
  EXPECT_EQ(unicode().normalise(""), " ");
  EXPECT_EQ(unicode().normalise("?! ... \u2014"), " ");
}

TEST(TextNormaliser, FoldsCaseAndCompatibilityFormsOfAllScripts) {
  EXPECT_EQ(unicode().normalise("STRASSE Stra\u00dfe"), " strasse strasse ");
  EXPECT_EQ(unicode().normalise("\u041f\u0420\u0418\u0412\u0415\u0422"), " \u043f\u0440\u0438\u0432\u0435\u0442 ");
  EXPECT_EQ(unicode().normalise("\uff21\uff22\uff23 \ufb01n"), " abc fin ");
}

TEST(TextNormaliser, GivesComposedAndDecomposedLettersTheSameForm) {
  EXPECT_EQ(unicode().normalise("Cafe\u0301 d'e\u0301te\u0301"), unicode().normalise("Caf\u00c9 D'\u00c9T\u00c9"));
  EXPECT_EQ(unicode().normalise("\u1112\u1161\u11ab"), " \ud55c ");
}

TEST(TextNormaliser, MakesEachSignOfAScriptWithoutSpacesAWord) {
  EXPECT_EQ(unicode().normalise("\u6771\u4eac\u30bf\u30ef\u30fc"), " \u6771 \u4eac \u30bf \u30ef \u30fc ");
  EXPECT_EQ(unicode().normalise("in\u6771\u4eac2025"), " in \u6771 \u4eac 2025 ");
}

TEST(TextNormaliser, KeepsThaiMarksWithTheirLetter) {
  EXPECT_EQ(unicode().normalise("\u0e01\u0e35\u0e48"), " \u0e01\u0e35\u0e48 ");
}

TEST(TextNormaliser, MakesEachEmojiAWordWhateverItsVariation) {
  EXPECT_EQ(unicode().normalise("love\u2764\ufe0fit"), " love \u2764 it ");
  EXPECT_EQ(unicode().normalise("\U0001F44D\U0001F3FD"), " \U0001F44D \U0001F3FD ");
}

TEST(TextNormaliser, SeesThroughInvisibleCodePoints) {
  EXPECT_EQ(unicode().normalise("can\u00adcel c\u2060ancel"), " cancel cancel ");
  EXPECT_EQ(unicode().normalise("zero\u200bwidth"), " zero width ");
}

TEST(TextNormaliser, DoesNotReadATradeMarkSignAsLetters) {
  EXPECT_EQ(unicode().normalise("Brand\u2122 Brand\u00ae"), " brand brand ");
}

TEST(TextNormaliser, TakesMalformedUtf8AsSeparators) {
  EXPECT_EQ(unicode().normalise("a\x80z \xe2\x82"), " a z ");
}

TEST(TextNormaliser, LowersOnlyAsciiWhenAskedTo) {
  const TextNormaliser ascii(CaseFolding::kAscii);
  EXPECT_EQ(ascii.normalise("Caf\u00c9, \u6771\u4eac!"), " caf\u00c9 \u6771\u4eac ");
}

TEST(NormalisedText, LeadsBackToTheOriginalBytes) {
  EXPECT_EQ(original_words("Say: 'Hello,  World!'", 1, 2), "Hello,  World");
  EXPECT_EQ(original_words("un caf\u00e9 noir", 1, 1), "caf\u00e9");
  EXPECT_EQ(original_words("un cafe\u0301 noir", 1, 2), "cafe\u0301 noir");
  EXPECT_EQ(original_words("die Stra\u00dfe!", 1, 1), "Stra\u00dfe");
  EXPECT_EQ(original_words("\u6771\u4eac\u30bf\u30ef\u30fc", 1, 2), "\u4eac\u30bf");
  EXPECT_EQ(original_words("so \u2764\ufe0f good", 1, 1), "\u2764");
}

TEST(NormalisedText, CountsWordsAndHandsThemOut) {
  NormalisedText normalised;
  unicode().normalise("One two,\u4e09!", normalised);
  ASSERT_EQ(normalised.word_count(), 3U);
  EXPECT_EQ(normalised.word(0), "one");
  EXPECT_EQ(normalised.word(2), "\u4e09");
  unicode().normalise("--", normalised);
  EXPECT_EQ(normalised.word_count(), 0U);
}

TEST(NormalisedText, ServesTextsOfEveryLengthOneAfterTheOther) {
  NormalisedText normalised;
  std::string text;
  std::string expected = " ";
  for (int i = 0; i < 300; ++i) {
    text += "Ab\u00c9\u65e5";
    expected += "ab\u00e9 \u65e5 ";
    unicode().normalise(text, normalised);
    ASSERT_EQ(normalised.text(), expected);
  }
  unicode().normalise("x", normalised);
  EXPECT_EQ(normalised.text(), " x ");
}

TEST(TextNormaliser, TakesAccentsAwayWhereAskedTo) {
  const TextNormaliser plain(CaseFolding::kUnicodeWithoutDiacritics);
  EXPECT_EQ(plain.normalise("Caf\u00e9 cafe\u0301 \u1ebf S\u00f8ren \u0141\u00f3d\u017a"), " cafe cafe e soren lodz ");
  EXPECT_EQ(plain.normalise("\u0391\u03b8\u03ae\u03bd\u03b1 \u0451\u0439"),
            " \u03b1\u03b8\u03b7\u03bd\u03b1 \u0435\u0438 ");
  EXPECT_EQ(plain.normalise("\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f"), " \u0645\u062d\u0645\u062f ");
  // Marks of other scripts are letters.
  EXPECT_EQ(plain.normalise("\u304b\u3099 \u304c"), unicode().normalise("\u304c \u304c"));
  EXPECT_EQ(plain.normalise("\u0939\u093f\u0928\u094d\u0926\u0940"),
            unicode().normalise("\u0939\u093f\u0928\u094d\u0926\u0940"));
  EXPECT_EQ(plain.normalise("\ud55c\uae00"), unicode().normalise("\ud55c\uae00"));
}

}  // namespace
}  // namespace earshot
