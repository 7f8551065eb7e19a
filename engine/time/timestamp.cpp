#include "engine/time/timestamp.h"

#include <array>
#include <chrono>

namespace earshot {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads fixed-width fields from the front of a text; any misfit makes ok() false for good.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  int digits(size_t count) {
    int number = 0;
    if (text_.size() < count) return fail();
    for (size_t i = 0; i < count; ++i) {
      if (!is_digit(text_[i])) return fail();
      number = number * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return number;
  }
  bool skip(char wanted) {
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!skip(wanted)) fail();
  }
  // Reads one of twelve or seven three-letter names; its index.
  template <size_t N>
  int name(const std::array<std::string_view, N>& names) {
    for (size_t i = 0; i < N; ++i) {
      if (text_.starts_with(names[i])) {
        text_.remove_prefix(names[i].size());
        return static_cast<int>(i);
      }
    }
    return fail();
  }
  int fraction_ms() {
    int value = 0;
    int scale = 100;
    if (text_.empty() || !is_digit(text_.front())) return fail();
    while (!text_.empty() && is_digit(text_.front())) {
      value += (text_.front() - '0') * scale;
      scale /= 10;
      text_.remove_prefix(1);
    }
    return value;
  }
  // "Z", "z", "+hh:mm", "-hhmm": minutes east of UTC.
  int offset_minutes() {
    if (skip('Z') || skip('z')) return 0;
    const int sign = skip('+') ? 1 : skip('-') ? -1 : fail();
    const int hours = digits(2);
    skip(':');
    const int minutes = digits(2);
    if (hours > 23 || minutes > 59) return fail();
    return sign * (hours * 60 + minutes);
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool done() const { return ok_ && text_.empty(); }

 private:
  int fail() {
    ok_ = false;
    text_ = {};
    return 0;
  }
  std::string_view text_;
  bool ok_ = true;
};

struct Civil {
  int year, month, day, hour, minute, second, millisecond, offset_minutes;
};

std::optional<int64_t> to_ms(const Civil& c) {
  const std::chrono::year_month_day date{std::chrono::year{c.year}, std::chrono::month{static_cast<unsigned>(c.month)},
                                         std::chrono::day{static_cast<unsigned>(c.day)}};
  if (!date.ok() || c.hour > 23 || c.minute > 59 || c.second > 60) return std::nullopt;
  const int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  const int64_t minutes = days * 1440 + c.hour * 60 + c.minute - c.offset_minutes;
  return (minutes * 60 + c.second) * 1000 + c.millisecond;
}

char* write_padded(char* at, unsigned number, size_t width) {
  for (size_t i = width; i-- > 0; number /= 10) at[i] = static_cast<char>('0' + number % 10);
  return at + width;
}

}  // namespace

std::optional<int64_t> parse_rfc3339_ms(std::string_view text) {
  Reader in(text);
  Civil c{};
  c.year = in.digits(4);
  in.expect('-');
  c.month = in.digits(2);
  in.expect('-');
  c.day = in.digits(2);
  if (!in.skip('T') && !in.skip('t')) in.expect(' ');
  c.hour = in.digits(2);
  in.expect(':');
  c.minute = in.digits(2);
  in.expect(':');
  c.second = in.digits(2);
  if (in.skip('.')) c.millisecond = in.fraction_ms();
  c.offset_minutes = in.offset_minutes();
  if (!in.done()) return std::nullopt;
  return to_ms(c);
}

std::optional<int64_t> parse_twitter_time_ms(std::string_view text) {
  static constexpr std::array<std::string_view, 7> days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  Reader in(text);
  Civil c{};
  in.name(days);
  in.expect(' ');
  c.month = in.name(months) + 1;
  in.expect(' ');
  c.day = in.digits(2);
  in.expect(' ');
  c.hour = in.digits(2);
  in.expect(':');
  c.minute = in.digits(2);
  in.expect(':');
  c.second = in.digits(2);
  in.expect(' ');
  c.offset_minutes = in.offset_minutes();
  in.expect(' ');
  c.year = in.digits(4);
  if (!in.done()) return std::nullopt;
  return to_ms(c);
}

char* write_rfc3339(char* at, int64_t time_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds{time_ms}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  const auto write = [&at](auto number, size_t width, char behind) {
    at = write_padded(at, static_cast<unsigned>(number), width);
    *at++ = behind;
  };
  write(static_cast<int>(date.year()), 4, '-');
  write(static_cast<unsigned>(date.month()), 2, '-');
  write(static_cast<unsigned>(date.day()), 2, 'T');
  write(clock.hours().count(), 2, ':');
  write(clock.minutes().count(), 2, ':');
  write(clock.seconds().count(), 2, '.');
  write(clock.subseconds().count(), 3, 'Z');
  return at;
}

void append_rfc3339(std::string& out, int64_t time_ms) {
  std::array<char, kRfc3339Bytes> text;
  write_rfc3339(text.data(), time_ms);
  out.append(text.data(), text.size());
}

std::string format_rfc3339(int64_t time_ms) {
  std::string out;
  out.reserve(24);
  append_rfc3339(out, time_ms);
  return out;
}

}  // namespace earshot
