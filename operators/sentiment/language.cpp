#include "operators/sentiment/language.h"

#include <algorithm>
#include <array>

#include "engine/text/utf8.h"
#include "operators/sentiment/english_words.h"
#include "operators/sentiment/vader_data.h"

namespace earshot::sentiment {
namespace {

// Frequent words of other languages in Latin letters: German, Dutch, French, Spanish, Portuguese, Italian, Polish,
// Turkish, Indonesian, Tagalog, Swedish, Danish, Finnish, Romanian, Czech, Vietnamese.
constexpr std::string_view kForeignWords =
    "der das und ist nicht ein eine ich du wir sie mit von zu auf dem sich auch noch nur aber wie oder wenn sind hier "
    "het een niet ik je maar ook voor naar dit zijn wat deze heel geen mijn met aan bij ben "
    "le les des une est pas que qui dans sur ne je tu il nous vous avec mais ou mon ma mes ce cette ça c'est j'ai trop "
    "el los las una en con por muy pero más como este esta esto del al su sus yo mi lo se todo porque cuando gracias "
    "um uma não com os dos nao mais muito você voce meu minha pra isso essa esse da na ao foi eu "
    "di che è sono della gli anche questo questa molto perché il alla nel più "
    "nie jest się na że to jak ale czy tak co dla mnie już "
    "bir ve bu çok için ne mi ama değil daha ben gibi "
    "yang dan ini itu saya tidak ada aku kamu bisa dengan untuk sudah banget gak nggak sama aja juga lagi "
    "ang ng sa mga ako ko mo hindi naman lang yung po kasi "
    "och att det som jag inte är på för med men "
    "ja on ei se että mutta niin kun nyt "
    "și nu este pentru mai cu la "
    "je že ale jsem si tak jako "
    "và là của không có cho tôi";
// Of them, or of the German, French and Spanish lexicons, those that English posts use as well.
constexpr std::string_view kSharedWords =
    "die war was so an in on me no as do a am man den ser van is of he over had per com non dan fat gift bald also hat "
    "art "
    "fast hell rat all kun ne mo or la ma men sure pay sin son sale her kind arm bad brief chef not fun pan rot dame "
    "ten "
    "nun si il al ben ce da na grand super cool fan team top best ok okay lol haha to";

template <class Use>
void for_each_word(std::string_view words, Use use) {
  for (size_t begin = 0; begin < words.size();) {
    const size_t end = std::min(words.find(' ', begin), words.size());
    if (end > begin) use(words.substr(begin, end - begin));
    begin = end + 1;
  }
}

constexpr int kWordsForSure = 10;  // most of them English and none foreign: the rest need not be looked at

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

bool is_latin(uint32_t point) {
  return (point >= 0xC0 && point < 0x250) || (point >= 0x1E00 && point < 0x1F00);
}

// Scripts other than Latin; emoji and marks are neither.
bool is_other_script(uint32_t point) {
  return (point >= 0x370 && point < 0x1E00) || (point >= 0x2E80 && point < 0xD7FF) ||
         (point >= 0xF900 && point < 0xFE00) || (point >= 0xFE70 && point < 0xFEFF) ||
         (point >= 0xFF66 && point < 0xFFDD) || (point >= 0x20000 && point < 0x40000);
}

// A word of the text in lower case, without marks; empty when it is a name with "@" or "#", a link or has no letter.
class ScannedWord {
 public:
  explicit ScannedWord(std::string_view piece) {
    if (piece[0] == '@' || piece[0] == '#' || piece.starts_with("http")) return;
    for (size_t at = 0; at < piece.size();) {
      const char c = piece[at];
      if (static_cast<unsigned char>(c) < 0x80) {
        ++at;
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (is_letter && latin_ + other_ == 0) is_capital_ = c < 'a';
        latin_ += is_letter ? 1 : 0;
        if (is_letter || c == '\'') add(static_cast<char>(is_letter ? c | 0x20 : c));
        continue;
      }
      const CodePoint point = decode_utf8(piece.data() + at, piece.data() + piece.size());
      if (point.value == kCurlyApostrophe) add('\'');
      latin_ += is_latin(point.value) ? 1 : 0;
      other_ += point.value != kNotUtf8 && is_other_script(point.value) ? 1 : 0;
      for (uint32_t i = 0; i < point.length && is_latin(point.value); ++i) add(piece[at + i]);
      at += point.length;
    }
  }

  [[nodiscard]] std::string_view letters() const {
    std::string_view word(letters_.data(), size_);
    while (word.ends_with('\'')) word.remove_suffix(1);
    while (word.starts_with('\'')) word.remove_prefix(1);
    return word;
  }
  // Names tell no language.
  [[nodiscard]] bool is_name_like() const { return is_capital_ && other_ == 0; }
  [[nodiscard]] int latin() const { return latin_; }
  [[nodiscard]] int other() const { return other_; }

 private:
  static constexpr uint32_t kCurlyApostrophe = 0x2019;

  void add(char c) {
    if (size_ < letters_.size()) letters_[size_++] = c;
  }

  std::array<char, 32> letters_{};
  size_t size_ = 0;
  int latin_ = 0;
  int other_ = 0;
  bool is_capital_ = false;
};

}  // namespace

std::string_view language_of(std::string_view tag) {
  const std::string_view language = tag.substr(0, std::min(tag.find_first_of("-_"), tag.size()));
  if (language.size() < 2 || language.size() > 3) return {};
  static constexpr std::array<std::string_view, 4> kUnknown = {"und", "zxx", "mul", "mis"};
  if (std::ranges::find(kUnknown, language) != kUnknown.end()) return {};
  if (language.size() == 3 && language[0] == 'q')
    return {};  // private codes: X has "qme", "qht" and others for no words
  if (language == "EN" || language == "En" || language == "eng") return "en";
  if (!std::ranges::all_of(language, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }))
    return {};
  return language;
}

LanguageLook::LanguageLook() {
  for_each_word(kSharedWords, [this](std::string_view word) { kinds_.emplace(word, Kind::kEither); });
  for_each_word(kForeignWords, [this](std::string_view word) { kinds_.emplace(word, Kind::kForeign); });
  std::string_view english = english_words_text();
  for (size_t begin = 0; begin < english.size();) {
    const size_t end = std::min(english.find_first_of(" \n", begin), english.size());
    if (end > begin) kinds_.emplace(english.substr(begin, end - begin), Kind::kEnglish);
    begin = end + 1;
  }
  for (const WordValence& each : vader_words()) kinds_.emplace(each.word, Kind::kEnglish);
}

std::shared_ptr<const LanguageLook> LanguageLook::builtin() {
  static const auto look = std::make_shared<const LanguageLook>();
  return look;
}

bool LanguageLook::is_english(std::string_view text) const {
  int words = 0;
  int english = 0;
  int foreign = 0;
  int latin = 0;
  int other = 0;
  for (size_t at = 0; at < text.size() && words < kWordsMax;) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    constexpr size_t kPieceBytesMax = 256;  // of what has no spaces
    size_t end = at;
    while (end < text.size() && end < at + kPieceBytesMax && !is_space(text[end])) ++end;
    const ScannedWord word(text.substr(at, end - at));
    at = end;
    latin += word.latin();
    other += word.other();
    if (word.latin() + word.other() == 0) continue;
    const auto found = kinds_.find(word.letters());
    if (found == kinds_.end()) {
      words += word.is_name_like() ? 0 : 1;
      continue;
    }
    ++words;
    english += found->second == Kind::kEnglish ? 2 : found->second == Kind::kEither ? 1 : 0;
    foreign += found->second == Kind::kForeign ? 2 : 0;
    if (words == kWordsForSure && foreign + other == 0 && english >= kWordsForSure + kWordsForSure / 2) return true;
  }
  return latin > other && english > 0 && english >= words && 2 * english > 3 * foreign;
}

}  // namespace earshot::sentiment
