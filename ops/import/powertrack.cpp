// Rules of Gnip's and X's PowerTrack. Source: X's and Gnip's public lists of enterprise operators
// (developer.x.com, "Enterprise operators"; support.gnip.com, "Twitter PowerTrack Operators").
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/config/nearest_name.h"
#include "ops/import/translation.h"

namespace earshot::import {
namespace {

struct Operator {
  std::string_view name;
  std::string_view ours;  // our field; empty when there is none
  std::string_view note;  // why there is none, or in what ours differs
};

constexpr std::string_view kNoLocation = "a post here has no coordinates or profile location to compare with";
constexpr std::string_view kSubstringOfUrl = "ours finds the text anywhere in a link, not only as words of it";

constexpr auto kOperators = std::to_array<Operator>({
    {"from", "from", ""},
    {"to", "to", ""},
    {"retweets_of", "retweets_of", ""},
    {"retweets_of_status_id", "repost_of", ""},
    {"retweets_of_tweet_id", "repost_of", ""},
    {"in_reply_to_status_id", "in_reply_to", ""},
    {"in_reply_to_tweet_id", "in_reply_to", ""},
    {"quotes_of_tweet_id", "quote_of", ""},
    {"conversation_id", "conversation", ""},
    {"contains", "contains", ""},
    {"bio", "bio", ""},
    {"user_bio", "bio", ""},
    {"bio_name", "name", ""},
    {"user_bio_name", "name", ""},
    {"lang", "lang", ""},
    {"twitter_lang", "lang", ""},
    {"followers_count", "followers", ""},
    {"place", "place", ""},
    {"place_country", "country", ""},
    {"country_code", "country", ""},
    {"url", "url", kSubstringOfUrl},
    {"url_contains", "url", ""},
    {"url_title", "url_title", ""},
    {"sample", "sample", "as many posts, but not the same ones"},
    {"bio_contains", "bio", ""},
    {"bio_name_contains", "name", ""},
    {"bio_lang", "", "the language that an author reads in is not known here"},
    {"bio_location", "", kNoLocation},
    {"user_bio_location", "", kNoLocation},
    {"bio_location_contains", "", kNoLocation},
    {"place_contains", "place", ""},
    {"bounding_box", "", kNoLocation},
    {"point_radius", "", kNoLocation},
    {"profile_bounding_box", "", kNoLocation},
    {"profile_point_radius", "", kNoLocation},
    {"profile_country", "", kNoLocation},
    {"profile_country_code", "", kNoLocation},
    {"profile_region", "", kNoLocation},
    {"profile_region_contains", "", kNoLocation},
    {"profile_locality", "", kNoLocation},
    {"profile_locality_contains", "", kNoLocation},
    {"profile_subregion", "", kNoLocation},
    {"profile_subregion_contains", "", kNoLocation},
    {"time_zone", "", kNoLocation},
    {"url_description", "", "the descriptions of linked pages are not known here"},
    {"friends_count", "", "how many an author follows is not known here"},
    {"following_count", "", "how many an author follows is not known here"},
    {"statuses_count", "", "how many posts an author wrote is not known here"},
    {"tweets_count", "", "how many posts an author wrote is not known here"},
    {"listed_count", "", "in how many lists an author is, is not known here"},
    {"favorites_count", "", "how many posts an author liked is not known here"},
    {"klout_score", "", "Klout ended in 2018"},
    {"klout_topic", "", "Klout ended in 2018"},
    {"klout_topic_contains", "", "Klout ended in 2018"},
    {"source", "", "the program that a post was written with is not known here"},
    {"list", "", "X's lists of accounts are not known here: name the accounts with from:"},
    {"context", "", "X's annotations are not known here"},
    {"entity", "", "X's annotations are not known here"},
    {"from_affiliate_of", "", "X's affiliations are not known here: name the accounts with from:"},
    {"to_affiliate_of", "", "X's affiliations are not known here: name the accounts with to:"},
});

struct Flag {
  std::string_view name;  // with its operator
  std::string_view ours;
};
constexpr auto kFlags = std::to_array<Flag>({{"has:links", "has:links"},
                                             {"has:media", "has:media"},
                                             {"has:images", "has:images"},
                                             {"has:videos", "has:video"},
                                             {"has:video_link", "has:video"},
                                             {"has:mentions", "has:mentions"},
                                             {"has:hashtags", "has:hashtags"},
                                             {"has:geo", "has:geo"},
                                             {"is:retweet", "is:repost"},
                                             {"is:reply", "is:reply"},
                                             {"is:quote", "is:quote"},
                                             {"is:verified", "is:verified"}});

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class PowertrackParser {
 public:
  explicit PowertrackParser(std::string_view rule) : rule_(rule) {}

  Translation translate() {
    Clause clause = alternatives();
    if (!has_failed_ && at_ < rule_.size()) fail(at_, ")", "closes nothing");
    return writer_.finish(clause);
  }

 private:
  Clause alternatives() {
    std::vector<Clause> parts;
    do {
      parts.push_back(conjunction());
    } while (!has_failed_ && take_word("OR"));
    return any_of(std::move(parts));
  }

  Clause conjunction() {
    std::vector<Clause> parts;
    while (!has_failed_ && !at_end() && rule_[at_] != ')' && !next_is("OR")) parts.push_back(factor());
    if (parts.empty()) return fail(at_, "OR", "expected a term here");
    return all_of(std::move(parts));
  }

  Clause factor() {
    constexpr int kDepthMax = 50;
    const size_t begin = at_;
    if (rule_[at_] != '-' && rule_[at_] != '(') return term_at(begin);
    if (++depth_ > kDepthMax) return fail(begin, "(", "parentheses nest too deep");
    const bool is_negated = rule_[at_++] == '-';
    if (at_end()) return fail(begin, is_negated ? "-" : "(", "nothing follows");
    Clause inner = is_negated ? factor() : alternatives();
    --depth_;
    if (is_negated) return negation(std::move(inner));
    skip_spaces();
    if (has_failed_) return inner;
    if (at_ == rule_.size() || rule_[at_] != ')') return fail(begin, "(", "is never closed");
    ++at_;
    return inner;
  }

  Clause term_at(size_t begin) {
    if (rule_[begin] == '"') return quoted(begin);
    size_t end = begin;
    while (end < rule_.size() && !is_space(rule_[end]) && rule_[end] != '(' && rule_[end] != ')' && rule_[end] != '"' &&
           rule_[end] != ':') {
      ++end;
    }
    const std::string_view word = rule_.substr(begin, end - begin);
    if (end < rule_.size() && rule_[end] == ':' && is_operator_name(word)) return operation(begin, end);
    while (end < rule_.size() && !is_space(rule_[end]) && rule_[end] != ')' && rule_[end] != '"') ++end;
    at_ = end;
    return keyword(begin, rule_.substr(begin, end - begin));
  }

  Clause keyword(size_t begin, std::string_view word) {
    if (word == "AND") return writer_.refuse(begin, "AND", "a space means AND; the word is none of the language's");
    if (word.front() == '#' || word.front() == '@' || word.front() == '$') {
      return writer_.write(begin, word.substr(0, 1), word.front() == '@' ? mention(word) : std::string(word));
    }
    if (word == "NOT") return writer_.refuse(begin, "NOT", "'-' excludes; the word is none of the language's");
    note_operator_in_small_letters(writer_, begin, word);
    auto written = phrase(word);
    if (written && written->starts_with('"')) note_punctuation(begin, word);
    return writer_.write(begin, "keyword", written);
  }

  Clause quoted(size_t begin) {
    std::string text;
    if (!read_quoted(text)) return fail(begin, "\"", "the phrase is never closed");
    if (at_ < rule_.size() && rule_[at_] == '~') {
      const size_t digits = ++at_;
      while (at_ < rule_.size() && rule_[at_] >= '0' && rule_[at_] <= '9') ++at_;
      writer_.differs(begin, "~", "words in the opposite order are here as far apart as in this one");
      return writer_.write(begin, "~", fmt::format("\"{}\"~{}", text, rule_.substr(digits, at_ - digits)));
    }
    note_punctuation(begin, text);
    return writer_.write(begin, "\"…\"", phrase(text));
  }

  // A phrase of ours has words alone; PowerTrack's also holds the signs between them.
  void note_punctuation(size_t begin, std::string_view text) {
    constexpr std::string_view kSigns = "!#$%&()*+,-./:;<=>?@[]^_`{|}~\\";
    if (text.find_first_of(kSigns) == std::string_view::npos) return;
    if (text.find('*') != std::string_view::npos) {
      writer_.differs(begin, "*",
                      fmt::format("'{}' is found without its '*': PowerTrack has no wildcards, and ours stand "
                                  "outside quotes",
                                  text));
      return;
    }
    writer_.differs(begin, "\"…\"", fmt::format("'{}' is found as words: other signs may stand between them", text));
  }

  Clause operation(size_t begin, size_t colon) {
    const std::string name = lowered(rule_.substr(begin, colon - begin));
    at_ = colon + 1;
    std::string value;
    if (!read_value(value)) return fail(begin, name + ":", "its value is never closed");
    if (name == "has" || name == "is") return flag(begin, name + ":" + lowered(value));
    const auto found = std::ranges::find(kOperators, name, &Operator::name);
    const std::string operation = name + ":";
    if (found == kOperators.end()) return writer_.refuse(begin, operation, unknown(name));
    if (found->ours.empty()) return writer_.refuse(begin, operation, std::string(found->note));
    if (found->ours == "lang" && value == "und") {
      return writer_.refuse(begin, "lang:und", "posts without a language cannot be asked for");
    }
    if (!found->note.empty()) writer_.differs(begin, operation, std::string(found->note));
    if (value.starts_with('@')) value.erase(0, 1);
    if (name.ends_with("_contains") && found->ours != "url") return part_of_word(begin, operation, found->ours, value);
    return writer_.write(begin, operation, field(found->ours, value));
  }

  // Letters within a word are a word with wildcards; those of several words are not.
  Clause part_of_word(size_t begin, std::string_view operation, std::string_view ours, std::string_view letters) {
    if (is_plain_word(letters)) return writer_.write(begin, operation, fmt::format("{}:*{}*", ours, letters));
    return writer_.refuse(begin, operation,
                          fmt::format("ours looks for parts of one word there, as in {}:*bank*", ours));
  }

  Clause flag(size_t begin, const std::string& name) {
    const auto found = std::ranges::find(kFlags, name, &Flag::name);
    if (found == kFlags.end()) return writer_.refuse(begin, name, "what it asks for is not known of a post here");
    return writer_.write(begin, name, std::string(found->ours));
  }

  static std::string unknown(std::string_view name) {
    std::vector<std::string_view> names{"has", "is"};
    for (const Operator& known : kOperators) names.push_back(known.name);
    const std::string_view nearest = nearest_name(name, names);
    return nearest.empty() ? "no operator of PowerTrack has this name"
                           : fmt::format("no operator of PowerTrack has this name; did you mean '{}:'?", nearest);
  }

  bool read_value(std::string& value) {
    if (at_ < rule_.size() && rule_[at_] == '"') return read_quoted(value);
    const size_t begin = at_;
    if (at_ < rule_.size() && rule_[at_] == '[') {
      const size_t close = rule_.find(']', at_);
      if (close == std::string_view::npos) return false;
      at_ = close + 1;
    } else {
      while (at_ < rule_.size() && !is_space(rule_[at_]) && rule_[at_] != ')') ++at_;
    }
    value = rule_.substr(begin, at_ - begin);
    return true;
  }

  bool read_quoted(std::string& text) {
    for (++at_; at_ < rule_.size() && rule_[at_] != '"'; ++at_) {
      if (rule_[at_] == '\\' && at_ + 1 < rule_.size() && rule_[at_ + 1] == '"') ++at_;
      text += rule_[at_];
    }
    return at_++ < rule_.size();
  }

  static bool is_operator_name(std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    });
  }

  static std::string lowered(std::string_view text) {
    std::string small(text);
    for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return small;
  }

  void skip_spaces() {
    while (at_ < rule_.size() && is_space(rule_[at_])) ++at_;
  }
  bool at_end() {
    skip_spaces();
    return at_ == rule_.size();
  }
  bool next_is(std::string_view word) {
    skip_spaces();
    const size_t end = at_ + word.size();
    return rule_.substr(at_).starts_with(word) && (end == rule_.size() || is_space(rule_[end]) || rule_[end] == '(');
  }
  bool take_word(std::string_view word) {
    if (!next_is(word)) return false;
    at_ += word.size();
    return true;
  }

  // What cannot be read at all ends the reading.
  Clause fail(size_t begin, std::string_view operation, std::string message) {
    if (has_failed_) return TermWriter::placeholder();
    has_failed_ = true;
    return writer_.refuse(begin, operation, std::move(message));
  }

  std::string_view rule_;
  size_t at_ = 0;
  int depth_ = 0;
  bool has_failed_ = false;
  TermWriter writer_;
};

}  // namespace

Translation translate_powertrack(std::string_view rule) {
  return PowertrackParser(rule).translate();
}

}  // namespace earshot::import
