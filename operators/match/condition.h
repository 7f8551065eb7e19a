// Condition: what a query asks of a post's columns rather than of its text: a number in a range, a flag, a name.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "schemas/post.h"

namespace earshot::match {

struct Condition {
  enum class Column : uint8_t {
    kPlatform,
    kConversation,
    kInReplyTo,
    kRepostOf,
    kQuoteOf,
    kUrl,
    kDomain,
    kFollowers,
    kLikes,
    kReposts,
    kReplies,
    kHas,
    kIs,
    kSample,
  };
  Column column = Column::kPlatform;
  std::string text;  // of a name: in small letters, but ids as they are
  int64_t min = 0;   // of a number: both ends belong to the range
  int64_t max = std::numeric_limits<int64_t>::max();
  uint8_t choice = 0;  // of has: and is: which
};

// The fields that make a condition, such as "followers".
std::span<const std::string_view> condition_fields();

// Errors say what was expected, without the place.
Result<Condition> parse_condition(std::string_view field, std::string_view value);

// The same of "field:value", as a query's tree keeps it.
Result<Condition> parse_condition(std::string_view term);

bool holds(const Condition& condition, const Post& post);

// A guess at the share of posts for which it holds.
double estimate_frequency(const Condition& condition);

}  // namespace earshot::match
