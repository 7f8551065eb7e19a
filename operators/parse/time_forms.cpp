#include "operators/parse/time_forms.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/time/timestamp.h"

namespace earshot::parse {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n\f";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kWhiteSpace), text.size()));
  return text.substr(0, text.find_last_not_of(kWhiteSpace) + 1);
}

std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const std::string_view word = text.substr(0, text.find_first_of(kWhiteSpace));
  text.remove_prefix(word.size());
  return word;
}

// Brings ISO 8601 into the one form that RFC 3339 takes; empty when it has another shape.
std::string rfc3339_of_iso8601(std::string_view text) {
  const size_t digits = static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  std::string date;
  if (digits == 4 && text.size() >= 10) {
    date = text.substr(0, 10);
    text.remove_prefix(10);
  } else if (digits == 8 || digits == 14) {
    date = std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" + std::string(text.substr(6, 2));
    text.remove_prefix(8);
  } else {
    return {};
  }
  if (text.empty()) return date + "T00:00:00Z";
  if (text.front() == 'T' || text.front() == 't' || text.front() == ' ') text.remove_prefix(1);
  const size_t clock_size = std::min(text.find_first_of("Zz+- "), text.size());
  std::string clock(text.substr(0, clock_size));
  std::string offset(trimmed(text.substr(clock_size)));
  const bool is_basic = clock.size() >= 4 && std::all_of(clock.begin(), clock.begin() + 4, is_digit);
  if (is_basic) clock.insert(2, ":");
  if (is_basic && clock.size() >= 7) clock.insert(5, ":");
  if (clock.size() == 5) clock += ":00";
  if (offset.empty() || offset == "UTC" || offset == "GMT") offset = "Z";
  if (offset.size() == 3) offset += ":00";
  return date + "T" + clock + offset;
}

struct MonthName {
  std::string_view start;
  int month;
};

// How the months begin in English, German, French, Italian, Portuguese and Spanish; the longer ones first.
constexpr std::array<MonthName, 39> kMonths{
    {{"juin", 6}, {"juil", 7}, {"märz", 3}, {"févr", 2}, {"août", 8}, {"jan", 1},  {"ene", 1},  {"gen", 1},
     {"feb", 2},  {"fev", 2},  {"fév", 2},  {"mar", 3},  {"mär", 3},  {"mrz", 3},  {"apr", 4},  {"abr", 4},
     {"avr", 4},  {"may", 5},  {"mai", 5},  {"mag", 5},  {"jun", 6},  {"giu", 6},  {"jul", 7},  {"lug", 7},
     {"aug", 8},  {"ago", 8},  {"aoû", 8},  {"sep", 9},  {"set", 9},  {"oct", 10}, {"okt", 10}, {"out", 10},
     {"ott", 10}, {"nov", 11}, {"dec", 12}, {"dez", 12}, {"dic", 12}, {"déc", 12}, {"jui", 6}}};

int month_of(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto* found = std::find_if(kMonths.begin(), kMonths.end(),
                                   [&lower](const MonthName& month) { return lower.starts_with(month.start); });
  return found == kMonths.end() ? 0 : found->month;
}

// The zones that RFC 822 names.
std::string_view offset_of_zone(std::string_view zone) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kZones{{{"GMT", "Z"},
                                                                                  {"UT", "Z"},
                                                                                  {"UTC", "Z"},
                                                                                  {"", "Z"},
                                                                                  {"EST", "-05:00"},
                                                                                  {"EDT", "-04:00"},
                                                                                  {"CST", "-06:00"},
                                                                                  {"CDT", "-05:00"},
                                                                                  {"MST", "-07:00"},
                                                                                  {"MDT", "-06:00"},
                                                                                  {"PST", "-08:00"},
                                                                                  {"PDT", "-07:00"}}};
  for (const auto& [name, offset] : kZones) {
    if (zone == name) return offset;
  }
  return zone;
}

std::string two_digits(std::string_view number) {
  return (number.size() == 1 ? "0" : "") + std::string(number);
}

// Years of two digits are those of RFC 2822.
std::string four_digits(std::string_view year) {
  if (year.size() != 2) return std::string(year);
  return (year[0] < '5' ? "20" : "19") + std::string(year);
}

std::optional<int64_t> parse_rfc822_ms(std::string_view text) {
  std::string_view day = take_word(text);
  if (!day.empty() && !is_digit(day.front())) {
    const size_t comma = day.find(',');
    const bool is_joined = comma != std::string_view::npos && comma + 1 < day.size();  // "Sun,01 Mar 2026"
    day = is_joined ? day.substr(comma + 1) : take_word(text);
  }
  const int month = month_of(take_word(text));
  const std::string year = four_digits(take_word(text));
  std::string clock(take_word(text));
  const std::string_view zone = take_word(text);
  if (day.empty() || day.size() > 2 || month == 0 || year.size() != 4) return std::nullopt;
  if (clock.find(':') == 1) clock.insert(0, "0");
  if (clock.size() == 5) clock += ":00";
  if (clock.empty()) clock = "00:00:00";
  return parse_rfc3339_ms(year + "-" + two_digits(std::to_string(month)) + "-" + two_digits(day) + "T" + clock +
                          std::string(offset_of_zone(zone)));
}

}  // namespace

std::optional<int64_t> parse_any_time_ms(std::string_view text) {
  constexpr size_t kLongestTime = 64;
  text = trimmed(text);
  if (text.empty() || text.size() > kLongestTime) return std::nullopt;
  if (const auto time_ms = parse_rfc3339_ms(text)) return time_ms;
  if (const auto time_ms = parse_rfc3339_ms(rfc3339_of_iso8601(text))) return time_ms;
  if (const auto time_ms = parse_twitter_time_ms(text)) return time_ms;
  return parse_rfc822_ms(text);
}

int64_t epoch_to_ms(int64_t number) {
  constexpr int64_t kMostSeconds = 100'000'000'000;
  constexpr int64_t kThousand = 1000;
  const int64_t size = number < 0 ? -(number + 1) : number;
  if (size < kMostSeconds) return number * kThousand;
  if (size < kMostSeconds * kThousand) return number;
  if (size < kMostSeconds * kThousand * kThousand) return number / kThousand;
  return number / (kThousand * kThousand);
}

}  // namespace earshot::parse
