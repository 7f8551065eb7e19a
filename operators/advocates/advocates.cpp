#include "operators/advocates/advocates.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>

#include "engine/base/json_writer.h"
#include "engine/time/timestamp.h"

namespace earshot::advocates {
namespace {

namespace dom = simdjson::dom;

constexpr int64_t kDayMs = 86'400'000;
constexpr std::string_view kClockKey = "t-advocates";

bool speaks_well(TriageClass kind) {
  return kind == TriageClass::kPraise || kind == TriageClass::kAdvocate;
}

bool speaks_ill(TriageClass kind) {
  return kind == TriageClass::kComplaint || kind == TriageClass::kChurnThreat || kind == TriageClass::kRager ||
         kind == TriageClass::kMisinformation;
}

int64_t day_of(int64_t time_ms) {
  return time_ms - time_ms % kDayMs;
}

std::string state_key(const std::tuple<std::string, std::string, std::string>& key) {
  std::string bytes = "a";
  const auto add = [&](const std::string& part) { bytes += std::to_string(part.size()) + ":" + part; };
  add(std::get<0>(key));
  add(std::get<1>(key));
  add(std::get<2>(key));
  return bytes;
}

// Counts in millionths: a whole number reads back as it was written.
constexpr double kMillion = 1e6;
int64_t millionths(double posts) {
  return std::llround(posts * kMillion);
}

std::string state_value(const Author& author, bool is_to_judge) {
  std::string value;
  JsonWriter json(value);
  json.begin_object().member("v", 1).member("listener", author.listener).member("platform", author.platform);
  json.member("id", author.id).member("handle", author.handle).member("good_e6", millionths(author.good));
  json.member("ill_e6", millionths(author.ill)).member("followers", author.followers).member("last_ms", author.last_ms);
  json.member("told", static_cast<int64_t>(author.told)).key("is_to_judge").boolean(is_to_judge).end_object();
  return value;
}

bool read_state_value(dom::parser& parser, std::string_view value, Author& out, bool& is_to_judge) {
  dom::element root;
  if (parser.parse(value.data(), value.size()).get(root) != simdjson::SUCCESS) return false;
  const auto text = [&](const char* name, std::string& into) {
    std::string_view read;
    const bool is_there = root[name].get(read) == simdjson::SUCCESS;
    into = read;
    return is_there;
  };
  const auto number = [&](const char* name, int64_t& into) { return root[name].get(into) == simdjson::SUCCESS; };
  int64_t version = 0;
  int64_t good = 0;
  int64_t ill = 0;
  int64_t told = 0;
  const bool is_read = number("v", version) && version == 1 && text("listener", out.listener) &&
                       text("platform", out.platform) && text("id", out.id) && text("handle", out.handle) &&
                       number("good_e6", good) && number("ill_e6", ill) && number("followers", out.followers) &&
                       number("last_ms", out.last_ms) && number("told", told) && told >= 0 && told <= 2 &&
                       root["is_to_judge"].get(is_to_judge) == simdjson::SUCCESS;
  out.good = static_cast<double>(good) / kMillion;
  out.ill = static_cast<double>(ill) / kMillion;
  out.told = static_cast<Standing>(told);
  return is_read;
}

}  // namespace

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::kNone:
      return "none";
    case Standing::kAdvocate:
      return "advocate";
    case Standing::kDetractor:
      return "detractor";
  }
  return "none";
}

void append_standing_change_json(std::string& out, const StandingChange& change) {
  const Author& author = change.author;
  JsonWriter json(out);
  json.begin_object().member("listener", author.listener);
  json.member("day", format_rfc3339(change.day_ms)).member("standing", to_string(change.standing));
  json.member("before", to_string(change.before)).key("author").begin_object();
  json.member("platform", author.platform).member("id", author.id).member_if("handle", author.handle).end_object();
  json.key("good").decimal(author.good, 2).key("ill").decimal(author.ill, 2);
  json.member("reach", author.followers).member("last_post_at", format_rfc3339(author.last_ms)).end_object();
}

Result<void> Advocates::restore() {
  Result<void> outcome;
  dom::parser parser;
  auto scanned = store_.scan("a", [&](std::string_view stored_key, std::string_view value) {
    Author author;
    bool is_to_judge = false;
    if (!read_state_value(parser, value, author, is_to_judge)) {
      outcome = Error{ErrorCode::kCorrupt, "an author's standing is not a record of version 1",
                      "key '" + std::string(stored_key) + "'"};
      return false;
    }
    const Key key{author.listener, author.platform, author.id};
    if (is_to_judge) to_judge_.insert(key);
    by_last_.emplace(author.last_ms, key);
    authors_.emplace(key, std::move(author));
    return true;
  });
  if (!scanned) return scanned;
  if (!outcome) return outcome;
  const auto clock = store_.get(kClockKey);
  if (!clock) return clock.error();
  if (*clock) day_ms_ = parse_rfc3339_ms(**clock).value_or(0);
  return {};
}

Result<AuthorHistory> Advocates::apply(const Engagement& engagement, const Emit& emit) {
  if (auto ended = end_days_before(engagement.created_at_ms, emit); !ended) return ended.error();
  const std::string& id = engagement.author_id.empty() ? engagement.author_handle : engagement.author_id;
  const bool is_good = speaks_well(engagement.kind);
  const bool is_ill = speaks_ill(engagement.kind);
  if (engagement.is_answer || engagement.is_retraction || id.empty()) return AuthorHistory();
  const Key key{engagement.listener, engagement.platform, id};
  if (!is_good && !is_ill) return history_of(key, engagement.created_at_ms);
  const auto [found, is_new] = authors_.try_emplace(key);
  Author& author = found->second;
  if (is_new) {
    author.listener = engagement.listener;
    author.platform = engagement.platform;
    author.id = id;
  } else {
    by_last_.erase({author.last_ms, key});
  }
  decay(author, engagement.created_at_ms);
  const AuthorHistory before{author.good, author.ill};
  author.good += is_good ? 1 : 0;
  author.ill += is_ill ? 1 : 0;
  // So that a restart, which reads millionths, goes on with the same numbers.
  author.good = static_cast<double>(millionths(author.good)) / kMillion;
  author.ill = static_cast<double>(millionths(author.ill)) / kMillion;
  author.handle = engagement.author_handle;
  author.followers = engagement.followers;
  by_last_.emplace(author.last_ms, key);
  dirty_.insert(key);
  to_judge_.insert(key);
  forget_the_silent();
  return before;
}

AuthorHistory Advocates::history_of(const Key& key, int64_t time_ms) const {
  const auto found = authors_.find(key);
  if (found == authors_.end()) return {};
  Author author = found->second;
  decay(author, time_ms);
  return {author.good, author.ill};
}

void Advocates::decay(Author& author, int64_t to_ms) const {
  if (to_ms <= author.last_ms) return;
  if (author.last_ms > 0) {
    const double factor =
        std::exp2(-static_cast<double>(to_ms - author.last_ms) / static_cast<double>(options_.half_life_ms));
    author.good *= factor;
    author.ill *= factor;
  }
  author.last_ms = to_ms;
}

Standing Advocates::standing_of(const Author& author) const {
  const double all = author.good + author.ill;
  if (author.good >= options_.posts_min && author.good >= options_.share_min * all) return Standing::kAdvocate;
  if (author.ill >= options_.posts_min && author.ill >= options_.share_min * all) return Standing::kDetractor;
  return Standing::kNone;
}

Result<void> Advocates::end_days_before(int64_t time_ms, const Emit& emit) {
  const int64_t day_ms = day_of(time_ms);
  if (day_ms <= day_ms_) return {};
  for (const Key& key : to_judge_) {
    Author& author = authors_.at(key);
    const Standing standing = standing_of(author);
    dirty_.insert(key);
    if (standing == author.told) continue;
    const Standing before = std::exchange(author.told, standing);
    if (auto told = emit({author, standing, before, day_ms_}); !told) return told;
  }
  to_judge_.clear();
  day_ms_ = day_ms;
  store_.put(kClockKey, format_rfc3339(day_ms_));
  return {};
}

void Advocates::forget_the_silent() {
  while (authors_.size() > options_.authors_max) {
    const Key key = by_last_.begin()->second;
    by_last_.erase(by_last_.begin());
    authors_.erase(key);
    dirty_.erase(key);
    to_judge_.erase(key);
    store_.erase(state_key(key));
  }
}

void Advocates::checkpoint() {
  for (const Key& key : dirty_) store_.put(state_key(key), state_value(authors_.at(key), to_judge_.contains(key)));
  dirty_.clear();
}

}  // namespace earshot::advocates
