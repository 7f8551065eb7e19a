#include "operators/parse/language.h"

#include <cld2/internal/lang_script.h>
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>

#include "engine/base/utf8_prefix.h"

namespace earshot::parse {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n\f\v";

// CLD2 keeps some codes that BCP 47 has replaced.
std::string_view bcp47_of(CLD2::Language language) {
  const std::string_view code = CLD2::LanguageCode(language);
  if (code == "iw") return "he";
  if (code == "jw") return "jv";
  if (code == "in") return "id";
  if (code == "mo") return "ro";
  return code == "un" || code.starts_with("xx") ? std::string_view() : code;
}

bool is_link(std::string_view word) {
  return word.starts_with("http://") || word.starts_with("https://") || word.starts_with("www.");
}

}  // namespace

bool is_unknown_language(std::string_view code) {
  return code.empty() || code == "und" || code == "zxx" || code == "mis" || code == "mul";
}

std::string_view LanguageDetector::detect(std::string_view text) {
  constexpr size_t kLookedAtBytes = 2048;  // a text of nothing but links ends somewhere
  constexpr size_t kReadBytes = 400;       // more adds time and next to nothing to the answer
  constexpr int kFewestBytes = 16;         // of letters
  constexpr int kSmallestShare = 80;       // per cent of the letters
  text = utf8_prefix(text, kLookedAtBytes);
  words_.clear();
  while (words_.size() < kReadBytes) {
    text.remove_prefix(std::min(text.find_first_not_of(kWhiteSpace), text.size()));
    if (text.empty()) break;
    std::string_view word = text.substr(0, text.find_first_of(kWhiteSpace));
    text.remove_prefix(word.size());
    if (word.starts_with('@') || is_link(word)) continue;
    if (word.starts_with('#')) word.remove_prefix(1);
    words_.append(utf8_prefix(word, kReadBytes - words_.size())).push_back(' ');
  }
  if (static_cast<int>(words_.size()) < kFewestBytes) return {};
  CLD2::Language languages[3];
  int shares[3];
  double scores[3];
  int text_bytes = 0;
  bool is_reliable = false;
  const CLD2::CLDHints no_hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::ExtDetectLanguageSummary(words_.data(), static_cast<int>(words_.size()), true, &no_hints, 0, languages, shares,
                                 scores, nullptr, &text_bytes, &is_reliable);
  const bool is_clear = is_reliable && text_bytes >= kFewestBytes && shares[0] >= kSmallestShare;
  return is_clear ? bcp47_of(languages[0]) : std::string_view();
}

std::string_view language_of_name(std::string_view english_name) {
  constexpr size_t kLongestName = 32;
  if (english_name.empty() || english_name.size() > kLongestName) return {};
  std::string name(english_name);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  const CLD2::Language language = CLD2::GetLanguageFromName(name.c_str());
  return language == CLD2::UNKNOWN_LANGUAGE ? std::string_view() : bcp47_of(language);
}

}  // namespace earshot::parse
