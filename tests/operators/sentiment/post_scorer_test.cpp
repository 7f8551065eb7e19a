// Languages: which model reads which post, and what is left unscored. Models and lexicons come from files.
#include "operators/sentiment/post_scorer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

namespace earshot::sentiment {
namespace {

constexpr const char* kGerman = EARSHOT_SOURCE_DIR "/operators/sentiment/lexicons/de.txt";

TEST(LanguageOf, ReadsTags) {
  EXPECT_EQ(language_of("en-GB"), "en");
  EXPECT_EQ(language_of("pt_BR"), "pt");
  EXPECT_EQ(language_of("EN"), "en");
  for (const char* unknown : {"", "und", "zxx", "qme", "x", "-", "a-b", "12"}) EXPECT_EQ(language_of(unknown), "");
}

TEST(LanguageLook, KnowsEnglishByItsWords) {
  const auto look = LanguageLook::builtin();
  for (const char* text :
       {"love my new phone", "Ugh Velora sucks", "@velora your app keeps crashing, please fix", "so good 😍",
        "I can’t believe how bad this is", "lol ok", "Velora is down again https://t.co/x", "worst. day. ever."}) {
    EXPECT_TRUE(look->is_english(text)) << text;
  }
}

TEST(LanguageLook, TakesNoOtherLanguageForEnglish) {
  const auto look = LanguageLook::builtin();
  for (const char* text : {"Das ist wirklich super, danke",
                           "Der Akku ist tot und der Service war so schlecht",
                           "Me encanta este coche",
                           "no me gusta nada",
                           "C'est trop bon",
                           "je suis content de mon achat",
                           "che bella giornata",
                           "ik vind het niet leuk",
                           "esse app não funciona",
                           "nie polecam, fatalna obsługa",
                           "çok kötü bir hizmet",
                           "saya suka sekali",
                           "ang ganda naman",
                           "jag älskar det",
                           "これは最高です",
                           "это ужасно",
                           "이거 최고",
                           "ممتاز جدا",
                           "ดีมาก",
                           "😍😍",
                           "",
                           "12345",
                           "Velora"}) {
    EXPECT_FALSE(look->is_english(text)) << text;
  }
}

TEST(PostScorer, NeverGivesAnotherLanguageAnEnglishScore) {
  const auto scorer = std::move(*PostScorer::make("earshot"));
  for (const char* lang : {"de", "de-AT", ""}) {
    const Sentiment sentiment = scorer->score("Der Akku ist die Hölle und der Service war so bad", lang);
    EXPECT_EQ(sentiment.label, SentimentLabel::kUnscored) << lang;
    EXPECT_EQ(sentiment.compound, 0);
    EXPECT_EQ(sentiment.confidence, 0);
  }
  const Sentiment happy = scorer->score("これは 😍😍", "ja");
  EXPECT_EQ(happy.label, SentimentLabel::kPositive);
  EXPECT_GT(happy.confidence, 0);
  EXPECT_EQ(scorer->score("this is great", "en").label, SentimentLabel::kPositive);
  EXPECT_EQ(scorer->score("this is great", "fr").label, SentimentLabel::kUnscored);
}

TEST(PostScorer, ReadsALanguageFromALexiconFile) {
  SentimentOptions options;
  options.lexicons = {kGerman};
  PostScorer scorer(std::move(*SentimentModels::load(options)));
  EXPECT_EQ(scorer.score("Das war richtig schlecht", "de-CH").label, SentimentLabel::kNegative);
  EXPECT_EQ(scorer.score("Ich bin begeistert", "de").label, SentimentLabel::kPositive);
  const ClauseMatch match{"ich", 0, 3};
  EXPECT_EQ(scorer.towards("Ich bin begeistert", std::span(&match, 1)).label, SentimentLabel::kPositive);
  EXPECT_EQ(scorer.score("this is great", "en").label, SentimentLabel::kPositive);
}

class ModelFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "earshot-models-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::filesystem::path write(const std::string& name, std::string_view bytes) const {
    std::ofstream(folder_ / name, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return folder_ / name;
  }
  static std::string builtin_bytes() {
    const auto bytes = builtin_model_bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::filesystem::path folder_;
};

TEST_F(ModelFiles, AreReadForTheLanguageTheyName) {
  SentimentOptions options;
  options.models = {write("en.bin", builtin_bytes())};
  PostScorer scorer(std::move(*SentimentModels::load(options)));
  EXPECT_GT(scorer.score("I love this, best day ever!", "en").confidence, 0);  // vader gives none
}

TEST_F(ModelFiles, ThatAreBrokenAreRefusedByName) {
  SentimentOptions options;
  options.models = {write("cut.bin", builtin_bytes().substr(0, 1000))};
  const auto cut = SentimentModels::load(options);
  ASSERT_FALSE(cut.ok());
  EXPECT_NE(cut.error().to_string().find("cut.bin: the model has 1000 bytes"), std::string::npos);
  options.models.clear();
  options.lexicons = {write("de.txt", "@language de\ngut gut\n")};
  const auto lexicon = SentimentModels::load(options);
  ASSERT_FALSE(lexicon.ok());
  EXPECT_NE(lexicon.error().to_string().find("de.txt:2:5: expected the value"), std::string::npos);
  options.lexicons = {kGerman, kGerman};
  const auto twice = SentimentModels::load(options);
  ASSERT_FALSE(twice.ok());
  EXPECT_NE(twice.error().to_string().find("a second lexicon for the language de"), std::string::npos);
}

// A quadratic step would take minutes for one of them.
TEST(PostScorer, ScoresHugeTextsInLinearTime) {
  const auto scorer = std::move(*PostScorer::make("earshot"));
  constexpr size_t kBytes = 1'000'000;
  for (const std::string_view piece : {"a", "not ", "but good ", "😡", "n't", "#", "@a ", "good but ", "é", "\xF0\x9F",
                                       "!?", "than as > < ", "\n", "http://"}) {
    std::string text;
    while (text.size() < kBytes) text += piece;
    const auto begin = std::chrono::steady_clock::now();
    for (const char* lang : {"en", "ja", ""}) EXPECT_LE(std::abs(scorer->score(text, lang).compound), 1) << piece;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    EXPECT_LT(took.count(), 10) << piece;
  }
  std::string text;
  while (text.size() < 10 * kBytes) text += "the delivery was awful and the staff were rude 😡 ";
  EXPECT_LT(scorer->score(text, "").compound, 0);
}

}  // namespace
}  // namespace earshot::sentiment
