// How a post reads, written down a second time: its words, the words of its split hashtags, its text without accents,
// and what regexes and names are in its bytes. Slow, plain, on ICU alone.
#pragma once

#include <unicode/regex.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/engine/text/plain_tokeniser.h"

namespace earshot::plain {

using Place = std::pair<uint32_t, uint32_t>;  // bytes of the text, the end exclusive

struct Reading {
  std::string_view text;
  std::vector<Token> words;
  std::vector<Token> split_words;  // with hashtags split; empty when none is
};

struct ReadingOptions {
  bool ascii_folding = false;
  bool fold_diacritics = false;
  bool split_hashtags = false;
};

inline bool is_ascii_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

inline std::string without_accents(const std::string& folded) {
  UErrorCode status = U_ZERO_ERROR;
  const auto apart = icu::Normalizer2::getNFDInstance(status)->normalize(icu::UnicodeString::fromUTF8(folded), status);
  icu::UnicodeString kept;
  for (int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
    const UChar32 c = apart.char32At(i);
    if (c >= 0x300 && c <= 0x36F) continue;
    kept.append(c);
  }
  std::string utf8;
  icu::Normalizer2::getNFCInstance(status)->normalize(kept, status).toUTF8String(utf8);
  return utf8;
}

inline std::vector<Token> words_of(std::string_view text, const ReadingOptions& options) {
  if (!options.fold_diacritics) return options.ascii_folding ? tokens_of_ascii(text) : tokens_of_unicode(text);
  std::vector<Token> words = tokens_of_unicode(text);
  for (Token& word : words) word.text = without_accents(word.text);
  return words;
}

// Where the names of hashtags are: ASCII letters, digits and '_' only, which is all that these tests write.
inline std::vector<Place> hashtags_of(std::string_view text) {
  std::vector<Place> places;
  for (uint32_t at = 0; at < text.size(); ++at) {
    if (text[at] != '#' || (at > 0 && (is_ascii_name(text[at - 1]) || text[at - 1] == '&'))) continue;
    uint32_t end = at + 1;
    while (end < text.size() && is_ascii_name(text[end])) ++end;
    if (end > at + 1) places.emplace_back(at + 1, end);
  }
  return places;
}

inline bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

// The words of the text with a space before each further part of a hashtag, at their places in the text.
inline std::vector<Token> split_words_of(std::string_view text, const ReadingOptions& options) {
  std::string spaced;
  std::vector<uint32_t> origin;  // of each byte
  bool is_split = false;
  const auto hashtags = hashtags_of(text);
  for (uint32_t at = 0; at < text.size(); ++at) {
    for (const auto& [begin, end] : hashtags) {
      const bool is_inside = at > begin && at < end && is_capital(text[at]);
      const bool precedes_small = at + 1 < end && text[at + 1] >= 'a' && text[at + 1] <= 'z';
      if (!is_inside || (is_capital(text[at - 1]) && !precedes_small)) continue;
      spaced += ' ';
      origin.push_back(at);
      is_split = true;
    }
    spaced += text[at];
    origin.push_back(at);
  }
  if (!is_split) return {};
  std::vector<Token> words = words_of(spaced, options);
  for (Token& word : words) {
    word.begin = origin[word.begin];
    word.end = origin[word.end - 1] + 1;
  }
  return words;
}

inline Reading read(std::string_view text, const ReadingOptions& options) {
  return {text, words_of(text, options), options.split_hashtags ? split_words_of(text, options) : std::vector<Token>()};
}

inline bool have_same_words(const std::vector<Token>& words, const Token* at) {
  return std::equal(words.begin(), words.end(), at, [](const Token& a, const Token& b) { return a.text == b.text; });
}

// Where the hashtag of these words first is.
inline std::optional<Place> find_hashtag(const std::vector<Token>& words, const Reading& reading) {
  for (const auto& [begin, end] : hashtags_of(reading.text)) {
    std::vector<Token> inside;
    for (const Token& word : reading.words) {
      if (word.begin >= begin && word.end <= end) inside.push_back(word);
    }
    if (inside.size() == words.size() && have_same_words(words, inside.data())) {
      return Place{inside.front().begin, inside.back().end};
    }
  }
  return std::nullopt;
}

// Where a name with '@' before it first is; names of letters only.
inline std::optional<Place> find_mention(std::string_view name, std::string_view text) {
  const auto lower = [](char c) { return is_capital(c) ? static_cast<char>(c + 32) : c; };
  for (uint32_t at = 1; at + name.size() <= text.size(); ++at) {
    if (text[at - 1] != '@') continue;
    if (at > 1 && (is_ascii_name(text[at - 2]) || text[at - 2] == '.' || text[at - 2] == '-' || text[at - 2] == '@')) {
      continue;
    }
    const std::string_view found = text.substr(at, name.size());
    const bool is_same = std::equal(found.begin(), found.end(), name.begin(), name.end(),
                                    [&](char a, char b) { return lower(a) == lower(b); });
    const size_t end = at + name.size();
    if (is_same && (end == text.size() || !is_ascii_name(text[end]))) return Place{at, static_cast<uint32_t>(end)};
  }
  return std::nullopt;
}

// The leftmost match of a regex, of those the longest.
inline std::optional<Place> find_regex(const std::string& expression, std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto pattern = icu::UnicodeString::fromUTF8(expression);
  const auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  icu::RegexMatcher matcher(pattern, wide, UREGEX_CASE_INSENSITIVE, status);
  if (!matcher.find(status)) return std::nullopt;
  const int32_t begin = matcher.start(status);
  matcher.useTransparentBounds(1).useAnchoringBounds(0);
  const auto bytes_before = [&](int32_t index) {
    std::string utf8;
    wide.tempSubString(0, index).toUTF8String(utf8);
    return static_cast<uint32_t>(utf8.size());
  };
  for (int32_t end = wide.length(); end > begin; --end) {
    matcher.region(begin, end, status);
    if (matcher.matches(status)) return Place{bytes_before(begin), bytes_before(end)};
  }
  return std::nullopt;
}

}  // namespace earshot::plain
