// The fast normaliser and the plain one agree on random texts, words and offsets, whatever the kernel.
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "engine/text/text_normaliser.h"
#include "tests/engine/text/plain_tokeniser.h"
#include "tests/engine/text/text_samples.h"

namespace earshot {
namespace {

using plain::Token;

std::string hex(std::string_view bytes) {
  std::ostringstream out;
  for (const char byte : bytes) out << std::hex << (static_cast<int>(byte) & 0xFF) << ' ';
  return out.str();
}

std::vector<Token> tokens_of(const TextNormaliser& normaliser, std::string_view text, NormalisedText& normalised) {
  // A copy of the exact size lets the address sanitizer see reads beyond the end.
  const std::vector<char> exact(text.begin(), text.end());
  normaliser.normalise({exact.data(), exact.size()}, normalised);
  std::vector<Token> tokens;
  const auto starts = normalised.word_starts();
  for (size_t i = 0; i + 1 < starts.size(); ++i) {
    const ByteRange range = normalised.original_range(starts[i], starts[i + 1] - 1);
    tokens.push_back({std::string(normalised.word(i)), range.begin, range.end});
  }
  return tokens;
}

void expect_agreement(const NamedAsciiKernel& kernel, CaseFolding folding, uint32_t seed, int texts) {
  std::mt19937 random(seed);
  const TextNormaliser normaliser(folding, kernel.run);
  NormalisedText normalised;
  for (int i = 0; i < texts; ++i) {
    const std::string text = plain::random_text(random, i % 40);
    const auto expected =
        folding == CaseFolding::kUnicode ? plain::tokens_of_unicode(text) : plain::tokens_of_ascii(text);
    ASSERT_EQ(tokens_of(normaliser, text, normalised), expected) << kernel.name << ": " << text << "\n" << hex(text);
    std::string joined = " ";
    for (const Token& token : expected) joined += token.text + ' ';
    ASSERT_EQ(normalised.text(), joined);
  }
}

TEST(TextNormaliser, AgreesWithAPlainOneOnRandomUnicode) {
  for (const NamedAsciiKernel& kernel : ascii_kernels()) expect_agreement(kernel, CaseFolding::kUnicode, 1, 5000);
}

TEST(TextNormaliser, AgreesWithAPlainOneThatLowersOnlyAscii) {
  for (const NamedAsciiKernel& kernel : ascii_kernels()) expect_agreement(kernel, CaseFolding::kAscii, 2, 2000);
}

TEST(TextNormaliser, AgreesWithAPlainOneOnEverySingleCodePoint) {
  const TextNormaliser normaliser(CaseFolding::kUnicode);
  NormalisedText normalised;
  for (UChar32 c = 1; c <= 0x10FFFF; ++c) {
    if (U_IS_SURROGATE(c)) continue;
    std::string text = "x";
    icu::UnicodeString(c).toUTF8String(text);
    text += 'y';
    ASSERT_EQ(tokens_of(normaliser, text, normalised), plain::tokens_of_unicode(text)) << "U+" << std::hex << c;
  }
}

TEST(TextNormaliser, AgreesWithAPlainOneOnAsciiOfEveryLength) {
  std::mt19937 random(3);
  for (const NamedAsciiKernel& kernel : ascii_kernels()) {
    const TextNormaliser normaliser(CaseFolding::kUnicode, kernel.run);
    NormalisedText normalised;
    for (size_t length = 0; length < 300; ++length) {
      std::string text(length, ' ');
      for (char& byte : text) byte = static_cast<char>(std::uniform_int_distribution<int>(0, 127)(random));
      ASSERT_EQ(tokens_of(normaliser, text, normalised), plain::tokens_of_unicode(text)) << kernel.name << hex(text);
    }
  }
}

}  // namespace
}  // namespace earshot
