#include "operators/sentiment/vader.h"

#include <cmath>
#include <functional>
#include <queue>
#include <unordered_map>

#include "operators/sentiment/decimal_round.h"

namespace earshot::sentiment {
namespace {

constexpr size_t kPlainLettersMax = 2;  // a word that stripping leaves this short was an emoticon: it stays whole

bool contains_nt(std::string_view lower_word) {
  return lower_word.find("n't") != std::string_view::npos;
}

}  // namespace

Sentiment Vader::score(std::string_view text) {
  if (!is_ascii(text)) text = model_->letters().rewrite(text, rewritten_);
  classes_.classify(text);
  find_words();
  valences_.clear();
  size_t but = word_count_;
  for (size_t i = 0; i < word_count_; ++i) {
    const WordFacts& facts = *words_[i].facts;
    if (facts.has(kBut) && but == word_count_) but = i;
    if (!facts.has(kInLexicon) || facts.has(kIntensifier | kDampener)) continue;
    if (facts.has(kKind) && i + 1 < word_count_ && has(i + 1, kOf)) continue;
    const double valence = valence_of(i);
    if (valence != 0) valences_.push_back({i, valence});
  }
  has_but_ = but != word_count_;
  if (has_but_) weigh_around_but(but);
  return summarise();
}

void Vader::find_words() {
  const uint32_t* const edges = classes_.edges();
  const char* const lower_text = classes_.lower_text();
  const WordTable& table = model_->words();
  word_count_ = classes_.edge_count() / 2;
  if (words_.size() < word_count_) {
    words_.resize(word_count_);
    places_.resize(word_count_);
  }
  for (size_t i = 0; i < word_count_; ++i) {
    const uint32_t begin = edges[2 * i];
    places_[i] = memo_.place_of(lower_text + begin, std::min<size_t>(edges[2 * i + 1] - begin, TokenMemo::kBytesMax));
  }
  size_t all_capitals = 0;
  for (size_t i = 0; i < word_count_; ++i) {
    const uint32_t begin = edges[2 * i];
    const uint32_t end = edges[2 * i + 1];
    const size_t bytes = end - begin;
    Word& word = words_[i];
    if (bytes > TokenMemo::kBytesMax) {
      word = read_word(begin, end);
    } else {
      const TokenMemo::Entry* known = memo_.find(places_[i]);
      if (known == nullptr) known = &learn(begin, end, places_[i]);
      word.facts = &table.facts(known->facts);
      word.begin = begin;
      word.end = end;
      word.first = begin + (known->letters & 15U);
      word.last = begin + (known->letters >> 4U);
      // One by one: a copy of the whole would be stored in pieces and loaded in others, and wait for them.
      word.weights.sums = known->sums;
      word.weights.hash = known->hash;
      word.weights.traits = static_cast<uint8_t>(known->traits & ~TokenMemo::Entry::kIsNegation);
      word.is_upper = (classes_.upper().range(begin, bytes) != 0) & (classes_.lower().range(begin, bytes) == 0);
      word.is_negation = (known->traits & TokenMemo::Entry::kIsNegation) != 0;
    }
    all_capitals += word.is_upper ? 1 : 0;
  }
  some_capitals_ = all_capitals > 0 && all_capitals < word_count_;
}

// Out of line: the loop over known tokens stays short.
[[gnu::noinline]] const TokenMemo::Entry& Vader::learn(uint32_t begin, uint32_t end, const TokenMemo::Place& place) {
  const Word word = read_word(begin, end);
  const uint8_t negation = word.is_negation ? TokenMemo::Entry::kIsNegation : 0;
  return memo_.keep(place, {.sums = word.weights.sums,
                            .hash = word.weights.hash,
                            .facts = model_->words().number_of(*word.facts),
                            .traits = static_cast<uint8_t>(word.weights.traits | negation),
                            .letters = static_cast<uint8_t>(word.first - begin + (word.last - begin) * 16)});
}

Vader::Word Vader::read_word(uint32_t begin, uint32_t end) const {
  Word word{};
  word.begin = begin;
  word.end = end;
  word.is_upper = classes_.upper().any(begin, end) && !classes_.lower().any(begin, end);
  auto [first, last] = classes_.without_punctuation(begin, end);
  word.first = static_cast<uint32_t>(first);
  word.last = static_cast<uint32_t>(last);
  if (last - first <= kPlainLettersMax) {
    first = begin;
    last = end;
  }
  const char* lower_text = classes_.lower_text();
  word.facts = &model_->words().facts(model_->words().find(lower_text + first, last - first));
  word.is_negation = word.facts->has(kNegation) ||
                     (classes_.apostrophes().any(begin, end) && contains_nt({lower_text + first, last - first}));
  if (token_model_) word.weights = token_model_->weigh(word, lower_text);
  return word;
}

double Vader::base_valence(size_t i) const {
  const WordFacts& facts = *words_[i].facts;
  double valence = facts.valence;
  if (facts.has(kNo) && i + 1 != word_count_ && has(i + 1, kInLexicon)) valence = 0;
  if ((i > 0 && has(i - 1, kNo)) || (i > 1 && has(i - 2, kNo)) || (i > 2 && has(i - 3, kNo) && has(i - 1, kOrNor))) {
    valence = facts.valence * kNegationFactor;
  }
  if (words_[i].is_upper && some_capitals_) valence += valence > 0 ? kCapitalsWeight : -kCapitalsWeight;
  return valence;
}

double Vader::valence_of(size_t i) const {
  double valence = base_valence(i);
  for (size_t distance = 1; distance <= 3 && distance <= i; ++distance) {
    const Word& before = words_[i - distance];
    if (before.facts->has(kInLexicon)) continue;
    double shift = shift_by_intensifier(before, valence);
    if (distance == 2) shift *= kSecondWordFactor;
    if (distance == 3) shift *= kThirdWordFactor;
    valence = shift_by_negation(i, distance, valence + shift);
    if (distance == 3) valence = shift_by_phrase(i, valence);
  }
  return shift_by_least(i, valence);
}

double Vader::shift_by_intensifier(const Word& word, double valence) const {
  if (!word.facts->has(kIntensifier | kDampener)) return 0;
  double shift = word.facts->has(kIntensifier) ? kIntensifierWeight : -kIntensifierWeight;
  if (valence < 0) shift = -shift;
  if (word.is_upper && some_capitals_) shift += valence > 0 ? kCapitalsWeight : -kCapitalsWeight;
  return shift;
}

double Vader::shift_by_negation(size_t i, size_t distance, double valence) const {
  if (distance == 2) {
    if (has(i - 2, kNever) && has(i - 1, kSoThis)) return valence * kNeverSoFactor;
    if (has(i - 2, kWithout) && has(i - 1, kDoubt)) return valence;
  }
  if (distance == 3) {
    // The original's "and" binds before its "or": "so" or "this" right before the word is enough.
    if ((has(i - 3, kNever) && has(i - 2, kSoThis)) || has(i - 1, kSoThis)) return valence * kNeverSoFactor;
    if (has(i - 3, kWithout) && (has(i - 2, kDoubt) || has(i - 1, kDoubt))) return valence;
  }
  return words_[i - distance].is_negation ? valence * kNegationFactor : valence;
}

// Precondition: i >= 3.
double Vader::shift_by_phrase(size_t i, double valence) const {
  const auto number = [this](size_t at) -> uint32_t { return at < word_count_ ? words_[at].facts->phrase_word : 0; };
  const auto two = [&](size_t at) {
    return number(at) == 0 || number(at + 1) == 0 ? 0 : number(at) << 8 | number(at + 1);
  };
  const auto three = [&](size_t at) { return two(at) == 0 || number(at + 2) == 0 ? 0 : two(at) << 8 | number(at + 2); };
  if ((number(i) | number(i - 1) | number(i - 2)) == 0) return valence;
  for (const uint32_t words : {two(i - 1), three(i - 2), two(i - 2), three(i - 3), two(i - 3)}) {
    if (const double* value = model_->idiom(words)) {
      valence = *value;
      break;
    }
  }
  if (const double* value = model_->idiom(two(i))) valence = *value;
  if (const double* value = model_->idiom(three(i))) valence = *value;
  for (const uint32_t words : {three(i - 3), two(i - 3), two(i - 2)}) {
    if (const double* value = model_->dampening_phrase(words)) valence += *value;
  }
  return valence;
}

double Vader::shift_by_least(size_t i, double valence) const {
  if (i == 0 || has(i - 1, kInLexicon) || !has(i - 1, kLeast)) return valence;
  const bool is_praise = i > 1 && has(i - 2, kAtVery);  // "at least", "very least"
  return is_praise ? valence : valence * kNegationFactor;
}

// The original weighs the first word that has the value at hand, not the word at hand: where two words share a value,
// the first may be weighed twice and the other not at all. A word without a value stays so.
void Vader::weigh_around_but(size_t but) {
  constexpr size_t kScannedMax = 64;
  if (valences_.size() > kScannedMax) return weigh_around_but_long(but);
  for (const Valence& each : valences_) {
    size_t first = 0;
    while (valences_[first].value != each.value) ++first;
    Valence& weighed = valences_[first];
    if (weighed.word != but) weighed.value *= weighed.word < but ? kBeforeButFactor : kAfterButFactor;
  }
}

// The same in n log n: for each value the places that have, or had, it.
void Vader::weigh_around_but_long(size_t but) {
  using Places = std::priority_queue<size_t, std::vector<size_t>, std::greater<>>;
  std::unordered_map<double, Places> places_by_value;
  for (size_t i = 0; i < valences_.size(); ++i) places_by_value[valences_[i].value].push(i);
  for (const Valence& each : valences_) {
    const double value = each.value;
    Places& places = places_by_value[value];
    while (valences_[places.top()].value != value) places.pop();
    const size_t first = places.top();
    Valence& weighed = valences_[first];
    if (weighed.word == but) continue;
    weighed.value *= weighed.word < but ? kBeforeButFactor : kAfterButFactor;
    places_by_value[weighed.value].push(first);
  }
}

double Vader::emphasis() const {
  const int exclamations = classes_.exclamation_marks();
  const int questions = classes_.question_marks();
  const double exclaimed = std::min(exclamations, kExclamationsMax) * kExclamationWeight;
  if (questions <= 1) return exclaimed;
  return exclaimed + (questions <= 3 ? questions * kQuestionWeight : kManyQuestionsWeight);
}

Sentiment Vader::summarise() const {
  Sentiment sentiment;
  if (word_count_ == 0) return sentiment;
  double sum = 0;
  double positive = 0;
  double negative = 0;
  for (const Valence& each : valences_) {
    sum += each.value;
    if (each.value > 0) positive += each.value + 1;  // a neutral word counts 1, so others count 1 more than their value
    if (each.value < 0) negative += each.value - 1;
  }
  const auto neutral = static_cast<double>(word_count_ - valences_.size());
  const double emphasised = emphasis();
  if (sum > 0) sum += emphasised;
  if (sum < 0) sum -= emphasised;
  if (positive > -negative) {
    positive += emphasised;
  } else if (positive < -negative) {
    negative -= emphasised;
  }
  const double total = positive - negative + neutral;
  sentiment.neg = round_to_decimal(-negative / total, 1e3);
  sentiment.neu = round_to_decimal(neutral / total, 1e3);
  sentiment.pos = round_to_decimal(positive / total, 1e3);
  sentiment.compound = round_to_decimal(sum / std::sqrt(sum * sum + kNormalisation), 1e4);
  if (sentiment.compound >= kLabelThreshold) sentiment.label = SentimentLabel::kPositive;
  if (sentiment.compound <= -kLabelThreshold) sentiment.label = SentimentLabel::kNegative;
  return sentiment;
}

}  // namespace earshot::sentiment
