#include "ops/generator/script.h"

#include <cmath>

namespace earshot::generator {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kDayMs = 24 * 60 * kMinuteMs;
constexpr int64_t kLaunchMinute = 10 * 60;
constexpr int64_t kOutageMinute = 14 * 60 + 10;
constexpr int64_t kBreachAfterMinutes = 30;
constexpr int64_t kRecoveryAfterMinutes = 75;
constexpr int64_t kCrisisMinutes = 140;

// Of all posts, those that speak of a brand.
constexpr double kBrandShare = 0.4;

CoursePoint at(int64_t minute, double level) {
  return {minute * kMinuteMs, std::llround(level * 65536)};
}

// With the usual talk going on, the outage brings the hot brand to fifteen times its usual rate within five minutes.
std::vector<CoursePoint> outage_course() {
  return {at(0, 0), at(1, 2), at(5, 14), at(20, 13), at(45, 8), at(80, 4), at(110, 1.5), at(kCrisisMinutes, 0)};
}
std::vector<CoursePoint> breach_course() {
  return {at(0, 0), at(3, 6), at(9, 18), at(25, 16), at(45, 9), at(75, 3), at(kCrisisMinutes - kBreachAfterMinutes, 0)};
}
std::vector<CoursePoint> recovery_course() {
  return {at(0, 0), at(15, 2), at(60, 1.5), at(120, 0)};
}
std::vector<CoursePoint> launch_course() {
  return {at(0, 0), at(10, 5), at(30, 4), at(70, 1.5), at(120, 0)};
}

int64_t course_level_e16(const std::vector<CoursePoint>& course, int64_t after_ms) {
  for (size_t i = 1; i < course.size(); ++i) {
    const CoursePoint& from = course[i - 1];
    const CoursePoint& to = course[i];
    if (after_ms < from.after_ms || after_ms >= to.after_ms) continue;
    return from.level_e16 +
           (to.level_e16 - from.level_e16) * (after_ms - from.after_ms) / (to.after_ms - from.after_ms);
  }
  return 0;
}

// The last time at that minute of a UTC day from which `needed_ms` are left before the end.
int64_t last_time_at(int64_t minute, int64_t end_ms, int64_t needed_ms) {
  int64_t time_ms = (end_ms / kDayMs) * kDayMs + minute * kMinuteMs;
  while (time_ms + needed_ms > end_ms) time_ms -= kDayMs;
  return time_ms;
}

Stream event(Theme theme, size_t brand, uint64_t brand_rate_e16, int64_t start_ms, std::vector<CoursePoint> course) {
  return {theme, brand, brand_rate_e16, start_ms, std::move(course), 280, 60};
}

}  // namespace

std::string_view to_string(Theme theme) {
  switch (theme) {
    case Theme::kChat:
      return "chat";
    case Theme::kBrandTalk:
      return "brand_talk";
    case Theme::kLaunch:
      return "launch";
    case Theme::kOutage:
      return "outage";
    case Theme::kBreach:
      return "breach";
    case Theme::kRecovery:
      return "recovery";
  }
  return "chat";
}

EventTimes event_times(int64_t start_ms, int64_t duration_ms) {
  EventTimes times;
  const int64_t end_ms = start_ms + duration_ms;
  times.outage_ms = last_time_at(kOutageMinute, end_ms, kCrisisMinutes * kMinuteMs);
  times.launch_ms = times.outage_ms - (kOutageMinute - kLaunchMinute) * kMinuteMs;
  if (times.launch_ms < start_ms) {
    times.outage_ms = start_ms + duration_ms * 59 / 100;
    times.launch_ms = start_ms + duration_ms * 40 / 100;
  }
  times.breach_ms = times.outage_ms + kBreachAfterMinutes * kMinuteMs;
  times.recovery_ms = times.outage_ms + kRecoveryAfterMinutes * kMinuteMs;
  times.end_ms = times.outage_ms + kCrisisMinutes * kMinuteMs;
  return times;
}

std::vector<Stream> write_script(double posts_per_second, const EventTimes* events) {
  const double all_e16 = posts_per_second * 65536;
  std::vector<Stream> streams;
  streams.push_back({Theme::kChat, kHotBrand, static_cast<uint64_t>(all_e16 * (1 - kBrandShare)), 0, {}, 120, 10});
  double zipf_sum = 0;
  for (size_t rank = 1; rank <= brands().size(); ++rank) zipf_sum += 1.0 / static_cast<double>(rank);
  std::vector<uint64_t> brand_rates_e16;
  for (size_t rank = 1; rank <= brands().size(); ++rank) {
    const double share = kBrandShare / zipf_sum / static_cast<double>(rank);
    brand_rates_e16.push_back(static_cast<uint64_t>(all_e16 * share));
    streams.push_back({Theme::kBrandTalk, rank - 1, brand_rates_e16.back(), 0, {}, 120, 20});
  }
  if (events == nullptr) return streams;
  const uint64_t hot_e16 = brand_rates_e16[kHotBrand];
  streams.push_back(
      event(Theme::kLaunch, kLaunchBrand, brand_rates_e16[kLaunchBrand], events->launch_ms, launch_course()));
  streams.push_back(event(Theme::kOutage, kHotBrand, hot_e16, events->outage_ms, outage_course()));
  streams.push_back(event(Theme::kBreach, kHotBrand, hot_e16, events->breach_ms, breach_course()));
  streams.push_back(event(Theme::kRecovery, kHotBrand, hot_e16, events->recovery_ms, recovery_course()));
  return streams;
}

LanguageMix language_mix(int64_t time_ms) {
  LanguageMix mix;
  uint64_t sum = 0;
  for (size_t i = 0; i < languages().size(); ++i) {
    const Language& language = languages()[i];
    mix.weights[i] = language.share * (language_rhythm_e16(language, time_ms) >> 6);
    sum += mix.weights[i];
  }
  mix.level_e16 = (sum << 6) / 1000;
  return mix;
}

uint64_t rate_e16(const Stream& stream, int64_t time_ms, const LanguageMix& mix) {
  const uint64_t usual_e16 = stream.mean_rate_e16 * mix.level_e16 >> 16;
  if (stream.course.empty()) return usual_e16;
  return usual_e16 * static_cast<uint64_t>(course_level_e16(stream.course, time_ms - stream.start_ms)) >> 16;
}

}  // namespace earshot::generator
