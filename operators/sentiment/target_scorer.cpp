#include "operators/sentiment/target_scorer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "operators/sentiment/decimal_round.h"

namespace earshot::sentiment {
namespace {

using Kind = PostToken::Kind;

constexpr double kComparisonWeight = 0.6;
constexpr double kReferenceWeight = 0.7;
constexpr double kContrastWeight = 0.6;
constexpr double kWordsBesidePhrases = 0.7;
constexpr double kPhraseWeight = 0.22;    // of a phrase's value, -4 to 4
constexpr double kLabelThreshold = 0.13;  // of the value, either way
constexpr double kFaintValue = 0.13;      // what is said of the target decides nothing below it
constexpr double kClearValue = 0.25;      // what is said of the other brand counts from here on
constexpr uint32_t kNegatedWordsMax = 4;

constexpr std::array<std::string_view, 12> kNegators = {"not",    "no",      "never",  "without", "cannot",  "hardly",
                                                        "nobody", "nothing", "barely", "nor",     "neither", "none"};

bool is_negator(std::string_view word) {
  return word.ends_with("n't") || std::ranges::find(kNegators, word) != kNegators.end();
}

double sign_of(BrandTone tone) {
  return tone == BrandTone::kGood ? 1 : tone == BrandTone::kBad ? -1 : 0;
}

std::array<std::pair<uint32_t, BrandTone>, 2> brands_in(const PhraseMatch& phrase) {
  return {{{phrase.mention_a, phrase.tone_a}, {phrase.mention_b, phrase.tone_b}}};
}

// A share like 9/10 as -1 to 1; 0 for any other word.
double rated(std::string_view word) {
  const size_t slash = word.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash > 2) return 0;
  int points = 0;
  int most = 0;
  for (const char c : word.substr(0, slash)) points = c >= '0' && c <= '9' ? points * 10 + (c - '0') : -1000;
  const std::string_view scale = word.substr(slash + 1);
  if (scale == "5" || scale == "10") most = scale == "5" ? 5 : 10;
  if (scale == "100") most = 100;
  if (most == 0 || points < 0) return 0;
  return std::clamp(2.0 * points / most - 1, -1.0, 1.0);
}

// A value of -1 to 1 as a sentiment; the shares lean as far as the value does.
Sentiment as_sentiment(double value) {
  Sentiment sentiment;
  const double leaning = std::abs(value);
  const double neutral = std::exp(-3 * leaning) * 0.8;
  const double other = (1 - neutral) * 0.5 * (1 - leaning) * 0.5;
  sentiment.neu = round_to_decimal(neutral, 1e3);
  const double most = round_to_decimal(1 - neutral - other, 1e3);
  sentiment.pos = value >= 0 ? most : round_to_decimal(other, 1e3);
  sentiment.neg = value >= 0 ? round_to_decimal(other, 1e3) : most;
  sentiment.compound = round_to_decimal(value, 1e4);
  sentiment.label = value >= kLabelThreshold    ? SentimentLabel::kPositive
                    : value <= -kLabelThreshold ? SentimentLabel::kNegative
                                                : SentimentLabel::kNeutral;
  // How often such a value had the right label in the hand-written posts (tests: two_brands_tuned.tsv), a little less.
  sentiment.confidence = round_to_decimal(std::min(0.92, 0.58 + 0.75 * leaning), 1e4);
  return sentiment;
}

}  // namespace

TargetScorer::TargetScorer(std::shared_ptr<const VaderModel> vader)
    : phrases_(PhraseBook::builtin()), vader_(vader), brands_(EnglishWords::builtin(), std::move(vader)) {}

Sentiment TargetScorer::score(std::string_view text, std::span<const ClauseMatch> matches, const Sentiment& whole,
                              Scorer& scorer) {
  if (matches.empty()) return whole;
  if (text.size() <= kWindowBytes) return score_window(text, matches, whole, scorer);
  const size_t middle = std::min<size_t>(matches.front().start, text.size());
  size_t begin = middle > kWindowBytes / 2 ? middle - kWindowBytes / 2 : 0;
  size_t end = std::min(text.size(), begin + kWindowBytes);
  const auto is_tail = [&](size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
  while (begin > 0 && is_tail(begin)) --begin;
  while (end < text.size() && is_tail(end)) ++end;
  shifted_.clear();
  for (ClauseMatch match : matches) {
    if (match.start < begin || match.end > end) continue;
    match.start -= static_cast<uint32_t>(begin);
    match.end -= static_cast<uint32_t>(begin);
    shifted_.push_back(match);
  }
  return score_window(text.substr(begin, end - begin), shifted_, whole, scorer);
}

Sentiment TargetScorer::score_window(std::string_view text, std::span<const ClauseMatch> matches,
                                     const Sentiment& whole, Scorer& scorer) {
  tokens_.read(text);
  brands_.find(tokens_, matches);
  if (!brands_.has_target() || !brands_.has_rival()) return whole;
  const BrandedText branded{tokens_, brands_.mentions(), brands_.mention_at_token()};
  found_.clear();
  phrases_->find(branded, found_);
  clause_reader_.read(branded, found_);
  const Verdict target = evidence(text, ClauseOwner::kTarget, scorer);
  double value = target.value;
  if (const double compared = comparison(); compared != 0) {
    value = kComparisonWeight * compared + 0.5 * target.value;
  } else {
    const Verdict rival = evidence(text, ClauseOwner::kRival, scorer);
    const double referred = reference(rival);
    if (referred != 0) {
      value = kReferenceWeight * referred + 0.3 * target.value;
    } else if (std::abs(target.value) < kFaintValue && std::abs(rival.value) > kClearValue) {
      const bool stands_alone = std::ranges::any_of(clause_reader_.clauses(), [](const Clause& clause) {
        return clause.owner == ClauseOwner::kTarget && clause.names_brand;
      });
      if (stands_alone) value = target.value - kContrastWeight * rival.value;
    }
  }
  return as_sentiment(std::clamp(value, -1.0, 1.0));
}

bool TargetScorer::is_negated(uint32_t at, uint32_t clause_first) const {
  const auto tokens = tokens_.tokens();
  for (uint32_t back = 1; back <= kNegatedWordsMax && at >= clause_first + back; ++back) {
    const PostToken& token = tokens[at - back];
    if (token.kind == Kind::kWord && is_negator(tokens_.word(token))) return true;
  }
  return false;
}

double TargetScorer::phrase_values(const Clause& clause) const {
  double sum = 0;
  for (auto match = std::ranges::lower_bound(found_, clause.first, {}, &PhraseMatch::first);
       match != found_.end() && match->first < clause.end; ++match) {
    if (match->value == 0) continue;
    sum += is_negated(match->first, clause.first) ? -0.7 * match->value : match->value;
  }
  return sum;
}

// Of a run of the same emoji the first three count.
double TargetScorer::emoji_values(const Clause& clause) const {
  constexpr size_t kRunMax = 3;
  double sum = 0;
  size_t run = 0;
  std::string_view before;
  for (uint32_t at = clause.first; at < clause.end; ++at) {
    if (tokens_.tokens()[at].kind != Kind::kEmoji) continue;
    const std::string_view emoji = tokens_.word(tokens_.tokens()[at]);
    run = emoji == before ? run + 1 : 1;
    before = emoji;
    if (const LexiconWord* facts = emoji_->find(emoji); facts != nullptr && run <= kRunMax) sum += facts->value;
  }
  return sum;
}

double TargetScorer::rated_share(const Clause& clause) const {
  double sum = 0;
  for (uint32_t at = clause.first; at < clause.end; ++at) {
    if (tokens_.tokens()[at].kind == Kind::kWord) sum += rated(tokens_.word(tokens_.tokens()[at]));
  }
  return sum;
}

TargetScorer::Verdict TargetScorer::evidence(std::string_view text, ClauseOwner side, Scorer& scorer) {
  Verdict verdict;
  side_text_.clear();
  double by_phrases = 0;
  for (const Clause& clause : clause_reader_.clauses()) {
    if (!clause.speaks_of(side) || clause.ellipsis != Ellipsis::kNone) continue;
    if (clause.compares && clause.names_brand) continue;
    verdict.is_said = true;
    const size_t begin = tokens_.tokens()[clause.first].begin;
    // Marks up to the next clause tell how loud it is.
    const bool is_last = clause.end == tokens_.tokens().size();
    const size_t end = is_last ? text.size() : tokens_.tokens()[clause.end].end;
    if (!side_text_.empty()) side_text_ += ' ';
    side_text_ += text.substr(begin, (clause.ends_sentence ? end : tokens_.tokens()[clause.end - 1].end) - begin);
    if (clause.has_contrast && !clause.names_brand) by_phrases *= kBeforeButFactor;
    by_phrases += kPhraseWeight * (phrase_values(clause) + emoji_values(clause)) + rated_share(clause);
  }
  if (side_text_.empty()) return verdict;
  const Sentiment by_model = scorer.score(side_text_);
  const double by_words =
      0.3 * by_model.compound + 0.35 * (by_model.pos - by_model.neg) + 0.35 * vader_.score(side_text_).compound;
  verdict.value = std::clamp((by_phrases == 0 ? 1 : kWordsBesidePhrases) * by_words + by_phrases, -1.0, 1.0);
  return verdict;
}

// What the target's clauses say by pointing at the other brand; 0 when they do not.
double TargetScorer::reference(const Verdict& rival) const {
  double sum = 0;
  for (const Clause& clause : clause_reader_.clauses()) {
    if (clause.owner != ClauseOwner::kTarget || clause.ellipsis == Ellipsis::kNone) continue;
    sum += clause.ellipsis == Ellipsis::kLike ? rival.value : -rival.value;
  }
  for (const PhraseMatch& phrase : found_) {
    for (const auto& [mention, tone] : brands_in(phrase)) {
      if (mention == PhraseMatch::kNoMention || !brands_.mentions()[mention].is_target) continue;
      if (tone == BrandTone::kLikeTheOther) sum += rival.value;
      if (tone == BrandTone::kUnlikeTheOther) sum -= rival.value;
    }
  }
  return std::clamp(sum, -1.0, 1.0);
}

// True within a question that asks for something, not for a reason.
bool TargetScorer::is_asked(uint32_t at) const {
  const auto tokens = tokens_.tokens();
  const auto ends = [&](uint32_t i) {
    return tokens[i].kind == Kind::kMark &&
           (tokens[i].mark == '.' || tokens[i].mark == '!' || tokens[i].mark == '?' || tokens[i].mark == '\n');
  };
  uint32_t end = at;
  while (end < tokens.size() && !ends(end)) ++end;
  if (end == tokens.size() || tokens[end].mark != '?') return false;
  uint32_t begin = at;
  while (begin > 0 && !ends(begin - 1)) --begin;
  const std::string_view first = tokens_.word(tokens[begin]);
  return first != "why" && first != "how" && first != "who";
}

// -1 to 1: how phrases that say something of a brand speak of the target.
double TargetScorer::comparison() const {
  double sum = 0;
  double direction = 1;
  for (const PhraseMatch& phrase : found_) {
    if (phrase.takes_back) direction = -1;
    if (phrase.tone_a == BrandTone::kNothing && phrase.tone_b == BrandTone::kNothing) continue;
    if (is_asked(phrase.first)) continue;
    const double sign = !phrase.compares() && is_negated(phrase.first, 0) ? -1 : 1;
    for (const auto& [mention, tone] : brands_in(phrase)) {
      if (mention != PhraseMatch::kNoMention && brands_.mentions()[mention].is_target) sum += sign * sign_of(tone);
    }
  }
  return std::clamp(sum, -1.0, 1.0) * direction;
}

}  // namespace earshot::sentiment
