#include "operators/parse/canonical_walk.h"

#include <array>
#include <cstring>

#include "engine/time/timestamp.h"
#include "operators/parse/canonical_post.h"
#include "operators/parse/json_unescape.h"

namespace earshot::parse {
namespace {

constexpr bool is_white(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The places of a record, one after the other. A place is where a bracket, colon, comma, string, number or literal
// begins; what lies between the end of one and the next place is white space, else the record is not JSON.
class PlaceWalk {
 public:
  // `text` is a copy of the record that may be changed, with a NUL behind it.
  PlaceWalk(char* text, size_t bytes, const uint32_t* places, size_t count)
      : text_(text), bytes_(bytes), next_(places), end_(places + count) {}

  // The character at the next place; NUL behind the last one.
  [[nodiscard]] char peek() const { return text_[*next_]; }
  [[nodiscard]] bool is_at_end() const { return next_ == end_; }
  void skip() { ++next_; }
  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++next_;
    return true;
  }

  // A key, which a colon follows. Its escapes are not looked at: a name with a backslash in it is none that is known.
  bool take_key(std::string_view& key) {
    if (peek() != '"') return false;
    const uint32_t open = *next_++;
    if (peek() != ':') return false;
    return between_quotes(open, *next_++, key);
  }

  // A string, its escapes replaced.
  bool take_string(std::string_view& text) {
    const uint32_t open = *next_++;
    if (!between_quotes(open, *next_, text)) return false;
    return !has_escape(text) || unescape(text);
  }

  // An integer of at most 18 digits, as its digits.
  bool take_integer(std::string_view& digits) {
    const char* const start = text_ + *next_;
    const char* at = start + (*start == '-' ? 1 : 0);
    const char* const first = at;
    while (is_digit(*at)) ++at;
    constexpr std::ptrdiff_t kMostDigits = 18;
    const bool is_whole = at > first && at - first <= kMostDigits && (*first != '0' || at - start == 1);
    ++next_;
    digits = {start, static_cast<size_t>(at - start)};
    return is_whole && ends_before_next_place(at);
  }

  bool take_literal(std::string_view literal) {
    const char* const start = text_ + *next_;
    if (std::memcmp(start, literal.data(), literal.size()) != 0) return false;
    ++next_;
    return ends_before_next_place(start + literal.size());
  }

  // Any value. False too for the forms that are rare: deep nesting, numbers that may not fit.
  bool skip_value();

  // Checks the escapes of a key, which nothing has looked at yet.
  bool is_sound(std::string_view text) { return !has_escape(text) || unescape(text); }

 private:
  bool between_quotes(uint32_t open, uint32_t next_place, std::string_view& text) const {
    uint32_t close = next_place - 1;
    while (is_white(text_[close])) --close;
    text = {text_ + open + 1, close - open - 1};
    return text_[close] == '"' && close > open;
  }

  // Strings come in the order of the record, so each part of it is searched once.
  bool has_escape(std::string_view text) {
    const char* const begin = text.data();
    if (escape_ < begin) {
      const void* const found = std::memchr(begin, '\\', static_cast<size_t>(text_ + bytes_ - begin));
      escape_ = found == nullptr ? text_ + bytes_ : static_cast<const char*>(found);
    }
    return escape_ < begin + text.size();
  }
  bool unescape(std::string_view& text) {
    char* const begin = text_ + (text.data() - text_);
    const char* const end = unescape_json(begin, begin + text.size());
    if (end == nullptr) return false;
    escape_ = nullptr;  // what it pointed at has moved
    text = {begin, static_cast<size_t>(end - begin)};
    return true;
  }

  [[nodiscard]] bool ends_before_next_place(const char* at) const {
    const char* const next = text_ + *next_;
    while (at < next && is_white(*at)) ++at;
    return at == next;
  }
  bool skip_number();
  bool skip_scalar();

  char* text_;
  size_t bytes_;
  const uint32_t* next_;
  const uint32_t* end_;
  const char* escape_ = nullptr;  // the first backslash at or behind the last string looked at
};

// -?(0|[1-9][0-9]*)(\.[0-9]+)? of so few digits that it fits; exponents are left to others.
bool PlaceWalk::skip_number() {
  constexpr std::ptrdiff_t kMostDigits = 18;
  const char* at = text_ + *next_;
  if (*at == '-') ++at;
  const char* const first = at;
  while (is_digit(*at)) ++at;
  if (at == first || at - first > kMostDigits || (*first == '0' && at - first > 1)) return false;
  if (*at == '.') {
    const char* const point = at++;
    while (is_digit(*at)) ++at;
    if (at - point == 1) return false;
  }
  ++next_;
  return ends_before_next_place(at);
}

bool PlaceWalk::skip_scalar() {
  std::string_view text;
  switch (peek()) {
    case '"':
      return take_string(text);
    case 't':
      return take_literal("true");
    case 'f':
      return take_literal("false");
    case 'n':
      return take_literal("null");
    default:
      return skip_number();
  }
}

bool PlaceWalk::skip_value() {
  constexpr size_t kMostDepth = 32;
  std::array<char, kMostDepth> closers{};
  size_t depth = 0;
  std::string_view key;
  do {
    const char c = peek();
    if (c == '{' || c == '[') {
      if (depth == kMostDepth) return false;
      closers[depth++] = c == '{' ? '}' : ']';
      skip();
      if (peek() != closers[depth - 1]) {
        if (c == '{' && !(take_key(key) && is_sound(key))) return false;
        continue;
      }
    } else if (!skip_scalar()) {
      return false;
    }
    // Behind a value, or at the end of an empty container.
    while (depth > 0 && take(closers[depth - 1])) --depth;
    if (depth == 0) return true;
    if (!take(',')) return false;
    if (closers[depth - 1] == '}' && !(take_key(key) && is_sound(key))) return false;
  } while (true);
}

class WalkReader {
 public:
  WalkReader(const PlaceWalk& walk, Post& post, PostWriter& out) : walk_(walk), members_(post), out_(out) {}

  bool read() {
    return walk_.take('{') && read_members<member_of_post>() && walk_.is_at_end() && members_.is_complete();
  }

 private:
  // Behind the '{', up to and with the '}'.
  template <Member (*member_of)(std::string_view)>
  bool read_members() {
    if (walk_.take('}')) return true;
    std::string_view key;
    do {
      if (!walk_.take_key(key)) return false;
      const Member member = member_of(key);
      const bool is_text = member < Member::kFollowers && walk_.peek() == '"';
      if (is_text) {
        std::string_view text;
        if (!walk_.take_string(text)) return false;
        members_.set_text(member, text);
      } else if (member == Member::kUnread) {
        if (!walk_.is_sound(key) || !walk_.skip_value()) return false;
      } else if (!read_member(member)) {
        return false;
      }
    } while (walk_.take(','));
    return walk_.take('}');
  }

  bool read_member(Member member) {
    if (walk_.peek() == 'n') {
      members_.forget(member);
      return walk_.take_literal("null");
    }
    if (member < Member::kFollowers) return read_numeric_id(member);
    if (member < Member::kCreatedAt) return read_count(member);
    if (member < Member::kVerified) return read_time(member);
    if (member < Member::kHashtags) return read_flag(member);
    switch (member) {
      case Member::kKind:
      case Member::kChange:
        return read_word(member);
      case Member::kAuthor:
        return walk_.take('{') && read_members<member_of_author>();
      case Member::kMetrics:
        return walk_.take('{') && read_members<member_of_metrics>();
      default:
        return read_list(member);
    }
  }

  bool read_numeric_id(Member member) {
    std::string_view digits;
    if (member < Member::kId || !walk_.take_integer(digits) || digits == "-0") return false;
    members_.set_text(member, digits);
    return true;
  }

  bool read_count(Member member) {
    std::string_view digits;
    if (!walk_.take_integer(digits)) return false;
    const bool is_negative = digits.front() == '-';
    int64_t count = 0;
    for (const char digit : digits.substr(is_negative ? 1 : 0)) count = count * 10 + (digit - '0');
    return members_.set_count(member, is_negative ? -count : count);
  }

  bool read_time(Member member) {
    std::string_view text;
    if (walk_.peek() != '"' || !walk_.take_string(text)) return false;
    const auto time_ms = parse_rfc3339_ms(text);
    return time_ms && members_.set_time(member, *time_ms);
  }

  bool read_flag(Member member) {
    const bool value = walk_.peek() == 't';
    members_.set_flag(member, value);
    return walk_.take_literal(value ? "true" : "false");
  }

  bool read_word(Member member) {
    std::string_view text;
    return walk_.peek() == '"' && walk_.take_string(text) && members_.set_word(member, text);
  }

  bool read_list(Member member) {
    if (member == Member::kMedia) return read_media();
    constexpr size_t kMostItems = 32;
    members_.set_list(member, {});
    if (!walk_.take('[')) return false;
    if (walk_.take(']')) return true;
    const std::span<std::string_view> items = out_.allocate_list(kMostItems);
    size_t count = 0;
    do {
      std::string_view item;
      if (count == kMostItems || walk_.peek() != '"' || !walk_.take_string(item)) return false;
      // Tags are kept without their sign, which some collectors leave on.
      if (member == Member::kHashtags && item.starts_with('#')) item.remove_prefix(1);
      items[count++] = item;
    } while (walk_.take(','));
    out_.give_back_list(items, count);
    members_.set_list(member, items.first(count));
    return walk_.take(']');
  }

  bool read_media() {
    members_.clear_media();
    if (!walk_.take('[')) return false;
    if (walk_.take(']')) return true;
    do {
      std::string_view item;
      if (walk_.peek() != '"' || !walk_.take_string(item)) return false;
      members_.add_medium(item);
    } while (walk_.take(','));
    return walk_.take(']');
  }

  PlaceWalk walk_;
  CanonicalPost members_;
  PostWriter& out_;
};

}  // namespace

bool CanonicalWalk::read(std::string_view record, PostWriter& out) {
  if (record.size() > kMostBytes || record.empty()) return false;
  if (!stage1_) {
    const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        kMostBytes, simdjson::DEFAULT_MAX_DEPTH, stage1_);
    if (error != simdjson::SUCCESS) return false;
  }
  const auto* const bytes = reinterpret_cast<const uint8_t*>(record.data());
  if (stage1_->stage1(bytes, record.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS) return false;
  constexpr size_t kBytesBehind = 8;  // a NUL, and what a literal is compared with
  const std::span<char> copy = out.allocate_text(record.size() + kBytesBehind);
  std::memcpy(copy.data(), record.data(), record.size());
  std::memset(copy.data() + record.size(), 0, kBytesBehind);
  Post& post = out.begin_post();
  const PlaceWalk walk(copy.data(), record.size(), stage1_->structural_indexes.get(), stage1_->n_structural_indexes);
  const bool is_read = WalkReader(walk, post, out).read();
  if (is_read) tidy(post);
  out.end_post(is_read);
  if (!is_read) out.give_back_text(copy);
  return is_read;
}

}  // namespace earshot::parse
