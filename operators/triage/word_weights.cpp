#include "operators/triage/word_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <string>

#include "engine/base/hash.h"

namespace earshot::triage {
namespace {

constexpr size_t kClassCount = static_cast<size_t>(TriageClass::kOther) + 1;

// What a byte is for words: 1 to 26 a letter of either case, or one of these.
constexpr uint8_t kParts = 0;  // stands between words
constexpr uint8_t kNumber = 27;
constexpr uint8_t kAsks = 28;
constexpr uint8_t kExclaims = 29;
constexpr uint8_t kApostrophe = 30;  // as if it were not there
constexpr uint8_t kHigh = 31;        // of a character beyond ASCII

constexpr std::array<uint8_t, 256> kKinds = [] {
  std::array<uint8_t, 256> kinds{};
  for (unsigned i = 0; i < 26; ++i) {
    kinds['a' + i] = static_cast<uint8_t>(i + 1);
    kinds['A' + i] = static_cast<uint8_t>(i + 1);
  }
  for (unsigned i = 0; i < 10; ++i) kinds['0' + i] = kNumber;
  kinds['?'] = kAsks;
  kinds['!'] = kExclaims;
  kinds['\''] = kApostrophe;
  for (unsigned i = 0x80; i < 0x100; ++i) kinds[i] = kHigh;
  return kinds;
}();

constexpr std::string_view kCurlyApostrophe = "\u2019";

struct Token {
  uint64_t code = 0;  // tells words apart: five bits a letter, so that those of up to twelve letters are exact
  size_t begin = 0;
  size_t end = 0;
};

// Reads a word on from `at`: letters, with apostrophes that do not count.
Token read_word(std::string_view text, size_t at) {
  Token word{0, at, at};
  while (at < text.size()) {
    const uint8_t kind = kKinds[static_cast<uint8_t>(text[at])];
    if (kind >= 1 && kind <= 26) {
      word.code = std::rotl(word.code, 5) ^ kind;
      word.end = ++at;
    } else if (kind == kApostrophe) {
      ++at;
    } else if (kind == kHigh && text.substr(at).starts_with(kCurlyApostrophe)) {
      at += kCurlyApostrophe.size();
    } else {
      break;
    }
  }
  return word;
}

// Calls on_token for each word, number, question or exclamation mark and character beyond the basic plane.
template <class OnToken>
void for_each_token(std::string_view text, const OnToken& on_token) {
  size_t tokens = 0;
  for (size_t at = 0; at < text.size() && tokens < WordWeights::kWordsMax;) {
    const uint8_t kind = kKinds[static_cast<uint8_t>(text[at])];
    if (kind == kParts || kind == kApostrophe) {
      ++at;
      continue;
    }
    Token token{kind, at, at + 1};
    if (kind < kNumber) {
      token = read_word(text, at);
    } else if (kind == kNumber) {
      while (token.end < text.size() && kKinds[static_cast<uint8_t>(text[token.end])] == kNumber) ++token.end;
    } else if (kind == kHigh) {
      if (static_cast<uint8_t>(text[at]) < 0xF0 || text.size() - at < 4) {
        ++at;
        continue;
      }
      token.end = at + 4;
      for (size_t i = at; i < token.end; ++i) token.code = token.code << 8 | static_cast<uint8_t>(text[i]);
    }
    at = token.end;
    ++tokens;
    on_token(token);
  }
}

constexpr uint64_t kWordSeed = 0x9e3779b97f4a7c15ULL;
constexpr uint64_t kPairSeed = 0xc2b2ae3d27d4eb4fULL;

uint64_t key_of(uint64_t code) {
  return mix_64(code ^ kWordSeed, kPairSeed) | 1;
}

uint64_t key_of(uint64_t before, uint64_t code) {
  return mix_64(before ^ kPairSeed, std::rotl(code, 32) ^ kWordSeed) | 1;
}

}  // namespace

Result<WordWeights> WordWeights::builtin() {
  return parse(builtin_words_text());
}

Result<WordWeights> WordWeights::parse(std::string_view text) {
  WordWeights weights;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    if (auto read = weights.read_line(line); !read) {
      return invalid(fmt::format("line {} of the words' weights: {}", number, read.error().message));
    }
  }
  weights.fill_slots(weights.keys_);
  return weights;
}

Result<void> WordWeights::read_line(std::string_view line) {
  const size_t tab = line.find('\t');
  std::vector<Token> tokens;
  for_each_token(line.substr(0, tab), [&](const Token& token) { tokens.push_back(token); });
  if (tab == std::string_view::npos || tokens.empty() || tokens.size() > 2) {
    return invalid("expected a word or a pair of words, a tab and the weights");
  }
  Row row{};
  const char* at = line.data() + tab + 1;
  const char* const end = line.data() + line.size();
  for (size_t i = 0; i < kClassCount; ++i) {
    while (at < end && *at == ' ') ++at;
    const auto [next, error] = std::from_chars(at, end, row[i]);
    if (error != std::errc()) return invalid(fmt::format("expected {} weights from -128 to 127", kClassCount));
    at = next;
  }
  if (at != end) return invalid(fmt::format("expected {} weights and no more", kClassCount));
  rows_.push_back(row);
  keys_.push_back(tokens.size() == 1 ? key_of(tokens[0].code) : key_of(tokens[0].code, tokens[1].code));
  return {};
}

void WordWeights::fill_slots(const std::vector<uint64_t>& keys) {
  slots_.assign(std::bit_ceil(2 * keys.size() + 2), Slot{});
  for (uint32_t row = 0; row < keys.size(); ++row) {
    const uint64_t key = keys[row];
    filter_[(key >> 32) % kFilterBits / 64] |= uint64_t{1} << (key >> 32) % 64;
    size_t at = (key >> 8) & (slots_.size() - 1);
    while (slots_[at].key != 0 && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {key, row};
  }
}

const WordWeights::Row* WordWeights::find(uint64_t key) const {
  if ((filter_[(key >> 32) % kFilterBits / 64] >> (key >> 32) % 64 & 1) == 0) return nullptr;
  for (size_t at = (key >> 8) & (slots_.size() - 1); slots_[at].key != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].key == key) return &rows_[slots_[at].row];
  }
  return nullptr;
}

template <class OnRow>
void WordWeights::visit(std::string_view text, const OnRow& on_row) const {
  Token before;
  bool is_first = true;
  for_each_token(text, [&](const Token& token) {
    if (const Row* row = find(key_of(token.code)); row != nullptr) on_row(*row, token.begin, token.end);
    if (!is_first) {
      if (const Row* row = find(key_of(before.code, token.code)); row != nullptr) on_row(*row, before.begin, token.end);
    }
    before = token;
    is_first = false;
  });
}

WordWeights::Scores WordWeights::add_up(std::string_view text) const {
  Scores scores{};
  visit(text, [&](const Row& row, size_t, size_t) {
    for (size_t i = 0; i < kLanes; ++i) scores[i] = static_cast<int16_t>(scores[i] + row[i]);
  });
  return scores;
}

std::string_view WordWeights::strongest(std::string_view text, TriageClass kind) const {
  int most = 0;
  std::string_view words;
  visit(text, [&](const Row& row, size_t begin, size_t end) {
    const int weight = row[static_cast<size_t>(kind)];
    if (weight <= most) return;
    most = weight;
    words = text.substr(begin, end - begin);
  });
  return words;
}

}  // namespace earshot::triage
