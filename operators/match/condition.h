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
    kTo,
    kRetweetsOf,
    kSubreddit,
    kCountry,
    kUrl,
    kDomain,
    kFollowers,
    kLikes,
    kReposts,
    kReplies,
    kViews,
    kAccountAgeDays,
    kHas,
    kIs,
    kSample,
    kSentiment,
  };
  static constexpr size_t kColumns = static_cast<size_t>(Column::kSentiment) + 1;
  Column column = Column::kPlatform;
  std::string text;  // of a name: in small letters, but ids as they are
  int64_t min = 0;   // of a number: both ends belong to the range
  int64_t max = std::numeric_limits<int64_t>::max();
  uint8_t choice = 0;  // of has:, is: and sentiment: which
};

// The fields that make a condition, such as "followers".
std::span<const std::string_view> condition_fields();

// Errors say what was expected, without the place.
Result<Condition> parse_condition(std::string_view field, std::string_view value);

// The same of "field:value", as a query's tree keeps it.
Result<Condition> parse_condition(std::string_view term);

// Precondition: it does not ask for sentiment, which no post knows of itself.
bool holds(const Condition& condition, const Post& post);

// True for a column whose conditions name the one value that it must have, so that a look-up by the post's value finds
// them.
bool is_by_value(Condition::Column column);

// True for is:original, is:reply, is:repost and is:quote, of which one holds for a post.
bool is_kind_of_post(const Condition& condition);

// Writes the post's value of such a column as its conditions keep theirs; empty when the post has none.
void read_value(Condition::Column column, const Post& post, std::string& out);

// A guess at the share of posts for which it holds.
double estimate_frequency(const Condition& condition);

}  // namespace earshot::match
