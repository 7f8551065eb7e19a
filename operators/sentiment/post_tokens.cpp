#include "operators/sentiment/post_tokens.h"

#include <unicode/uchar.h>

#include "engine/text/utf8.h"

namespace earshot::sentiment {
namespace {

constexpr uint32_t kJoiner = 0x200D;
constexpr uint32_t kEmojiStyle = 0xFE0F;
constexpr uint32_t kCurlyApostrophe = 0x2019;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_emoji(uint32_t point) {
  return (point >= 0x1F000 && point <= 0x1FAFF) || (point >= 0x2600 && point <= 0x27BF) ||
         (point >= 0x2B00 && point <= 0x2BFF) || (point >= 0x2300 && point <= 0x23FF);
}

bool is_emoji_tail(uint32_t point) {
  return point == kJoiner || point == kEmojiStyle || (point >= 0x1F3FB && point <= 0x1F3FF);
}

// The ASCII mark that a code point stands for; 0 when it is a letter.
char mark_of(uint32_t point) {
  switch (point) {
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
      return '-';
    case 0x2018:
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0xAB:
    case 0xBB:
      return '"';
    case 0x2026:
    case 0x3002:
    case 0xFF0E:
      return '.';
    case 0xFF01:
      return '!';
    case 0xFF1F:
      return '?';
    case 0x3001:
    case 0xFF0C:
      return ',';
    case 0x2028:
    case 0x2029:
      return '\n';
    case 0xA0:
    case 0x3000:
      return ' ';
    default:
      return point >= 0x2000 && point <= 0x200A ? ' ' : 0;
  }
}

CodePoint point_at(std::string_view text, size_t at) {
  return decode_utf8(text.data() + at, text.data() + text.size());
}

// True when the byte at `at` goes on with a word that has begun.
bool continues_word(std::string_view text, size_t at) {
  const char c = text[at];
  if (is_letter(c) || is_digit(c) || c == '_') return true;
  const bool before_letter = at + 1 < text.size() && (is_letter(text[at + 1]) || is_digit(text[at + 1]));
  if (c == '\'') return before_letter;
  if (c == '/' || c == '.' || c == ',') return before_letter && is_digit(text[at + 1]) && is_digit(text[at - 1]);
  if (static_cast<unsigned char>(c) < 0x80) return false;
  const CodePoint point = point_at(text, at);
  if (point.value == kCurlyApostrophe) return at + 3 < text.size() && is_letter(text[at + 3]);
  return point.value == kNotUtf8 ||
         (!is_emoji(point.value) && mark_of(point.value) == 0 && !is_emoji_tail(point.value));
}

bool ends_sentence(char mark) {
  return mark == '.' || mark == '!' || mark == '?' || mark == '\n' || mark == ';' || mark == ':';
}

bool is_link(std::string_view rest) {
  return rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("www.");
}

}  // namespace

void PostTokens::read(std::string_view text) {
  tokens_.clear();
  words_.clear();
  opens_sentence_ = true;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at;
    } else if (is_link(text.substr(at))) {
      while (at < text.size() && text[at] != ' ' && text[at] != '\n') ++at;
    } else if ((c == '@' || c == '#') && at + 1 < text.size() && continues_word(text, at + 1)) {
      at = read_word(text, at);
    } else if (is_letter(c) || is_digit(c) || c == '_') {
      at = read_word(text, at);
    } else if (c == '>' || c == '<' || c == '&') {
      at = read_emoji(text, at);
    } else if (static_cast<unsigned char>(c) < 0x80) {
      add_mark(at, at + 1, c);
      ++at;
    } else {
      const CodePoint point = point_at(text, at);
      const char mark = point.value == kNotUtf8 ? char{0} : mark_of(point.value);
      if (mark == ' ' || (point.value != kNotUtf8 && is_emoji_tail(point.value))) {
        at += point.length;
      } else if (mark != 0 || point.value == kCurlyApostrophe) {
        add_mark(at, at + point.length, mark == 0 ? '\'' : mark);
        at += point.length;
      } else {
        at = point.value != kNotUtf8 && is_emoji(point.value) ? read_emoji(text, at) : read_word(text, at);
      }
    }
  }
}

PostToken& PostTokens::add(PostToken::Kind kind, size_t begin) {
  PostToken& token = tokens_.emplace_back();
  token.kind = kind;
  token.begin = static_cast<uint32_t>(begin);
  token.word_begin = static_cast<uint32_t>(words_.size());
  return token;
}

void PostTokens::add_letters(std::string_view letters) {
  for (const char c : letters) words_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// Latin, Greek and Cyrillic letters: those with two bytes whose small letter has two bytes as well.
void PostTokens::add_two_byte_letter(uint32_t point) {
  const auto small = static_cast<uint32_t>(u_tolower(static_cast<UChar32>(point)));
  const uint32_t kept = small >= 0x80 && small < 0x800 ? small : point;
  words_ += static_cast<char>(0xC0 | kept >> 6);
  words_ += static_cast<char>(0x80 | (kept & 0x3F));
}

void PostTokens::end_word(PostToken& token, size_t end) {
  token.end = static_cast<uint32_t>(end);
  token.word_bytes = static_cast<uint32_t>(words_.size()) - token.word_begin;
}

size_t PostTokens::read_word(std::string_view text, size_t at) {
  PostToken& token = add(PostToken::Kind::kWord, at);
  token.opens_sentence = opens_sentence_;
  opens_sentence_ = false;
  token.is_handle = text[at] == '@';
  token.is_hashtag = text[at] == '#';
  at += token.is_handle || token.is_hashtag ? 1 : 0;
  token.is_capital = at < text.size() && text[at] >= 'A' && text[at] <= 'Z';
  size_t capitals = 0;
  bool has_small = false;
  for (bool is_first = true; at < text.size() && (is_first || continues_word(text, at)); is_first = false) {
    const size_t bytes = static_cast<unsigned char>(text[at]) < 0x80 ? 1 : point_at(text, at).length;
    capitals += text[at] >= 'A' && text[at] <= 'Z' ? 1 : 0;
    has_small |= text[at] >= 'a' && text[at] <= 'z';
    const bool is_apostrophe = bytes == 3 && point_at(text, at).value == kCurlyApostrophe;
    if (is_apostrophe) {
      words_ += '\'';
    } else if (bytes == 2) {
      add_two_byte_letter(point_at(text, at).value);
    } else {
      add_letters(text.substr(at, bytes));
    }
    at += bytes;
  }
  token.is_upper = capitals > 1 && !has_small;
  end_word(token, at);
  if (word(token).ends_with("'s") && token.word_bytes > 2) {
    token.is_owner = true;
    token.word_bytes -= 2;
  }
  return at;
}

// Also takes a run of ">", "<" or "&", which people use as words.
size_t PostTokens::read_emoji(std::string_view text, size_t at) {
  const char c = text[at];
  const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
  PostToken& token = add(is_ascii ? PostToken::Kind::kWord : PostToken::Kind::kEmoji, at);
  if (is_ascii) {
    while (at < text.size() && text[at] == c) ++at;
    add_letters(c == '&' ? "and" : std::string_view(&c, 1));
    if (c == '&' && text.substr(at).starts_with("amp;")) at += 4;
    if (c == '&' && (text.substr(at).starts_with("gt;") || text.substr(at).starts_with("lt;"))) {
      words_.resize(token.word_begin);
      words_ += text[at] == 'g' ? '>' : '<';
      at += 3;
    }
  } else {
    add_letters(text.substr(at, point_at(text, at).length));
    at += point_at(text, at).length;
    while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80 &&
           is_emoji_tail(point_at(text, at).value)) {
      at += point_at(text, at).length;
    }
  }
  end_word(token, at);
  return at;
}

void PostTokens::add_mark(size_t begin, size_t end, char mark) {
  PostToken& token = add(PostToken::Kind::kMark, begin);
  token.end = static_cast<uint32_t>(end);
  token.mark = mark;
  if (ends_sentence(mark) || mark == '"') opens_sentence_ = true;
}

}  // namespace earshot::sentiment
