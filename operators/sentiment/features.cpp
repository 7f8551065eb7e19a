#include "operators/sentiment/features.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "engine/base/hash.h"

namespace earshot::sentiment {
namespace {

constexpr char kBeginMark = '\x01';
constexpr char kEndMark = '\x02';
constexpr uint64_t kNameHash = 0x11c1;    // "@someone"
constexpr uint64_t kLinkHash = 0x22c2;    // "https://…"
constexpr uint64_t kNumberHash = 0x33c3;  // "12.5"
constexpr size_t kMarkBytesMax = 3;       // of the punctuation after a word
constexpr int kNegatedWordsMax = 5;

bool ends_clause(char c) {
  return c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == '?';
}

bool is_link(std::string_view letters) {
  return letters[0] == 'h' && letters.starts_with("http") &&
         (letters.size() == 4 || letters.find("://") != std::string_view::npos);
}

bool marks_irony(char before, std::string_view letters) {
  static constexpr std::array<std::string_view, 6> kHashtags = {"sarcasm", "sarcastic", "irony",
                                                                "ironic",  "not",       "justkidding"};
  return before == '/' ? letters == "s" : std::ranges::find(kHashtags, letters) != kHashtags.end();
}

int bin(double value, double low, double high, int bins) {
  const double share = (value - low) / (high - low);
  return std::clamp(static_cast<int>(share * bins), 0, bins - 1);
}

}  // namespace

FeatureWord::FeatureWord(std::string_view letters) {
  const size_t kept = std::min(letters.size(), kLettersMax);
  characters_[0] = kBeginMark;
  std::memcpy(characters_.data() + 1, letters.data(), kept);
  for (size_t i = 1; i <= kept; ++i) {
    if (characters_[i] == kUncasedLetter) characters_[i] = '\'';
  }
  characters_[kept + 1] = kEndMark;
  size_ = kept + 2;
}

void FeatureReader::read(const Vader& vader, const Sentiment& sentiment) {
  tokens_.resize(vader.words().size());
  shape_ = {};
  TokenFeature* next = tokens_.data();
  int negated_left = 0;
  for (const Vader::Word& word : vader.words()) {
    TokenFeature& token = *next++;
    read_token(vader, word, token);
    token.is_negated = negated_left > 0;
    negated_left = std::max(0, negated_left - 1);
    if (token.is_negation) negated_left = kNegatedWordsMax;
    if (ends_clause(vader.classes().lower_text()[word.end - 1])) negated_left = 0;
  }
  read_shape(vader, sentiment);
}

void FeatureReader::read_token(const Vader& vader, const Vader::Word& word, TokenFeature& token) {
  const char* text = vader.classes().lower_text();
  auto [first, last] = std::pair(word.first, word.last);
  if (!vader.is_ascii_text()) {
    while (first < last && text[first] == kUncasedLetter) ++first;
    while (first < last && text[last - 1] == kUncasedLetter) --last;
  }
  token = {};
  token.is_negation = word.is_negation;
  shape_.capitals += word.is_upper && last - first > 1 ? 1 : 0;
  shape_.has_but |= word.facts->has(kBut);
  if (first >= last) {
    read_letters({text + word.begin, word.end - word.begin}, vader.is_ascii_text(), token);
    return;
  }
  const std::string_view letters(text + first, last - first);
  const char before = text[word.begin];
  if (before == '@') {
    ++shape_.names;
    token.hash = kNameHash;
  } else if (is_link(letters)) {
    ++shape_.links;
    token.hash = kLinkHash;
  } else if (letters[0] >= '0' && letters[0] <= '9') {
    token.hash = kNumberHash;
  } else {
    shape_.hashtags += before == '#' ? 1 : 0;
    if ((before == '#' || before == '/') && marks_irony(before, letters)) shape_.is_marked_ironic = true;
    read_letters(letters, vader.is_ascii_text(), token);
  }
  if (last < word.end) {
    const std::string_view mark(text + last, std::min<size_t>(word.end - last, kMarkBytesMax));
    token.mark_row = static_cast<uint32_t>(hash_64(mark, 7) >> 48);
  }
}

void FeatureReader::read_letters(std::string_view letters, bool is_ascii_text, TokenFeature& token) {
  token.letters = letters;
  if (is_ascii_text || is_ascii(letters)) {
    token.hash = FeatureWord::hash_of(letters);
    return;
  }
  const FeatureWord word(letters);
  token.hash = word.hash();
  token.is_negation |= word.ends_in_nt();
}

// Takes `answers` rows and marks the one of `value`, the last one for any greater value.
void FeatureReader::answer(int value, int answers) {
  shape_rows_[shape_count_++] = next_row_ + static_cast<uint32_t>(std::clamp(value, 0, answers - 1));
  next_row_ += static_cast<uint32_t>(answers);
}

void FeatureReader::read_shape(const Vader& vader, const Sentiment& sentiment) {
  shape_count_ = 0;
  next_row_ = kHashedRows;
  double least = 0;
  double most = 0;
  int positive = 0;
  int negative = 0;
  for (const Vader::Valence& each : vader.valences()) {
    least = std::min(least, each.value);
    most = std::max(most, each.value);
    ++(each.value > 0 ? positive : negative);
  }
  const auto sign_of = [](double value) { return value > 0 ? 2 : 1; };
  answer(0, 1);
  answer(bin(sentiment.compound, -1, 1, 20), 20);
  answer(sentiment.pos > 0 ? 1 + bin(sentiment.pos, 0, 0.6, 8) : 0, 9);
  answer(sentiment.neg > 0 ? 1 + bin(sentiment.neg, 0, 0.6, 8) : 0, 9);
  answer(bin(most, 0, 4, 8), 8);
  answer(bin(-least, 0, 4, 8), 8);
  answer(positive, 5);
  answer(negative, 5);
  answer(vader.valences().empty() ? 0 : sign_of(vader.valences().back().value), 3);
  answer(vader.valences().empty() ? 0 : sign_of(vader.valences().front().value), 3);
  answer(vader.classes().exclamation_marks(), 4);
  answer(vader.classes().question_marks(), 3);
  answer(shape_.capitals, 4);
  answer(shape_.hashtags, 4);
  answer(shape_.names, 3);
  answer(shape_.links, 2);
  answer(shape_.has_but ? 1 : 0, 2);
  answer(static_cast<int>(vader.words().size() / 5), 6);
  assert(next_row_ <= kFeatureRows);
}

}  // namespace earshot::sentiment
