// Dead letters read back from their topic: filtered, their parts put together, each at most once.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "engine/base/result.h"
#include "ops/settings/settings.h"
#include "schemas/dead_letter.h"

namespace earshot {

struct DeadLetterFilter {
  std::string stage;   // "" for any
  std::string reason;  // part of it
  std::optional<int64_t> since_ms;
  std::set<std::string> places;  // as place_of() writes them; empty: all
};

// Where its record was: topic/partition@offset.
std::string place_of(const DeadLetterPart& letter);

struct DeadLetterTally {
  uint64_t letters = 0;     // visited
  uint64_t incomplete = 0;  // of several parts, of which some are gone
};

// Visits those that are there now. Errors: kCorrupt, by place in the topic of dead letters; what `visit` answers.
Result<DeadLetterTally> read_dead_letters(const Settings& settings, const DeadLetterFilter& filter,
                                          const std::function<Result<void>(DeadLetterPart letter)>& visit);

}  // namespace earshot
