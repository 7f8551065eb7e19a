#include "operators/sentiment/features.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "engine/base/hash.h"

namespace earshot::sentiment {
namespace {

constexpr char kBeginMark = '\x01';
constexpr char kEndMark = '\x02';
constexpr uint32_t kNameHash = 0x11c1;    // "@someone"
constexpr uint32_t kLinkHash = 0x22c2;    // "https://…"
constexpr uint32_t kNumberHash = 0x33c3;  // "12.5"
constexpr size_t kMarkBytesMax = 3;       // of the punctuation after a word

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

void read_letters(std::string_view letters, TokenFeature& token) {
  token.letters = letters;
  if (is_ascii(letters)) {
    token.hash = FeatureWord::hash_of(letters);
    return;
  }
  const FeatureWord word(letters);
  token.hash = word.hash();
  if (word.ends_in_nt()) token.traits |= TokenFeature::kNegates;
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

TokenFeature read_token(const char* text, const Vader::Word& word) {
  uint32_t first = word.first;
  uint32_t last = word.last;
  while (first < last && text[first] == kUncasedLetter) ++first;
  while (first < last && text[last - 1] == kUncasedLetter) --last;
  TokenFeature token;
  if (word.is_negation) token.traits |= TokenFeature::kNegates;
  if (last - first > 1) token.traits |= TokenFeature::kIsLong;
  if (ends_clause(text[word.end - 1])) token.traits |= TokenFeature::kEndsClause;
  if (first >= last) {
    read_letters({text + word.begin, word.end - word.begin}, token);
    return token;
  }
  const std::string_view letters(text + first, last - first);
  const char before = text[word.begin];
  if (before == '@') {
    token.traits |= TokenFeature::kIsName;
    token.hash = kNameHash;
  } else if (is_link(letters)) {
    token.traits |= TokenFeature::kIsLink;
    token.hash = kLinkHash;
  } else if (letters[0] >= '0' && letters[0] <= '9') {
    token.hash = kNumberHash;
  } else {
    if (before == '#') token.traits |= TokenFeature::kIsHashtag;
    if ((before == '#' || before == '/') && marks_irony(before, letters)) token.traits |= TokenFeature::kMarksIrony;
    read_letters(letters, token);
  }
  if (last < word.end) {
    const std::string_view mark(text + last, std::min<size_t>(word.end - last, kMarkBytesMax));
    token.mark_row = static_cast<uint32_t>(hash_64(mark, 7) >> 48);
  }
  return token;
}

void FeatureReader::read(const Vader& vader, const Sentiment& sentiment) {
  tokens_.clear();
  TokenCounts counts;
  NegationReach reach;
  for (const Vader::Word& word : vader.words()) {
    TokenFeature& token = tokens_.emplace_back(read_token(vader.classes().lower_text(), word));
    token.is_negated = reach.pass(token.traits);
    counts.add(token.traits, word.is_upper);
  }
  read_shape(vader, sentiment, counts);
}

// Takes `answers` rows and marks the one of `value`, the last one for any greater value.
void FeatureReader::answer(int value, int answers) {
  shape_rows_[shape_count_++] = next_row_ + static_cast<uint32_t>(std::clamp(value, 0, answers - 1));
  next_row_ += static_cast<uint32_t>(answers);
}

void FeatureReader::read_shape(const Vader& vader, const Sentiment& sentiment, const TokenCounts& counts) {
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
  answer(counts.capitals, 4);
  answer(counts.hashtags, 4);
  answer(counts.names, 3);
  answer(counts.links, 2);
  answer(vader.has_but() ? 1 : 0, 2);
  answer(static_cast<int>(vader.words().size() / 5), 6);
  assert(next_row_ <= kFeatureRows);
}

}  // namespace earshot::sentiment
