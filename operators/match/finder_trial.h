// FinderTrial: which of the two ways to find phrases is the faster one for a set, on this machine.
#pragma once

#include <span>

#include "operators/match/literal_scanner.h"
#include "operators/match/phrase_index.h"

namespace earshot::match {

// With fewer phrases Hyperscan needs hardly more than a glance at a text, with more the index is ahead in every
// measurement of bench/micro/match_bench.cpp; between these they are tried.
inline constexpr size_t kTrialPhrasesMin = 8;
inline constexpr size_t kTrialPhrasesMax = 3000;

// Lets both find the phrases in some texts of common words and of the set's own, in turn, and compares their best
// times. Takes less than a millisecond. Precondition: both were made of `phrases`, and there are some.
bool is_index_faster(const PhraseIndex& index, const LiteralScanner& scanner, std::span<const WantedPhrase> phrases);

}  // namespace earshot::match
