#include "operators/sentiment/lexicon_scorer.h"

#include <algorithm>
#include <cmath>

#include "operators/sentiment/decimal_round.h"
#include "operators/sentiment/vader_rules.h"

namespace earshot::sentiment {
namespace {

using Kind = PostToken::Kind;

constexpr size_t kNegationReach = 3;  // words, either way
constexpr size_t kEmojiRunMax = 3;    // of the same emoji that count
constexpr double kIntensifierFactor = 1.3;
constexpr double kDampenerFactor = 0.7;
constexpr size_t kEmoticonBytesMax = 4;

bool ends_clause(const PostToken& token) {
  return token.kind == Kind::kMark && token.mark != '\'' && token.mark != '"' && token.mark != '-';
}

// How often such a compound has the right label; measured on labelled English posts, by their emoji alone
// (MODEL_CARD.md).
double lexicon_confidence(double compound) {
  return 0.53 + 0.47 * std::abs(compound);
}

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

}  // namespace

const LexiconWord* LexiconScorer::word_facts(size_t at) const {
  const PostToken& token = tokens_.tokens()[at];
  return words_ == nullptr || token.kind != Kind::kWord ? nullptr : words_->find(tokens_.word(token));
}

void LexiconScorer::add(double value, Sums& sums) const {
  sums.total += value;
  (value > 0 ? sums.positive : sums.negative) += std::abs(value) + 1;
  ++sums.rated;
}

bool LexiconScorer::is_negated(size_t at) const {
  const auto tokens = tokens_.tokens();
  for (size_t back = 1; back <= kNegationReach && back <= at && !ends_clause(tokens[at - back]); ++back) {
    const LexiconWord* facts = word_facts(at - back);
    if (facts != nullptr && facts->is_negation) return true;
  }
  for (size_t on = 1; on <= kNegationReach && at + on < tokens.size() && !ends_clause(tokens[at + on]); ++on) {
    const LexiconWord* facts = word_facts(at + on);
    if (facts == nullptr) continue;
    if (facts->value != 0) return false;  // the negation beyond is that word's
    if (facts->is_negation) return true;
  }
  return false;
}

double LexiconScorer::word_value(size_t at) const {
  const LexiconWord* facts = word_facts(at);
  if (facts == nullptr || facts->value == 0) return 0;
  // "super lecker": a word that makes the next one count more says nothing by itself.
  const LexiconWord* next = at + 1 < tokens_.tokens().size() ? word_facts(at + 1) : nullptr;
  if (facts->is_intensifier && next != nullptr && next->value != 0) return 0;
  double value = facts->value;
  if (const LexiconWord* before = at > 0 ? word_facts(at - 1) : nullptr) {
    if (before->is_intensifier) value *= kIntensifierFactor;
    if (before->is_dampener) value *= kDampenerFactor;
  }
  return is_negated(at) ? value * kNegationFactor : value;
}

void LexiconScorer::add_words(Sums& sums) const {
  const auto tokens = tokens_.tokens();
  size_t run = 0;
  double factor = 1;
  for (size_t at = 0; at < tokens.size(); ++at) {
    const PostToken& token = tokens[at];
    if (token.kind == Kind::kMark) {
      if (ends_clause(token) && token.mark != ',') factor = 1;
      continue;
    }
    ++sums.words;
    if (token.kind == Kind::kEmoji) {
      const bool repeats =
          at > 0 && tokens[at - 1].kind == Kind::kEmoji && tokens_.word(tokens[at - 1]) == tokens_.word(token);
      run = repeats ? run + 1 : 1;
      const LexiconWord* facts = emoji_->find(tokens_.word(token));
      if (facts != nullptr && facts->value != 0 && run <= kEmojiRunMax) add(facts->value, sums);
      continue;
    }
    const LexiconWord* facts = word_facts(at);
    if (facts != nullptr && facts->is_contrast) {
      const double weakened = kBeforeButFactor;
      sums.total *= weakened;
      sums.positive *= weakened;
      sums.negative *= weakened;
      factor = kAfterButFactor;
    }
    if (const double value = word_value(at); value != 0) add(value * factor, sums);
  }
}

// Emoticons are made of what PostTokens takes for marks, so they are read from the text, between white space.
void LexiconScorer::add_emoticons(std::string_view text, Sums& sums) const {
  for (size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < text.size() && !is_space(text[end])) ++end;
    const std::string_view piece = text.substr(at, end - at);
    if (piece.size() >= 2 && piece.size() <= kEmoticonBytesMax && static_cast<unsigned char>(piece[0]) < 0x80) {
      const LexiconWord* facts = emoji_->find(piece);
      if (facts != nullptr && facts->value != 0) add(facts->value, sums);
    }
    at = end;
  }
}

Sentiment LexiconScorer::score(std::string_view text) {
  tokens_.read(text);
  Sums sums;
  add_words(sums);
  add_emoticons(text, sums);
  Sentiment sentiment;
  if (sums.rated == 0) {
    sentiment.label = SentimentLabel::kUnscored;
    return sentiment;
  }
  const double neutral = static_cast<double>(sums.words > sums.rated ? sums.words - sums.rated : 0);
  const double whole = sums.positive + sums.negative + neutral;
  sentiment.pos = round_to_decimal(sums.positive / whole, 1e3);
  sentiment.neg = round_to_decimal(sums.negative / whole, 1e3);
  sentiment.neu = round_to_decimal(neutral / whole, 1e3);
  sentiment.compound = round_to_decimal(sums.total / std::sqrt(sums.total * sums.total + kNormalisation), 1e4);
  if (sentiment.compound >= kLabelThreshold) sentiment.label = SentimentLabel::kPositive;
  if (sentiment.compound <= -kLabelThreshold) sentiment.label = SentimentLabel::kNegative;
  sentiment.confidence = round_to_decimal(lexicon_confidence(sentiment.compound), 1e4);
  return sentiment;
}

}  // namespace earshot::sentiment
