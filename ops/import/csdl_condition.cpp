#include "ops/import/csdl_condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "engine/config/nearest_name.h"

namespace earshot::import {
namespace {

enum class Meaning : uint8_t {
  kText,      // words of the post
  kName,      // one of some values: == and in
  kWords,     // words of another field
  kNumber,    // comparisons
  kSign,      // hashtags and mentions: `ours` is the sign
  kLink,      // a text within a link
  kFlag,      // true or false, or there or not: `ours` is the whole term
  kPlatform,  // where the post is from
};

struct Target {
  std::string_view name;
  Meaning meaning;
  std::string_view ours;
};

constexpr auto kTargets = std::to_array<Target>({
    {"interaction.content", Meaning::kText, ""},
    {"interaction.raw_content", Meaning::kText, ""},
    {"twitter.text", Meaning::kText, ""},
    {"twitter.retweet.text", Meaning::kText, ""},
    {"reddit.content", Meaning::kText, ""},
    {"youtube.content", Meaning::kText, ""},
    {"facebook.message", Meaning::kText, ""},
    {"tumblr.body", Meaning::kText, ""},
    {"interaction.type", Meaning::kPlatform, "platform"},
    {"interaction.author.username", Meaning::kName, "from"},
    {"interaction.author.id", Meaning::kName, "from"},
    {"twitter.user.screen_name", Meaning::kName, "from"},
    {"twitter.user.id", Meaning::kName, "from"},
    {"twitter.retweeted.user.screen_name", Meaning::kName, "retweets_of"},
    {"twitter.in_reply_to_screen_name", Meaning::kName, "to"},
    {"twitter.in_reply_to_status_id", Meaning::kName, "in_reply_to"},
    {"twitter.retweeted.id", Meaning::kName, "repost_of"},
    {"language.tag", Meaning::kName, "lang"},
    {"twitter.lang", Meaning::kName, "lang"},
    {"twitter.place.country_code", Meaning::kName, "country"},
    {"reddit.subreddit", Meaning::kName, "subreddit"},
    {"links.domain", Meaning::kName, "domain"},
    {"twitter.domains", Meaning::kName, "domain"},
    {"interaction.author.name", Meaning::kWords, "name"},
    {"twitter.user.name", Meaning::kWords, "name"},
    {"twitter.user.description", Meaning::kWords, "bio"},
    {"twitter.place.full_name", Meaning::kWords, "place"},
    {"twitter.place.name", Meaning::kWords, "place"},
    {"links.title", Meaning::kWords, "url_title"},
    {"links.url", Meaning::kLink, "url"},
    {"twitter.links", Meaning::kLink, "url"},
    {"interaction.link", Meaning::kLink, "url"},
    {"twitter.user.followers_count", Meaning::kNumber, "followers"},
    {"twitter.retweet.count", Meaning::kNumber, "reposts"},
    {"reddit.comment_count", Meaning::kNumber, "replies"},
    {"interaction.hashtags", Meaning::kSign, "#"},
    {"twitter.hashtags", Meaning::kSign, "#"},
    {"interaction.mentions", Meaning::kSign, "@"},
    {"twitter.mentions", Meaning::kSign, "@"},
    {"twitter.user.verified", Meaning::kFlag, "is:verified"},
    {"twitter.possibly_sensitive", Meaning::kFlag, "is:sensitive"},
    {"twitter.retweet.id", Meaning::kFlag, "is:repost"},
    {"interaction.geo", Meaning::kFlag, "has:geo"},
    {"twitter.geo", Meaning::kFlag, "has:geo"},
    {"twitter.media.type", Meaning::kFlag, "has:media"},
});

// "a, b\, c" as "a" and "b, c".
std::vector<std::string> list_of(std::string_view argument) {
  std::vector<std::string> values(1);
  for (size_t at = 0; at < argument.size(); ++at) {
    if (argument[at] == '\\' && at + 1 < argument.size() && (argument[at + 1] == ',' || argument[at + 1] == ':')) {
      values.back() += argument[++at];
    } else if (argument[at] == ',') {
      values.emplace_back();
    } else {
      values.back() += argument[at];
    }
  }
  for (std::string& value : values) {
    value.erase(0, std::min(value.find_first_not_of(" \t\r\n"), value.size()));
    value.erase(value.find_last_not_of(" \t\r\n") + 1);
  }
  std::erase(values, "");
  return values;
}

class ConditionWriter {
 public:
  ConditionWriter(TermWriter& writer, const CsdlCondition& condition) : writer_(writer), condition_(condition) {}

  Clause write() {
    const auto target = std::ranges::find(kTargets, condition_.target, &Target::name);
    if (condition_.target == "interaction.sample") return sample();
    if (target == kTargets.end()) return refuse_target();
    Clause clause = of_meaning(*target);
    const std::string_view platform = platform_of(condition_.target);
    if (platform.empty()) return clause;
    std::vector<Clause> all;
    all.push_back(writer_.write(condition_.begin, condition_.target, field("platform", platform)));
    if (target->name == "twitter.retweet.text") all.push_back(write_term(std::string("is:repost")));
    all.push_back(std::move(clause));
    return all_of(std::move(all));
  }

 private:
  Clause of_meaning(const Target& target) {
    switch (target.meaning) {
      case Meaning::kText:
        return text();
      case Meaning::kName:
      case Meaning::kPlatform:
        return name(target);
      case Meaning::kWords:
        return words(target);
      case Meaning::kNumber:
        return number(target);
      case Meaning::kSign:
        return sign(target);
      case Meaning::kLink:
        return link(target);
      case Meaning::kFlag:
        return flag(target);
    }
    return refuse();
  }

  // A condition on Twitter's own targets holds for posts of X alone.
  static std::string_view platform_of(std::string_view target) {
    constexpr auto kOwn = std::to_array<std::pair<std::string_view, std::string_view>>({{"twitter.", "x"},
                                                                                        {"reddit.", "reddit"},
                                                                                        {"youtube.", "youtube"},
                                                                                        {"facebook.", "facebook"},
                                                                                        {"tumblr.", "tumblr"}});
    for (const auto& [prefix, platform] : kOwn) {
      if (target.starts_with(prefix)) return platform;
    }
    return {};
  }

  [[nodiscard]] bool is(std::string_view one, std::string_view other = {}, std::string_view third = {}) const {
    const std::string_view operation = condition_.operation;
    return operation == one || (!other.empty() && operation == other) || (!third.empty() && operation == third);
  }

  Clause text() {
    if (is("contains", "contains_phrase", "contains_word")) return words_of_text(condition_.argument);
    if (is("contains_any", "any", "wildcard") || is("wild")) return any_of(each(&ConditionWriter::words_of_text));
    if (is("contains_all", "all")) return all_of(each(&ConditionWriter::words_of_text));
    if (is("substr")) return write_term(field("contains", condition_.argument));
    if (is("contains_near")) return nearness();
    if (is("regex_partial", "regex_exact")) return expression();
    return refuse();
  }

  // A word, a phrase, a word with wildcards, or a hashtag or mention.
  Clause words_of_text(const std::string& words) {
    const bool is_pattern = is("wildcard", "wild") && words.find_first_of("*?") != std::string::npos;
    if (is_pattern) {
      return words.find(' ') == std::string::npos ? write_term(words)
                                                  : refuse("a phrase of ours has no wildcards, only a word has");
    }
    const std::string_view rest = std::string_view(words).substr(words.empty() ? 0 : 1);
    const bool has_sign = !words.empty() && std::string_view("#@$").find(words.front()) != std::string_view::npos;
    if (has_sign && is_plain_word(rest)) return write_term(words.front() == '@' ? mention(rest) : words);
    if (!condition_.is_case_sensitive) return write_term(phrase(words));
    return write_term(is_plain_word(words) ? fmt::format("{{{}}}", words) : fmt::format("{{\"{}\"}}", words));
  }

  // "a, b:4"
  Clause nearness() {
    const size_t colon = condition_.argument.rfind(':');
    const std::string digits = colon == std::string::npos ? std::string() : condition_.argument.substr(colon + 1);
    uint32_t between = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), between);
    if (failure != std::errc() || end != digits.data() + digits.size()) return refuse("expected \"a, b:4\"");
    const auto words = list_of(std::string_view(condition_.argument).substr(0, colon));
    if (words.size() == 2) {
      auto both = near(write_term(phrase(words[0])), write_term(phrase(words[1])), between, false);
      return both ? std::move(*both) : refuse(both.error().message);
    }
    if (!std::ranges::all_of(words, is_plain_word)) return refuse("of three and more only words can stand near");
    return write_term(fmt::format("\"{}\"~{}", fmt::join(words, " "), between));
  }

  Clause expression() {
    std::string escaped;
    for (size_t at = 0; at < condition_.argument.size(); ++at) {
      const char c = condition_.argument[at];
      if (c == '\\' && at + 1 < condition_.argument.size()) {
        escaped += c;
        escaped += condition_.argument[++at];
      } else {
        if (c == '/') escaped += '\\';
        escaped += c;
      }
    }
    constexpr std::string_view kAnyCase = "(?i)";
    const bool is_any_case = escaped.starts_with(kAnyCase);
    if (is_any_case) escaped.erase(0, kAnyCase.size());
    const std::string flags = is_any_case ? "" : "c";
    return write_term(is("regex_exact") ? fmt::format("/^(?:{})$/{}", escaped, flags)
                                        : fmt::format("/{}/{}", escaped, flags));
  }

  Clause name(const Target& target) {
    const bool is_list = is("in", "contains_any", "any");
    if (!is_list && !is("==", "!=", "contains")) return refuse();
    std::vector<Clause> any;
    for (std::string value : is_list ? list_of(condition_.argument) : std::vector{condition_.argument}) {
      if (target.meaning == Meaning::kPlatform && value == "twitter") value = "x";
      any.push_back(write_term(field(target.ours, value)));
    }
    if (any.empty()) return refuse("expected a value");
    Clause clause = any_of(std::move(any));
    return is("!=") ? negation(std::move(clause)) : std::move(clause);
  }

  Clause words(const Target& target) {
    const auto one = [&](const std::string& value) { return write_term(field(target.ours, value)); };
    if (is("contains")) return one(condition_.argument);
    if (!is("contains_any", "any", "contains_all") && !is("all")) return refuse();
    std::vector<Clause> clauses;
    for (const std::string& value : list_of(condition_.argument)) clauses.push_back(one(value));
    if (clauses.empty()) return refuse("expected a value");
    return is("contains_all", "all") ? all_of(std::move(clauses)) : any_of(std::move(clauses));
  }

  Clause number(const Target& target) {
    int64_t value = 0;
    const std::string& digits = condition_.argument;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    constexpr int64_t kNumberMax = int64_t{1} << 53;
    if (failure != std::errc() || end != digits.data() + digits.size() || value < 0 || value > kNumberMax) {
      return refuse("expected a whole number");
    }
    const auto range = [&](int64_t low, int64_t high) { return fmt::format("{}:{}..{}", target.ours, low, high); };
    if (is(">=")) return write_term(fmt::format("{}:{}..", target.ours, value));
    if (is(">")) return write_term(fmt::format("{}:{}..", target.ours, value + 1));
    if (is("<=")) return write_term(range(0, value));
    if (is("<")) return value == 0 ? refuse("nothing is below 0") : write_term(range(0, value - 1));
    if (is("==")) return write_term(range(value, value));
    if (is("!=")) return negation(write_term(range(value, value)));
    return refuse();
  }

  Clause sign(const Target& target) {
    if (is("exists")) return write_term(std::string(target.ours == "#" ? "has:hashtags" : "has:mentions"));
    const bool is_list = is("in", "contains_any", "any");
    if (!is_list && !is("==", "contains")) return refuse();
    std::vector<Clause> any;
    for (const std::string& value : is_list ? list_of(condition_.argument) : std::vector{condition_.argument}) {
      const bool has_sign = value.starts_with(target.ours);
      if (target.ours == "@") {
        any.push_back(write_term(mention(value)));
      } else {
        any.push_back(write_term(has_sign ? value : std::string(target.ours) + value));
      }
    }
    if (any.empty()) return refuse("expected a value");
    return any_of(std::move(any));
  }

  Clause link(const Target& target) {
    if (is("exists")) return write_term(std::string("has:links"));
    if (is("substr", "contains")) return write_term(field(target.ours, condition_.argument));
    if (!is("contains_any", "any", "url_in")) return refuse();
    if (is("url_in")) writer_.differs(condition_.begin, "url_in", "ours finds the text anywhere in a link");
    std::vector<Clause> any;
    for (const std::string& value : list_of(condition_.argument)) any.push_back(write_term(field(target.ours, value)));
    if (any.empty()) return refuse("expected a value");
    return any_of(std::move(any));
  }

  Clause flag(const Target& target) {
    const std::string& value = condition_.argument;
    const bool is_true = is("exists") || value == "1" || value == "true";
    if (!is("exists", "==", "!=") || (!is_true && value != "0" && value != "false")) return refuse();
    Clause clause = write_term(std::string(target.ours));
    return is_true != is("!=") ? std::move(clause) : negation(std::move(clause));
  }

  Clause sample() {
    if (!is("<", "<=")) return refuse();
    writer_.differs(condition_.begin, condition_.target, "as many posts, but not the same ones");
    return write_term(field("sample", condition_.argument));
  }

  std::vector<Clause> each(Clause (ConditionWriter::*write_value)(const std::string&)) {
    std::vector<Clause> clauses;
    for (const std::string& value : list_of(condition_.argument)) clauses.push_back((this->*write_value)(value));
    if (clauses.empty()) clauses.push_back(refuse("expected a value"));
    return clauses;
  }

  Clause write_term(const Result<std::string>& ours) {
    return writer_.write(condition_.begin, fmt::format("{} {}", condition_.target, condition_.operation), ours);
  }

  Clause refuse_target() {
    std::vector<std::string_view> names;
    for (const Target& known : kTargets) names.push_back(known.name);
    const std::string_view nearest = nearest_name(condition_.target, names);
    const std::string hint = nearest.empty() ? "" : fmt::format("; is '{}' meant?", nearest);
    return writer_.refuse(condition_.begin, condition_.target,
                          fmt::format("ours has nothing that means the target '{}'{}", condition_.target, hint));
  }
  Clause refuse(std::string message = "ours has nothing that means this operator on this target") {
    return writer_.refuse(condition_.begin, fmt::format("{} {}", condition_.target, condition_.operation),
                          std::move(message));
  }

  TermWriter& writer_;
  const CsdlCondition& condition_;
};

}  // namespace

Clause write_csdl_condition(TermWriter& writer, const CsdlCondition& condition) {
  return ConditionWriter(writer, condition).write();
}

}  // namespace earshot::import
