#include "engine/config/plain_scalar.h"

#include <charconv>
#include <cmath>

namespace earshot {
namespace {

constexpr double kExactIntegerMax = 9007199254740992.0;  // 2^53

size_t count_digits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_number(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const size_t whole = count_digits(text);
  text.remove_prefix(whole);
  size_t fraction = 0;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    fraction = count_digits(text);
    text.remove_prefix(fraction);
  }
  if (whole + fraction == 0) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return !text.empty() && count_digits(text) == text.size();
}

PlainScalar parse_prefixed_integer(std::string_view digits, int base) {
  int64_t number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  const bool is_whole = !digits.empty() && digits[0] != '-' && end == digits.data() + digits.size();
  if (is_whole && fault == std::errc::result_out_of_range) return HUGE_VAL;
  if (is_whole && fault == std::errc()) return number;
  return PlainText{};
}

}  // namespace

PlainScalar resolve_plain_scalar(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (text.starts_with("0o")) return parse_prefixed_integer(text.substr(2), 8);
  if (text.starts_with("0x")) return parse_prefixed_integer(text.substr(2), 16);
  if (!is_number(text)) return PlainText{};
  if (text[0] == '+') text.remove_prefix(1);
  int64_t integer = 0;
  const char* const last = text.data() + text.size();
  if (const auto [end, fault] = std::from_chars(text.data(), last, integer); end == last && fault == std::errc()) {
    return integer;
  }
  double number = 0;
  const auto [end, fault] = std::from_chars(text.data(), last, number);
  if (fault == std::errc::result_out_of_range) {
    const size_t exponent = text.find_first_of("eE");
    const bool is_tiny = exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-');
    if (is_tiny) return int64_t{0};
    return text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
  }
  if (number == std::trunc(number) && std::abs(number) <= kExactIntegerMax) return static_cast<int64_t>(number);
  return number;
}

}  // namespace earshot
