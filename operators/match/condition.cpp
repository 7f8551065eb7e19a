#include "operators/match/condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "engine/base/hash.h"
#include "engine/config/nearest_name.h"
#include "operators/match/query.h"

namespace earshot::match {
namespace {

using Column = Condition::Column;

struct Field {
  std::string_view name;
  Column column;
};
constexpr auto kFields = std::to_array<Field>({{"platform", Column::kPlatform},
                                               {"conversation", Column::kConversation},
                                               {"in_reply_to", Column::kInReplyTo},
                                               {"repost_of", Column::kRepostOf},
                                               {"quote_of", Column::kQuoteOf},
                                               {"to", Column::kTo},
                                               {"retweets_of", Column::kRetweetsOf},
                                               {"subreddit", Column::kSubreddit},
                                               {"country", Column::kCountry},
                                               {"url", Column::kUrl},
                                               {"domain", Column::kDomain},
                                               {"followers", Column::kFollowers},
                                               {"likes", Column::kLikes},
                                               {"reposts", Column::kReposts},
                                               {"replies", Column::kReplies},
                                               {"views", Column::kViews},
                                               {"account_age_days", Column::kAccountAgeDays},
                                               {"has", Column::kHas},
                                               {"is", Column::kIs},
                                               {"sample", Column::kSample},
                                               {"sentiment", Column::kSentiment}});
constexpr auto kFieldNames = [] {
  std::array<std::string_view, kFields.size()> names;
  std::transform(kFields.begin(), kFields.end(), names.begin(), [](const Field& field) { return field.name; });
  return names;
}();

enum class Has : uint8_t { kLinks, kHashtags, kMentions, kMedia, kImages, kVideo, kGeo };
constexpr auto kHas =
    std::to_array<std::string_view>({"links", "hashtags", "mentions", "media", "images", "video", "geo"});
// As PostKind counts, then what a post of any kind may be.
constexpr auto kIs = std::to_array<std::string_view>({"original", "reply", "repost", "quote", "verified", "sensitive"});
constexpr uint8_t kIsVerified = 4;
constexpr uint8_t kIsSensitive = 5;
constexpr auto kSentiments = std::to_array<std::string_view>({"negative", "neutral", "positive"});  // as labels count

std::string_view name_of(Column column) {
  return std::find_if(kFields.begin(), kFields.end(), [&](const Field& field) { return field.column == column; })->name;
}

bool is_number(Column column) {
  return column == Column::kFollowers || column == Column::kLikes || column == Column::kReposts ||
         column == Column::kReplies || column == Column::kViews || column == Column::kAccountAgeDays;
}

std::optional<int64_t> number_in(std::string_view text) {
  int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

// "1000..50000", "1000..", "..50000", or "1000" for at least so many.
Result<Condition> parse_range(Condition condition, std::string_view value) {
  const size_t dots = value.find("..");
  const std::string_view low = value.substr(0, dots);
  const std::string_view high = dots == std::string_view::npos ? std::string_view() : value.substr(dots + 2);
  const auto min = low.empty() ? std::optional<int64_t>(0) : number_in(low);
  const auto max = high.empty() ? std::optional(std::numeric_limits<int64_t>::max()) : number_in(high);
  const std::string_view name = name_of(condition.column);
  if (!min || !max || (low.empty() && high.empty())) {
    return invalid(
        fmt::format("expected a number or a range such as {0}:1000 or {0}:1000..50000, found '{0}:{1}'", name, value));
  }
  if (*min > *max) return invalid(fmt::format("'{}:{}' holds for no number; write the smaller one first", name, value));
  condition.min = *min;
  condition.max = *max;
  return condition;
}

Result<Condition> parse_choice(Condition condition, std::string_view value, std::span<const std::string_view> choices) {
  const auto found = std::find(choices.begin(), choices.end(), value);
  if (found == choices.end()) {
    const std::string_view name = name_of(condition.column);
    const std::string_view nearest = nearest_name(value, choices);
    const std::string hint = nearest.empty() ? fmt::format("the values are {}", fmt::join(choices, ", "))
                                             : fmt::format("did you mean '{}:{}'?", name, nearest);
    return invalid(fmt::format("unknown value in '{}:{}'; {}", name, value, hint));
  }
  condition.choice = static_cast<uint8_t>(found - choices.begin());
  return condition;
}

Result<Condition> parse_sample(Condition condition, std::string_view value) {
  constexpr int64_t kAll = 100;
  const auto percent = number_in(value);
  if (!percent || *percent < 1 || *percent > kAll) {
    return invalid(fmt::format("expected a percentage from 1 to 100 such as sample:10, found 'sample:{}'", value));
  }
  condition.max = *percent;
  return condition;
}

bool is_country_code(std::string_view lowered) {
  return lowered.size() == 2 &&
         std::all_of(lowered.begin(), lowered.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string_view host_of(std::string_view url) {
  if (const size_t scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const size_t user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  return url.substr(0, url.rfind(':'));
}

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_same(char text, char small) {
  return lowered(text) == small;
}

bool contains(std::string_view text, std::string_view small) {
  return std::search(text.begin(), text.end(), small.begin(), small.end(), is_same) != text.end();
}

// A name alone: a scheme, path or port would never be found.
bool is_domain(std::string_view text) {
  return text.find_first_of("/:?#@ \t,") == std::string_view::npos;
}

// The domain itself or one below it.
bool is_in_domain(std::string_view host, std::string_view domain) {
  if (host.size() < domain.size()) return false;
  const std::string_view end = host.substr(host.size() - domain.size());
  const bool is_whole = host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
  return is_whole && std::equal(end.begin(), end.end(), domain.begin(), is_same);
}

// An '@' that begins a word and has a letter or digit after it.
bool has_mention(std::string_view text) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0;
  };
  for (size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const bool begins = at == 0 || !is_word(text[at - 1]);
    if (begins && at + 1 < text.size() && is_word(text[at + 1])) return true;
  }
  return false;
}

bool has(Has what, const Post& post) {
  switch (what) {
    case Has::kLinks:
      return !post.urls.empty();
    case Has::kHashtags:
      return !post.hashtags.empty();
    case Has::kMentions:
      return has_mention(post.text);
    case Has::kMedia:
      return post.media.has_images || post.media.has_video;
    case Has::kImages:
      return post.media.has_images;
    case Has::kVideo:
      return post.media.has_video;
    case Has::kGeo:
      return post.has_geo;
  }
  return false;
}

bool is(uint8_t choice, const Post& post) {
  if (choice == kIsVerified) return post.is_verified;
  if (choice == kIsSensitive) return post.is_sensitive;
  return static_cast<uint8_t>(post.kind) == choice;
}

// Whole days between the account's first and the post; nothing when either is unknown.
std::optional<int64_t> account_age_days(const Post& post) {
  constexpr int64_t kDayMs = 24LL * 60 * 60 * 1000;
  if (post.author_created_at_ms <= 0 || post.created_at_ms < post.author_created_at_ms) return std::nullopt;
  return (post.created_at_ms - post.author_created_at_ms) / kDayMs;
}

// What stands before names on their platforms.
std::string_view without_sign(Column column, std::string_view name) {
  if ((column == Column::kTo || column == Column::kRetweetsOf) && name.starts_with('@')) name.remove_prefix(1);
  if (column == Column::kSubreddit && name.starts_with("/")) name.remove_prefix(1);
  if (column == Column::kSubreddit && (name.starts_with("r/") || name.starts_with("R/"))) name.remove_prefix(2);
  return name;
}

std::string_view value_of(Column column, const Post& post) {
  switch (column) {
    case Column::kPlatform:
      return post.platform;
    case Column::kConversation:
      return post.conversation_id;
    case Column::kInReplyTo:
      return post.in_reply_to;
    case Column::kRepostOf:
      return post.repost_of;
    case Column::kQuoteOf:
      return post.quote_of;
    case Column::kTo:
      return post.in_reply_to_handle;
    case Column::kRetweetsOf:
      return post.repost_of_handle;
    case Column::kSubreddit:
      return post.subreddit;
    case Column::kCountry:
      return post.country;
    default:
      return {};
  }
}

bool is_id(Column column) {
  return column == Column::kConversation || column == Column::kInReplyTo || column == Column::kRepostOf ||
         column == Column::kQuoteOf;
}

}  // namespace

std::span<const std::string_view> condition_fields() {
  return kFieldNames;
}

Result<Condition> parse_condition(std::string_view field, std::string_view value) {
  const auto* found = std::find_if(kFields.begin(), kFields.end(), [&](const Field& f) { return f.name == field; });
  if (found == kFields.end()) return invalid(fmt::format("unknown field '{}:'", field));
  if (value.empty()) return invalid(fmt::format("expected a value right after '{}:'", field));
  Condition condition;
  condition.column = found->column;
  if (is_number(condition.column)) return parse_range(std::move(condition), value);
  switch (condition.column) {
    case Column::kHas:
      return parse_choice(std::move(condition), value, kHas);
    case Column::kIs:
      return parse_choice(std::move(condition), value, kIs);
    case Column::kSentiment:
      return parse_choice(std::move(condition), value, kSentiments);
    case Column::kSample:
      return parse_sample(std::move(condition), value);
    default:
      break;
  }
  value = without_sign(condition.column, value);
  if (value.empty()) return invalid(fmt::format("expected a name right after '{}:'", field));
  if (is_id(condition.column)) {
    condition.text = value;
  } else {
    append_lowered(condition.text, value);
  }
  if (condition.column == Column::kCountry && !is_country_code(condition.text)) {
    return invalid(fmt::format("expected a country's two letters such as country:GB, found 'country:{}'", value));
  }
  if (condition.column == Column::kDomain && !is_domain(condition.text)) {
    return invalid(
        fmt::format("expected a name such as domain:example.com, found 'domain:{}'; url: finds any part of a "
                    "link",
                    value));
  }
  return condition;
}

Result<Condition> parse_condition(std::string_view term) {
  const size_t colon = term.find(':');
  return parse_condition(term.substr(0, colon), term.substr(colon + 1));
}

bool is_by_value(Column column) {
  switch (column) {
    case Column::kPlatform:
    case Column::kTo:
    case Column::kRetweetsOf:
    case Column::kSubreddit:
    case Column::kCountry:
      return true;
    default:
      return is_id(column);
  }
}

bool is_kind_of_post(const Condition& condition) {
  return condition.column == Column::kIs && condition.choice < kIsVerified;
}

void read_value(Column column, const Post& post, std::string& out) {
  out.clear();
  const std::string_view value = without_sign(column, value_of(column, post));
  if (is_id(column)) {
    out = value;
  } else {
    append_lowered(out, value);
  }
}

bool holds(const Condition& condition, const Post& post) {
  const auto is_in_range = [&](int64_t number) { return condition.min <= number && number <= condition.max; };
  const auto any_url = [&](auto test) { return std::any_of(post.urls.begin(), post.urls.end(), test); };
  if (is_by_value(condition.column)) {
    const std::string_view value = without_sign(condition.column, value_of(condition.column, post));
    if (is_id(condition.column)) return value == condition.text;
    return std::equal(value.begin(), value.end(), condition.text.begin(), condition.text.end(), is_same);
  }
  switch (condition.column) {
    case Column::kUrl:
      return any_url([&](std::string_view url) { return contains(url, condition.text); });
    case Column::kDomain:
      return any_url([&](std::string_view url) { return is_in_domain(host_of(url), condition.text); });
    case Column::kFollowers:
      return is_in_range(post.followers);
    case Column::kLikes:
      return is_in_range(post.likes);
    case Column::kReposts:
      return is_in_range(post.reposts);
    case Column::kReplies:
      return is_in_range(post.replies);
    case Column::kViews:
      return is_in_range(post.views);
    case Column::kAccountAgeDays: {
      const auto days = account_age_days(post);
      return days && is_in_range(*days);
    }
    case Column::kHas:
      return has(static_cast<Has>(condition.choice), post);
    case Column::kIs:
      return is(condition.choice, post);
    default:
      break;
  }
  constexpr uint64_t kPercent = 100;
  return hash_64(post.id) % kPercent < static_cast<uint64_t>(condition.max);
}

double estimate_frequency(const Condition& condition) {
  constexpr double kId = 1e-6;
  constexpr double kUrl = 0.01;
  constexpr double kOther = 0.5;
  switch (condition.column) {
    case Column::kConversation:
    case Column::kInReplyTo:
    case Column::kRepostOf:
    case Column::kQuoteOf:
    case Column::kTo:
    case Column::kRetweetsOf:
      return kId;
    case Column::kSubreddit:
    case Column::kUrl:
    case Column::kDomain:
      return kUrl;
    case Column::kSample:
      return static_cast<double>(condition.max) / 100;
    default:
      return kOther;
  }
}

}  // namespace earshot::match
