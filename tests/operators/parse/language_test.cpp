#include "operators/parse/language.h"

#include <gtest/gtest.h>

#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

TEST(Language, IsToldOfTextsInManyLanguages) {
  const std::pair<const char*, const char*> cases[] = {
      {"en", "My router has dropped the line for the third time this week, is anyone else seeing this?"},
      {"de", "Seit heute Morgen geht bei mir das Internet nicht mehr, hat noch jemand dieses Problem?"},
      {"es", "Llevo toda la mañana sin conexión y nadie me contesta en el servicio de atención al cliente."},
      {"fr", "Depuis ce matin je n'ai plus de connexion et personne ne répond au service client."},
      {"pt", "Estou sem internet desde ontem e ninguém atende no serviço de apoio ao cliente, que vergonha."},
      {"ja", "今朝からずっとインターネットにつながらないのですが、他にも同じ人はいますか？"},
      {"ru", "С утра не работает интернет, и никто не отвечает в службе поддержки."},
      {"ar", "الإنترنت لا يعمل منذ الصباح ولا أحد يرد على خدمة العملاء."},
      {"he", "האינטרנט לא עובד מהבוקר ואף אחד לא עונה בשירות הלקוחות."}};
  LanguageDetector detector;
  for (const auto& [language, text] : cases) EXPECT_EQ(detector.detect(text), language) << text;
}

TEST(Language, StaysUnknownWhereTheTextTellsTooLittle) {
  LanguageDetector detector;
  for (const char* text :
       {"", "hi", "ok 👍👍👍", "https://example.com/a/very/long/path/of/english/words", "@anna @ben @cleo",
        "1234 5678 90 11 12 13 14", "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂", "asdf qwer zxcv uiop hjkl"}) {
    EXPECT_EQ(detector.detect(text), "") << text;
  }
}

TEST(Language, IsNotMisledByLinksAndNames) {
  LanguageDetector detector;
  EXPECT_EQ(detector.detect("@the_best_shop_in_town https://www.thebestshop.example/the/best/of/all "
                            "Seit heute Morgen geht bei mir das Internet nicht mehr."),
            "de");
}

// A text costs by its length, so that a giant one costs no more than a long one.
TEST(Language, IsThatOfTheBeginningOfALongText) {
  const std::string german = "Seit heute Morgen geht bei mir das Internet nicht mehr, hat noch jemand dieses Problem? ";
  const std::string english = "My router has dropped the line for the third time this week, is anyone else like me? ";
  std::string text;
  while (text.size() < 400) text += german;
  const std::string beginning = text;
  for (int i = 0; i < 100; ++i) text += english;
  LanguageDetector detector;
  EXPECT_EQ(detector.detect(text), "de");
  EXPECT_EQ(detector.detect(english + beginning), "") << "two languages within what is read";
  std::string links;
  for (int i = 0; i < 20; ++i) links += "https://www.example.com/the/best/of/all/" + std::to_string(i) + " @brand_uk ";
  EXPECT_EQ(detector.detect(links + beginning), "de") << "links are none of it";
}

TEST(Language, OfATextWithoutSpacesIsReadToTheEndOfACharacter) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "今朝からずっとインターネットにつながらないのですが、";
  LanguageDetector detector;
  EXPECT_EQ(detector.detect(text), "ja");
}

TEST(Language, HasACodeForItsEnglishName) {
  EXPECT_EQ(language_of_name("Portuguese"), "pt");
  EXPECT_EQ(language_of_name("english"), "en");
  EXPECT_EQ(language_of_name("Hebrew"), "he");
  EXPECT_EQ(language_of_name("Klingonese"), "");
  EXPECT_EQ(language_of_name(""), "");
}

constexpr const char* kEnglish = "My router has dropped the line for the third time this week";

std::string post_in(const std::string& lang_member) {
  return R"({"id":"1","platform":"x","created_at":"2026-03-01T12:00:00Z",)" + lang_member + R"("text":")" + kEnglish +
         "\"}";
}

std::string language_of(const std::string& record, bool detects) {
  const Parsed parsed({record}, ParseOptions{.detects_language = detects});
  return std::string(parsed.post().lang);
}

TEST(Language, IsDetectedOnlyForPostsWithoutOne) {
  EXPECT_EQ(language_of(post_in(""), true), "en");
  EXPECT_EQ(language_of(post_in(R"("lang":"und",)"), true), "en");
  EXPECT_EQ(language_of(post_in(R"("lang":"nl",)"), true), "nl");
  EXPECT_EQ(language_of(post_in(""), false), "");
  EXPECT_EQ(language_of(post_in(R"("lang":"und",)"), false), "");
  EXPECT_EQ(language_of(R"({"id_str":"1","created_at":"Sun Mar 01 12:00:00 +0000 2026","lang":"und","text":")" +
                            std::string(kEnglish) + "\"}",
                        true),
            "en");
}

}  // namespace
}  // namespace earshot::parse
