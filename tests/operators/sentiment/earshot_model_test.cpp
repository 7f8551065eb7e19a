// The earshot model: what it promises of its scores and files, and its figures on the data sets when they lie beside
// us.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "operators/sentiment/earshot_scorer.h"

namespace earshot::sentiment {
namespace {

EarshotScorer make_earshot() {
  return {EarshotModel::builtin(), VaderModel::builtin()};
}

std::vector<std::byte> model_bytes() {
  const auto bytes = builtin_model_bytes();
  return {bytes.begin(), bytes.end()};
}

std::string error_of(const std::vector<std::byte>& bytes) {
  const auto model = EarshotModel::parse(bytes, "ours.bin");
  return model.ok() ? "no error" : model.error().to_string();
}

TEST(EarshotModel, RefusesAFileThatIsNoModel) {
  EXPECT_EQ(error_of({}), "ours.bin: not a sentiment model: it does not begin with EARSENT3");
  EXPECT_EQ(error_of(std::vector<std::byte>(100)), "ours.bin: not a sentiment model: it does not begin with EARSENT3");
}

TEST(EarshotModel, RefusesAFileThatIsCutShort) {
  auto bytes = model_bytes();
  const size_t whole = bytes.size();
  bytes.pop_back();
  EXPECT_EQ(error_of(bytes),
            "ours.bin: the model has " + std::to_string(whole - 1) + " bytes, expected " + std::to_string(whole));
}

TEST(EarshotModel, RefusesADamagedByteAnywhere) {
  for (const size_t at : {size_t{9}, size_t{40}, size_t{100'000}, model_bytes().size() - 1}) {
    auto bytes = model_bytes();
    bytes[at] ^= std::byte{0x10};
    EXPECT_EQ(error_of(bytes), "ours.bin: the model's checksum does not fit: the file is damaged") << at;
  }
}

TEST(EarshotScorer, GivesAnEmptyTextNoFeeling) {
  const Sentiment sentiment = make_earshot().score(" \t ");
  EXPECT_EQ(sentiment.compound, 0);
  EXPECT_EQ(sentiment.label, SentimentLabel::kNeutral);
  EXPECT_EQ(sentiment.confidence, 0);
}

TEST(EarshotScorer, TakesTextsOfAnyLengthAndBytes) {
  EarshotScorer scorer = make_earshot();
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += static_cast<char>(i * 31 % 256);
  EXPECT_LE(std::abs(scorer.score(text).compound), 1);
  EXPECT_LE(std::abs(scorer.score(std::string(500'000, 'a')).compound), 1);
}

}  // namespace
}  // namespace earshot::sentiment
