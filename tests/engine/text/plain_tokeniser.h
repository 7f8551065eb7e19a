// The normaliser's promise written down a second time, slowly and plainly on ICU alone, for tests to compare with.
#pragma once

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::plain {

struct Token {
  std::string text;
  uint32_t begin = 0;  // bytes of the original text
  uint32_t end = 0;
  friend bool operator==(const Token&, const Token&) = default;
};

enum class Kind { kWord, kAlone, kMark, kSeparator };

inline Kind kind_of(UChar32 c, bool ascii_folding) {
  const uint32_t category = U_GET_GC_MASK(c);
  const bool is_word = (category & (U_GC_L_MASK | U_GC_ND_MASK)) != 0;
  if (ascii_folding) return is_word ? Kind::kWord : Kind::kSeparator;
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(c, &status);
  if ((category & (U_GC_L_MASK | U_GC_NL_MASK)) != 0) {
    for (const UScriptCode spaceless :
         {USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_THAI, USCRIPT_LAO, USCRIPT_KHMER, USCRIPT_MYANMAR}) {
      if (script == spaceless) return Kind::kAlone;
    }
    // Signs that several of them share: closing mark, repeat marks, masu mark, long-vowel sign.
    if (c == 0x3006 || (c >= 0x3031 && c <= 0x3035) || c == 0x303C || c == 0x30FC) return Kind::kAlone;
  }
  if (u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION) != 0) return Kind::kAlone;
  if (c >= 0x2600 && u_isdefined(c) != 0 && u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) != 0)
    return Kind::kAlone;
  if (is_word) return Kind::kWord;
  return (category & U_GC_M_MASK) != 0 ? Kind::kMark : Kind::kSeparator;
}

// Code points that only make sense together, and the bytes they came from, without invisible ones at either end.
struct Sequence {
  icu::UnicodeString source;
  icu::UnicodeString folded;
  uint32_t begin = 0;
  uint32_t end = 0;
  bool is_separator = false;
};

inline const icu::Normalizer2& casefold() {
  UErrorCode status = U_ZERO_ERROR;
  return *icu::Normalizer2::getNFKCCasefoldInstance(status);
}

inline void close(Sequence& sequence) {
  UErrorCode status = U_ZERO_ERROR;
  sequence.folded = casefold().normalize(sequence.source, status);
  bool has_word = false;
  bool has_separator = sequence.is_separator;
  for (int32_t i = 0; i < sequence.folded.length(); i = sequence.folded.moveIndex32(i, 1)) {
    const Kind kind = kind_of(sequence.folded.char32At(i), false);
    has_word = has_word || kind == Kind::kWord || kind == Kind::kAlone;
    has_separator = has_separator || kind == Kind::kSeparator;
  }
  sequence.is_separator = has_separator && !has_word;
}

inline std::vector<Sequence> sequences_of(std::string_view text) {
  std::vector<Sequence> sequences;
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < length;) {
    const auto begin = static_cast<uint32_t>(at);
    UChar32 c = 0;
    U8_NEXT(text.data(), at, length, c);
    const auto end = static_cast<uint32_t>(at);
    if (c < 0 || c == 0x200B || c == 0x2120 || c == 0x2122) {
      sequences.push_back({icu::UnicodeString(' '), icu::UnicodeString(' '), begin, end, true});
      continue;
    }
    UErrorCode status = U_ZERO_ERROR;
    const bool is_invisible = casefold().normalize(icu::UnicodeString(c), status).isEmpty() != 0;
    if (is_invisible) {
      if (!sequences.empty() && !sequences.back().is_separator) sequences.back().source.append(c);
      continue;
    }
    if (sequences.empty() || sequences.back().is_separator || casefold().hasBoundaryBefore(c) != 0) {
      sequences.push_back({{}, {}, begin, end, false});
    }
    sequences.back().source.append(c);
    sequences.back().end = end;
    close(sequences.back());
  }
  return sequences;
}

inline std::vector<Token> tokens_of_unicode(std::string_view text) {
  std::vector<Token> tokens;
  bool is_in_token = false;    // a mark may follow
  bool takes_letters = false;  // a letter may follow
  for (const Sequence& sequence : sequences_of(text)) {
    for (int32_t i = 0; i < sequence.folded.length(); i = sequence.folded.moveIndex32(i, 1)) {
      const UChar32 c = sequence.folded.char32At(i);
      const Kind kind = kind_of(c, false);
      if (kind == Kind::kSeparator || (kind == Kind::kMark && !is_in_token)) {
        is_in_token = takes_letters = false;
        continue;
      }
      const bool extends = kind == Kind::kMark || (kind == Kind::kWord && takes_letters);
      if (!extends) tokens.push_back({"", sequence.begin, sequence.end});
      icu::UnicodeString(c).toUTF8String(tokens.back().text);
      tokens.back().end = sequence.end;
      is_in_token = true;
      if (kind != Kind::kMark) takes_letters = kind == Kind::kWord;
    }
  }
  return tokens;
}

inline std::vector<Token> tokens_of_ascii(std::string_view text) {
  std::vector<Token> tokens;
  bool is_in_token = false;
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < length;) {
    const int32_t begin = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, length, c);
    if (c < 0 || kind_of(c, true) == Kind::kSeparator) {
      is_in_token = false;
      continue;
    }
    if (!is_in_token) tokens.push_back({"", static_cast<uint32_t>(begin), 0});
    is_in_token = true;
    for (int32_t i = begin; i < at; ++i) {
      const char byte = text[static_cast<size_t>(i)];
      tokens.back().text += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : byte;
    }
    tokens.back().end = static_cast<uint32_t>(at);
  }
  return tokens;
}

}  // namespace earshot::plain
