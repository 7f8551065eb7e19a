// The words and weights of VADER's rules, apart from its lexicon: Hutto & Gilbert (2014), "VADER: A Parsimonious
// Rule-based Model for Sentiment Analysis of Social Media Text", ICWSM-14, as vaderSentiment 3.3.2 has them.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "operators/sentiment/word_table.h"

namespace earshot::sentiment {

inline constexpr double kIntensifierWeight = 0.293;
inline constexpr double kCapitalsWeight = 0.733;
inline constexpr double kNegationFactor = -0.74;
inline constexpr double kNeverSoFactor = 1.25;
inline constexpr double kSecondWordFactor = 0.95;  // of an intensifier two words before
inline constexpr double kThirdWordFactor = 0.9;
inline constexpr double kBeforeButFactor = 0.5;
inline constexpr double kAfterButFactor = 1.5;
inline constexpr double kExclamationWeight = 0.292;
inline constexpr int kExclamationsMax = 4;
inline constexpr double kQuestionWeight = 0.18;
inline constexpr double kManyQuestionsWeight = 0.96;
inline constexpr double kNormalisation = 15;
inline constexpr double kLabelThreshold = 0.05;  // of the compound score, either way

struct TraitWords {
  WordTrait trait;
  std::span<const std::string_view> words;
};

// Words that the rules know by name; one word may have several traits.
std::span<const TraitWords> vader_trait_words();

struct Phrase {
  std::array<std::string_view, 3> words;  // the third is empty in a phrase of two
  double value;
};

// Phrases that replace the valence of a lexicon word in or next to them.
std::span<const Phrase> vader_idioms();

// Phrases that are added to the valence of the lexicon word after them.
std::span<const Phrase> vader_dampening_phrases();

}  // namespace earshot::sentiment
