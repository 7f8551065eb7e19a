#include "operators/triage/text_shape.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace earshot::triage {
namespace {

constexpr size_t kSentenceBytesMax = 400;  // how far the end of a sentence is looked for
constexpr size_t kWordBytesMax = 16;       // no negation is longer

enum ByteKind : uint8_t { kOther, kSmall, kCapital, kQuestion, kExclamation, kHash, kAt, kColon };

constexpr std::array<ByteKind, 256> kKinds = [] {
  std::array<ByteKind, 256> kinds{};
  for (size_t c = 'a'; c <= 'z'; ++c) kinds[c] = kSmall;
  for (size_t c = 'A'; c <= 'Z'; ++c) kinds[c] = kCapital;
  kinds['?'] = kQuestion;
  kinds['!'] = kExclamation;
  kinds['#'] = kHash;
  kinds['@'] = kAt;
  kinds[':'] = kColon;
  return kinds;
}();

ByteKind kind_of(char c) {
  return kKinds[static_cast<uint8_t>(c)];
}

bool is_word_byte(char c) {
  const ByteKind kind = kind_of(c);
  return kind == kSmall || kind == kCapital || (c >= '0' && c <= '9') || c == '_';
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
  size_t small = 0;
  size_t capitals = 0;
  size_t exclamations = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    switch (kind_of(text[at])) {
      case kSmall:
        ++small;
        break;
      case kCapital:
        ++capitals;
        break;
      case kQuestion:
        shape.asks = true;
        break;
      case kExclamation:
        ++exclamations;
        break;
      case kHash:
        count(shape.hashtags);
        break;
      case kAt:
        if (at > 0 && is_word_byte(text[at - 1])) break;
        count(shape.mentions);
        while (at + 1 < text.size() && is_word_byte(text[at + 1])) ++at;
        break;
      case kColon:
        if (text.substr(at, 3) != "://") break;
        count(shape.links);
        while (at + 1 < text.size() && text[at + 1] > ' ') ++at;
        break;
      case kOther:
        break;
    }
  }
  shape.exclaims = exclamations >= kExclamationsMin;
  shape.shouts = capitals >= kLettersMin && capitals > 2 * small;
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
