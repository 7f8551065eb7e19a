#include "operators/triage/text_shape.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace earshot::triage {
namespace {

constexpr size_t kSentenceBytesMax = 400;  // how far the end of a sentence is looked for
constexpr size_t kWordBytesMax = 16;       // no negation is longer

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_word_byte(char c) {
  return is_small(c) || is_capital(c) || (c >= '0' && c <= '9') || c == '_';
}

constexpr std::array<bool, 256> kIsSign = [] {
  std::array<bool, 256> is_sign{};
  for (const char c : {'?', '!', '#', '@', ':'}) is_sign[static_cast<size_t>(c)] = true;
  return is_sign;
}();

struct LetterCounts {
  size_t small = 0;
  size_t capitals = 0;
};

// Adds up in bytes, a stretch at a time, so that the compiler can take whole registers.
LetterCounts count_letters(std::string_view text) {
  constexpr size_t kStretch = 255;
  LetterCounts counts;
  while (!text.empty()) {
    const size_t bytes = std::min(text.size(), kStretch);
    uint8_t small = 0;
    uint8_t capitals = 0;
    for (size_t i = 0; i < bytes; ++i) {
      small = static_cast<uint8_t>(small + (is_small(text[i]) ? 1 : 0));
      capitals = static_cast<uint8_t>(capitals + (is_capital(text[i]) ? 1 : 0));
    }
    counts.small += small;
    counts.capitals += capitals;
    text.remove_prefix(bytes);
  }
  return counts;
}

bool ends_sentence(char c) {
  return c == '.' || c == '!' || c == '?' || c == '\n';
}

void count(uint8_t& counter) {
  if (counter < 255) ++counter;
}

}  // namespace

TextShape shape_of(std::string_view text) {
  constexpr size_t kLettersMin = 12;
  constexpr size_t kExclamationsMin = 3;
  TextShape shape;
  LetterCounts letters = count_letters(text);
  size_t exclamations = 0;
  // Of names and links the letters do not count, nor do the signs in them.
  const auto skip = [&](size_t from, size_t to) {
    const LetterCounts skipped = count_letters(text.substr(from, to - from));
    letters.small -= skipped.small;
    letters.capitals -= skipped.capitals;
    return to - 1;
  };
  for (size_t at = 0; at < text.size(); ++at) {
    if (!kIsSign[static_cast<uint8_t>(text[at])]) continue;
    size_t end = at + 1;
    switch (text[at]) {
      case '?':
        shape.asks = true;
        break;
      case '!':
        ++exclamations;
        break;
      case '#':
        count(shape.hashtags);
        break;
      case '@':
        if (at > 0 && is_word_byte(text[at - 1])) break;
        count(shape.mentions);
        while (end < text.size() && is_word_byte(text[end])) ++end;
        at = skip(at, end);
        break;
      default:
        if (text.substr(at, 3) != "://") break;
        count(shape.links);
        while (end < text.size() && text[end] > ' ') ++end;
        at = skip(at, end);
        break;
    }
  }
  shape.exclaims = exclamations >= kExclamationsMin;
  shape.shouts = letters.capitals >= kLettersMin && letters.capitals > 2 * letters.small;
  return shape;
}

bool opens_clause(std::string_view text, uint32_t at) {
  for (size_t before = at; before > 0;) {
    const char c = text[before - 1];
    if (ends_sentence(c) || c == ',' || c == ';' || c == ':' || c == '(') return true;
    const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '"' || c == '\'' || c == '-' || c == '*';
    if (is_blank || static_cast<uint8_t>(c) >= 0x80) {
      --before;
      continue;
    }
    size_t word = before;
    while (word > 0 && is_word_byte(text[word - 1])) --word;
    if (word == before || word == 0 || text[word - 1] != '@') return false;
    before = word - 1;
  }
  return true;
}

bool is_in_question(std::string_view text, uint32_t at) {
  const size_t end = std::min<size_t>(text.size(), at + kSentenceBytesMax);
  for (size_t next = at; next < end; ++next) {
    if (text[next] == '?') return true;
    const bool is_last = next + 1 == text.size() || static_cast<uint8_t>(text[next + 1]) <= ' ';
    if (ends_sentence(text[next]) && is_last) return false;
  }
  return false;
}

bool is_negated(std::string_view text, uint32_t at, const std::vector<std::string>& negations) {
  constexpr int kWordsBefore = 3;
  size_t end = at;
  for (int words = 0; words < kWordsBefore; ++words) {
    while (end > 0 && !is_word_byte(text[end - 1]) && !ends_sentence(text[end - 1]) && text[end - 1] != ',') --end;
    if (end == 0 || !is_word_byte(text[end - 1])) return false;
    std::array<char, kWordBytesMax> reversed;
    size_t bytes = 0;
    const auto is_apostrophe_end = [&] { return text.substr(0, end).ends_with("\u2019"); };
    while (end > 0 && (is_word_byte(text[end - 1]) || text[end - 1] == '\'' || is_apostrophe_end())) {
      const char c = text[end - 1];
      end -= is_word_byte(c) || c == '\'' ? 1 : 3;
      if (is_word_byte(c) && bytes < kWordBytesMax) reversed[bytes++] = static_cast<char>(c | 0x20);
    }
    std::array<char, kWordBytesMax> word;
    std::reverse_copy(reversed.begin(), reversed.begin() + static_cast<std::ptrdiff_t>(bytes), word.begin());
    if (std::binary_search(negations.begin(), negations.end(), std::string_view(word.data(), bytes))) return true;
  }
  return false;
}

}  // namespace earshot::triage
