#include "schemas/origin.h"

#include <algorithm>
#include <bit>
#include <string>

#include "schemas/counts.h"

namespace earshot {
namespace {

// Distinct items per mention; unknown when there is no sketch or when it is nearly full.
double distinct_share(const std::string& bits, double mentions) {
  if (bits.empty()) return Origin::kUnknown;
  int ones = 0;
  for (const char byte : bits) ones += std::popcount(static_cast<unsigned char>(byte));
  constexpr double kFullShare = 0.97;
  if (ones > kFullShare * 8 * static_cast<double>(bits.size())) return Origin::kUnknown;
  return std::min(1.0, static_cast<double>(estimate_distinct(bits)) / mentions);
}

double repeated_share(double distinct) {
  return distinct < 0 ? Origin::kUnknown : 1 - distinct;
}

// Share of the originals that say what another one says.
double same_wording(const Origin& origin) {
  const double repeated = std::max(origin.copies, origin.near_copies);
  if (repeated < 0) return Origin::kUnknown;
  const double originals = 1 - origin.reposts;
  return originals <= 0 ? 0 : std::clamp((repeated - origin.reposts) / originals, 0.0, 1.0);
}

Origin::Reading reading_of(const Origin& origin) {
  constexpr double kMostlyReposts = 0.6;
  constexpr double kSameWording = 0.5;
  constexpr double kOwnWords = 0.35;
  constexpr double kFewAuthors = 0.5;
  constexpr double kHandful = 0.2;
  constexpr double kManyNewAccounts = 0.3;
  const bool has_few_authors = origin.authors_per_mention >= 0 && origin.authors_per_mention < kFewAuthors;
  const bool has_a_handful = origin.authors_per_mention >= 0 && origin.authors_per_mention < kHandful;
  const bool are_new = origin.new_accounts >= kManyNewAccounts;
  const double wording = same_wording(origin);
  if (origin.reposts >= kMostlyReposts) {
    return has_few_authors || are_new ? Origin::Reading::kSwarm : Origin::Reading::kShared;
  }
  if (wording >= kSameWording) {
    return has_few_authors || are_new ? Origin::Reading::kSwarm : Origin::Reading::kCampaign;
  }
  if (has_a_handful) return Origin::Reading::kSwarm;
  if (wording < kOwnWords && !has_few_authors) return Origin::Reading::kOrganic;
  return Origin::Reading::kUnclear;
}

}  // namespace

Origin read_origin(const wire::Counts& counts) {
  constexpr uint64_t kMentionsMin = 10;
  Origin origin;
  if (counts.mentions() < kMentionsMin) return origin;
  const auto mentions = static_cast<double>(counts.mentions());
  origin.reposts = std::clamp(1 - static_cast<double>(counts.originals()) / mentions, 0.0, 1.0);
  origin.copies = repeated_share(distinct_share(counts.text_bits(), mentions));
  origin.near_copies = std::max(origin.copies, repeated_share(distinct_share(counts.shape_bits(), mentions)));
  origin.authors_per_mention = distinct_share(counts.author_bits(), mentions);
  constexpr uint64_t kDatedMin = 10;
  if (counts.accounts_dated() >= kDatedMin) {
    origin.new_accounts = static_cast<double>(counts.accounts_new()) / static_cast<double>(counts.accounts_dated());
  }
  origin.reading = reading_of(origin);
  return origin;
}

std::string_view to_string(Origin::Reading reading) {
  switch (reading) {
    case Origin::Reading::kUnclear:
      return "unclear";
    case Origin::Reading::kOrganic:
      return "organic";
    case Origin::Reading::kShared:
      return "shared";
    case Origin::Reading::kCampaign:
      return "campaign";
    case Origin::Reading::kSwarm:
      return "swarm";
  }
  return "unclear";
}

std::string_view origin_phrase(Origin::Reading reading) {
  switch (reading) {
    case Origin::Reading::kShared:
      return "mostly reposts";
    case Origin::Reading::kCampaign:
      return "reads like a campaign: many authors, the same words";
    case Origin::Reading::kSwarm:
      return "reads like a swarm: the same words from few or new accounts";
    case Origin::Reading::kUnclear:
    case Origin::Reading::kOrganic:
      break;
  }
  return "";
}

}  // namespace earshot
