#include "operators/incident/notice_policy.h"

#include <fmt/format.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <cmath>
#include <optional>
#include <utility>

namespace earshot::incident {
namespace {

constexpr int kMinutesOfDay = 24 * 60;

std::optional<int> read_minute(std::string_view text) {
  const auto digit = [&](size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const size_t i : {0U, 1U, 3U, 4U}) {
    if (digit(i) < 0) return std::nullopt;
  }
  const int hour = digit(0) * 10 + digit(1);
  const int minute = digit(3) * 10 + digit(4);
  if (hour > 24 || minute > 59 || hour * 60 + minute > kMinutesOfDay) return std::nullopt;
  return hour * 60 + minute;
}

// "spoke=rest".
std::optional<std::pair<std::string, std::string_view>> split(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
  return std::pair(std::string(text.substr(0, equals)), text.substr(equals + 1));
}

}  // namespace

Result<QuietHours> QuietHours::parse(std::string_view text) {
  constexpr size_t kHoursBytes = 11;
  const std::string_view hours = text.substr(0, kHoursBytes);
  const auto from = hours.size() == kHoursBytes && hours[5] == '-' ? read_minute(hours.substr(0, 5)) : std::nullopt;
  const auto to = from ? read_minute(hours.substr(6)) : std::nullopt;
  if (!to || *from == *to) {
    return invalid(fmt::format("expected hours such as 22:00-07:00 Europe/Berlin, found '{}'", text));
  }
  const bool has_zone = text.size() > kHoursBytes;
  if (has_zone && text[kHoursBytes] != ' ') {
    return invalid(fmt::format("expected a space and a time zone after '{}', found '{}'", hours, text));
  }
  const std::string zone(has_zone ? text.substr(kHoursBytes + 1) : "UTC");
  QuietHours quiet;
  quiet.from_minute_ = *from;
  quiet.to_minute_ = *to;
  quiet.zone_.reset(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone)));
  if (!quiet.zone_ || *quiet.zone_ == icu::TimeZone::getUnknown()) {
    return invalid(fmt::format("no such time zone: '{}'; expected a name such as Europe/Berlin", zone));
  }
  return quiet;
}

bool QuietHours::holds(int64_t time_ms) const {
  int32_t raw_offset_ms = 0;
  int32_t summer_ms = 0;
  UErrorCode status = U_ZERO_ERROR;
  zone_->getOffset(static_cast<UDate>(time_ms), 0, raw_offset_ms, summer_ms, status);
  const int64_t local_ms = time_ms + raw_offset_ms + summer_ms;
  constexpr int64_t kDayMs = 86'400'000;
  const auto minute = static_cast<int>((local_ms % kDayMs + kDayMs) % kDayMs / 60'000);
  const bool spans_midnight = from_minute_ > to_minute_;
  return spans_midnight ? minute >= from_minute_ || minute < to_minute_ : minute >= from_minute_ && minute < to_minute_;
}

Result<NoticePolicy> NoticePolicy::make(const std::vector<std::string>& severity_floors,
                                        const std::vector<std::string>& quiet_hours, int quiet_severity) {
  NoticePolicy policy;
  policy.quiet_severity_ = quiet_severity;
  for (const std::string& text : severity_floors) {
    const auto parts = split(text);
    const bool is_level = parts && parts->second.size() == 1 && parts->second[0] >= '1' && parts->second[0] <= '5';
    if (!is_level) return invalid(fmt::format("expected SPOKE=SEVERITY, such as sales=3, found '{}'", text));
    if (!policy.floors_.emplace(parts->first, parts->second[0] - '0').second) {
      return invalid(fmt::format("the spoke '{}' has two severity floors", parts->first));
    }
  }
  for (const std::string& text : quiet_hours) {
    const auto parts = split(text);
    if (!parts) return invalid(fmt::format("expected SPOKE=HOURS, such as sales=22:00-07:00, found '{}'", text));
    auto quiet = QuietHours::parse(parts->second);
    if (!quiet) return quiet.error();
    policy.quiet_hours_.emplace(parts->first, std::move(*quiet));
  }
  return policy;
}

std::string_view NoticePolicy::silence(const std::string& spoke, int severity, int64_t time_ms) const {
  const auto floor = floors_.find(spoke);
  if (floor != floors_.end() && severity < floor->second) return "severity_floor";
  if (severity >= quiet_severity_) return {};
  const auto [begin, end] = quiet_hours_.equal_range(spoke);
  for (auto quiet = begin; quiet != end; ++quiet) {
    if (quiet->second.holds(time_ms)) return "quiet_hours";
  }
  return {};
}

}  // namespace earshot::incident
