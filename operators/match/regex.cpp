#include "operators/match/regex.h"

#include <fmt/format.h>
#include <hs.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <vector>

namespace earshot::match {
namespace {

constexpr uint32_t kAnyCharacterStates = 9;
constexpr uint32_t kOtherCharacterStates = 4;  // outside ASCII, in its cases
constexpr uint32_t kPropertyStates = 250;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads an expression as far as its size depends on it; what is wrong otherwise is Hyperscan's to say.
class SizeEstimate {
 public:
  explicit SizeEstimate(std::string_view expression) : text_(expression) {}

  Result<uint32_t> run() {
    while (at_ < text_.size()) {
      if (auto read = step(); !read) return read.error();
      if (total_ > kRegexSizeMax) return too_large();
    }
    return total_;
  }

 private:
  static Error too_large() {
    return invalid(
        "the regex would take too long to compile: its repeats, dots and classes multiply; use fewer or shorter "
        "repeats, or split it into several");
  }

  Result<void> step() {
    const char c = text_[at_];
    switch (c) {
      case '(':
        return open();
      case ')':
        close();
        return {};
      case '{':
        return repeat();
      case '[':
        return character_class();
      case '\\':
        return escape();
      case '.':
        add(kAnyCharacterStates, 1);
        return {};
      case '*':
      case '+':
      case '?':
      case '|':
      case '^':
      case '$':
        ++at_;
        return {};
      default:
        break;
    }
    if ((c & 0x80) == 0) {
      add(1, 1);
      return {};
    }
    size_t bytes = 1;
    while (at_ + bytes < text_.size() && (text_[at_ + bytes] & 0xC0) == 0x80) ++bytes;
    add(kOtherCharacterStates, bytes);
    return {};
  }

  void add(uint32_t states, size_t bytes) {
    last_ = states;
    total_ += states;
    at_ += bytes;
  }

  Result<void> open() {
    const std::string_view rest = text_.substr(at_ + 1);
    if (rest.starts_with("*")) return invalid("'(*' has no meaning in a query's regex; write the flags after its '/'");
    if (rest.starts_with("?#")) return invalid("a regex has no comments; remove '(?#…)'");
    if (rest.starts_with("?")) {
      const size_t letters = std::min(rest.find_first_of(":)", 1), rest.size());
      if (rest.substr(1, letters - 1).find_first_not_of("ims-") != std::string_view::npos &&
          rest.substr(1).find_first_of("<P=!") != 0) {
        return invalid(fmt::format("'({}' is not known; of flags there are i, m and s", rest.substr(0, letters)));
      }
      if (letters < rest.size() && rest[letters] == ')') {  // flags alone
        at_ += letters + 2;
        return {};
      }
    }
    if (groups_.size() == kRegexNestingMax) {
      return invalid(fmt::format("the regex nests deeper than {} parentheses", kRegexNestingMax));
    }
    groups_.push_back(total_);
    ++at_;
    return {};
  }

  void close() {
    ++at_;
    if (groups_.empty()) return;
    last_ = total_ - groups_.back();
    groups_.pop_back();
  }

  // "{n}", "{n,}" or "{n,m}" after an element; anything else in braces is text.
  Result<void> repeat() {
    const size_t end = text_.find('}', at_);
    const std::string_view inside = text_.substr(at_ + 1, end == std::string_view::npos ? 0 : end - at_ - 1);
    const auto is_bound = [](char c) { return is_digit(c) || c == ','; };
    if (inside.empty() || !is_digit(inside.front()) || !std::all_of(inside.begin(), inside.end(), is_bound)) {
      add(1, 1);
      return {};
    }
    uint32_t most = 0;
    for (size_t at = 0; at < inside.size();) {
      uint32_t bound = 0;
      const auto [stop, failure] = std::from_chars(inside.data() + at, inside.data() + inside.size(), bound);
      if (failure == std::errc::result_out_of_range || bound > kRegexRepeatMax) {
        return invalid(
            fmt::format("'{}' repeats more than {} times, which is slow to search for; write a smaller bound, "
                        "or '*' and '+' for any number",
                        text_.substr(at_, end - at_ + 1), kRegexRepeatMax));
      }
      most = std::max(most, bound);
      at = static_cast<size_t>(stop - inside.data()) + 1;
    }
    at_ = end + 1;
    const uint32_t once = last_;
    last_ = once * std::max<uint32_t>(most, 1);
    total_ += last_ - once;
    return {};
  }

  Result<void> escape() {
    if (at_ + 1 >= text_.size()) {
      ++at_;
      return {};
    }
    const char c = text_[at_ + 1];
    if (c == 'Q' || c == 'E') return invalid("'\\Q' has no meaning in a query's regex; write '\\' before each sign");
    add(states_of_escape(c), 2);
    if ((c == 'p' || c == 'P' || c == 'x') && at_ < text_.size() && text_[at_] == '{') skip_past('}');
    return {};
  }

  static uint32_t states_of_escape(char c) {
    if (c == 'p' || c == 'P') return kPropertyStates;
    return std::string_view("DWSNRXHV").find(c) != std::string_view::npos ? kAnyCharacterStates : 1;
  }

  void skip_past(char sign) {
    const size_t found = text_.find(sign, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + 1;
  }

  Result<void> character_class() {
    ++at_;
    uint32_t states = 1;
    if (at_ < text_.size() && text_[at_] == '^') {
      states = kAnyCharacterStates;
      ++at_;
    }
    for (bool is_first = true; at_ < text_.size() && (text_[at_] != ']' || is_first); is_first = false) {
      const char c = text_[at_];
      if (c == '[' && at_ + 1 < text_.size() && text_[at_ + 1] == ':') {
        skip_past(']');
        continue;
      }
      if (c == '\\' && at_ + 1 < text_.size()) {
        const uint32_t before = total_;
        if (auto read = escape(); !read) return read;
        states = std::max(states, total_ - before);
        total_ = before;
        continue;
      }
      if ((c & 0x80) != 0) states = std::max(states, kOtherCharacterStates);
      ++at_;
    }
    add(states, at_ < text_.size() ? 1 : 0);
    return {};
  }

  std::string_view text_;
  size_t at_ = 0;
  uint32_t total_ = 0;
  uint32_t last_ = 0;             // states of the element that a repeat would repeat
  std::vector<uint32_t> groups_;  // total_ before each group that is open
};

Result<uint32_t> flags_of(std::string_view letters) {
  uint32_t flags = HS_FLAG_UTF8 | HS_FLAG_CASELESS;
  for (const char letter : letters) {
    switch (letter) {
      case 'i':
        break;
      case 'c':
        flags &= ~static_cast<uint32_t>(HS_FLAG_CASELESS);
        break;
      case 's':
        flags |= HS_FLAG_DOTALL;
        break;
      case 'm':
        flags |= HS_FLAG_MULTILINE;
        break;
      default:
        return invalid(fmt::format(
            "'{}' after a regex is not known: the flags are i, c, s and m; text with '/' in it belongs in quotes",
            letter));
    }
  }
  return flags;
}

}  // namespace

Result<uint32_t> estimate_size(std::string_view expression) {
  return SizeEstimate(expression).run();
}

Result<Regex> parse_regex(std::string_view expression, std::string_view flags) {
  if (expression.empty()) return invalid("expected a regex between '/' and '/', as in /out(age|ed)/");
  if (expression.size() > kRegexBytesMax) {
    return invalid(fmt::format("the regex has {} bytes; the most is {}. Split it into several", expression.size(),
                               kRegexBytesMax));
  }
  const auto hyperscan_flags = flags_of(flags);
  if (!hyperscan_flags) return hyperscan_flags.error();
  const auto size = estimate_size(expression);
  if (!size) return size.error();
  Regex regex{.hyperscan_flags = *hyperscan_flags, .size = *size};
  for (size_t at = 0; at < expression.size(); ++at) {
    if (expression.substr(at).starts_with("\\/")) ++at;
    regex.expression += expression[at];
  }
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_expression_info(regex.expression.c_str(), regex.hyperscan_flags, &info, &error) != HS_SUCCESS) {
    const std::string reason = error != nullptr ? error->message : "no reason given";
    hs_free_compile_error(error);
    return invalid(fmt::format("Hyperscan, which searches for regexes, refuses this one: {}", reason));
  }
  const bool matches_nothing_at_all = info->min_width == 0;
  regex.match_bytes_max = info->max_width;
  free(info);  // NOLINT: Hyperscan's default allocator is malloc
  if (matches_nothing_at_all) {
    return invalid("the regex can match nothing at all, and so every post; ask for at least one character");
  }
  return regex;
}

Result<Regex> parse_regex(std::string_view term) {
  const size_t slash = term.find('/');
  return parse_regex(term.substr(slash + 1), term.substr(0, slash));
}

}  // namespace earshot::match
