#include "ops/import/brandwatch_fields.h"

#include <fmt/format.h>
#include <unicode/uloc.h>

#include <algorithm>
#include <array>
#include <string>

namespace earshot::import {
namespace {

struct Field {
  std::string_view name;
  std::string_view ours;  // empty when there is none
  std::string_view note;  // why there is none, or in what ours differs
};

constexpr std::string_view kNoLocation = "of a place ours knows its name (place:) and its country (country:)";
constexpr std::string_view kNoFigure = "this figure of Brandwatch's is not known of a post here";

constexpr auto kFields = std::to_array<Field>({
    {"author", "from", ""},
    {"language", "lang", ""},
    {"subreddit", "subreddit", ""},
    {"links", "url", ""},
    {"title", "", "a title is part of the text here: look for the words themselves"},
    {"url", "", "the address of the post itself cannot be asked for; url: of ours is of the links in it"},
    {"continent", "", kNoLocation},
    {"region", "", kNoLocation},
    {"city", "", kNoLocation},
    {"latitude", "", kNoLocation},
    {"longitude", "", kNoLocation},
    {"authorgender", "", "what an author is, is not guessed here"},
    {"authorprofession", "", "what an author is, is not guessed here"},
    {"authorinterest", "", "what an author is, is not guessed here"},
    {"authoraccounttype", "", "what an author is, is not guessed here"},
    {"rating", "", "ratings of reviews are not known here"},
    {"impact", "", kNoFigure},
    {"reach", "", kNoFigure},
    {"impressions", "", kNoFigure},
    {"monthlyvisitors", "", kNoFigure},
    {"minuteofday", "", "the time of day cannot be asked for"},
    {"imagetype", "", "images are not looked into"},
    {"entity", "", "entities are not looked up"},
    {"guid", "", "a post cannot be asked for by Brandwatch's number"},
});

struct Site {
  std::string_view domain;
  std::string_view platform;
};
constexpr auto kSites = std::to_array<Site>({{"twitter.com", "x"},
                                             {"x.com", "x"},
                                             {"reddit.com", "reddit"},
                                             {"bsky.app", "bluesky"},
                                             {"mastodon.social", "mastodon"},
                                             {"youtube.com", "youtube"}});

std::string lowered(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return small;
}

// ISO 3166-1: "gbr" as "GB"; what has two letters stays. Empty when no country has it.
std::string two_letter_country(std::string_view code) {
  std::string capitals(code);
  for (char& c : capitals) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  for (const char* const* known = uloc_getISOCountries(); *known != nullptr; ++known) {
    const std::string locale = std::string("und_") + *known;
    if (capitals == *known || capitals == uloc_getISO3Country(locale.c_str())) return *known;
  }
  return {};
}

// "10 TO *" as "10..".
Result<std::string> range(std::string_view value) {
  constexpr std::string_view kTo = " TO ";
  const size_t to = value.find(kTo);
  if (to == std::string_view::npos) return invalid("expected a range such as [100 TO 5000]");
  const auto end = [](std::string_view text) { return text == "*" ? std::string_view() : text; };
  return fmt::format("{}..{}", end(value.substr(0, to)), end(value.substr(to + kTo.size())));
}

Clause write_country(TermWriter& writer, size_t begin, std::string_view value) {
  const std::string country = two_letter_country(value);
  if (country.empty()) return writer.refuse(begin, "country:", fmt::format("no country has the code '{}'", value));
  return writer.write(begin, "country:", field("country", country));
}

Clause write_site(TermWriter& writer, size_t begin, std::string_view value) {
  const auto site = std::ranges::find(kSites, value, &Site::domain);
  if (site != kSites.end()) return writer.write(begin, "site:", field("platform", site->platform));
  return writer.refuse(
      begin, "site:", "of where a post stands ours knows the platform (platform:), and this one is none that it reads");
}

Clause write_engagement(TermWriter& writer, size_t begin, std::string_view value) {
  const std::string kind = lowered(value);
  if (kind == "retweet") return writer.write(begin, "engagementType:", std::string("is:repost"));
  if (kind == "reply" || kind == "quote") return writer.write(begin, "engagementType:", "is:" + kind);
  return writer.refuse(begin, "engagementType:", "ours knows reposts, replies and quotes (is:)");
}

Clause write_range(TermWriter& writer, size_t begin, std::string_view ours, std::string_view name,
                   std::string_view value) {
  const auto both = range(value);
  if (!both) return writer.refuse(begin, name, both.error().message);
  return writer.write(begin, name, field(ours, *both));
}

Clause write_flag(TermWriter& writer, size_t begin, std::string_view name, std::string_view ours,
                  std::string_view value) {
  const std::string truth = lowered(value);
  if (truth != "true" && truth != "false") return writer.refuse(begin, name, "expected true or false");
  Clause clause = writer.write(begin, name, std::string(ours));
  return truth == "true" ? std::move(clause) : negation(std::move(clause));
}

Clause write_sentiment(TermWriter& writer, size_t begin, std::string_view value) {
  writer.differs(begin, "sentiment:", "as earshot's own model feels, not Brandwatch's");
  return writer.write(begin, "sentiment:", field("sentiment", value));
}

Clause write_raw(TermWriter& writer, size_t begin, std::string_view value) {
  if (is_plain_word(value)) return writer.write(begin, "raw:", fmt::format("{{{}}}", value));
  return writer.write(begin, "raw:", verbatim(value));
}

}  // namespace

Clause write_brandwatch_field(TermWriter& writer, size_t begin, std::string_view name, std::string_view value) {
  if (name == "country") return write_country(writer, begin, value);
  if (name == "site") return write_site(writer, begin, lowered(value));
  if (name == "engagementtype") return write_engagement(writer, begin, value);
  if (name == "authorfollowers") return write_range(writer, begin, "followers", "authorFollowers:", value);
  if (name == "authorverified") return write_flag(writer, begin, "authorVerified:", "is:verified", value);
  if (name == "sensitivecontent") return write_flag(writer, begin, "sensitiveContent:", "is:sensitive", value);
  if (name == "at_mentions") return writer.write(begin, "at_mentions:", mention(value));
  if (name == "hashtags") return writer.write(begin, "hashtags:", fmt::format("#{}", value));
  if (name == "raw") return write_raw(writer, begin, value);
  if (name == "sentiment") return write_sentiment(writer, begin, lowered(value));
  const std::string operation = fmt::format("{}:", name);
  const auto found = std::ranges::find(kFields, name, &Field::name);
  if (found == kFields.end()) return writer.refuse(begin, operation, "ours has nothing that means this field");
  if (found->ours.empty()) return writer.refuse(begin, operation, std::string(found->note));
  if (!found->note.empty()) writer.differs(begin, operation, std::string(found->note));
  return writer.write(begin, operation, field(found->ours, value));
}

}  // namespace earshot::import
