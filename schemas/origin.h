// Origin: who is behind a surge, read from what its mentions are made of, so that angry customers, a campaign and a
// swarm of bots read differently.
#pragma once

#include <cstdint>
#include <string_view>

#include "schemas/proto/partial.pb.h"

namespace earshot {

struct Origin {
  enum class Reading : uint8_t {
    kUnclear,
    kOrganic,   // many people in their own words
    kShared,    // few posts that many people pass on
    kCampaign,  // many people in the same words
    kSwarm,     // the same words from few or new accounts
  };
  static constexpr double kUnknown = -1;

  Reading reading = Reading::kUnclear;
  double reposts = 0;                     // share of the mentions
  double copies = kUnknown;               // share of the mentions that repeat a text, reposts included
  double near_copies = kUnknown;          // the same with texts that differ in a few words
  double authors_per_mention = kUnknown;  // 1: everybody speaks once
  double new_accounts = kUnknown;         // share of the accounts whose age is known that are younger than 30 days
};

// Distinct counts beyond what a sketch can tell are unknown, not many.
Origin read_origin(const wire::Counts& counts);

std::string_view to_string(Origin::Reading reading);

// For a headline; "" when there is nothing to say.
std::string_view origin_phrase(Origin::Reading reading);

}  // namespace earshot
