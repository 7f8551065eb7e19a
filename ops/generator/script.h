// Script: what happens on the generated day, as streams of posts whose rates change over time. A stream is either
// always there (talk about nothing, talk about a brand) or an event with a beginning, a course and an end.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ops/generator/world.h"

namespace earshot::generator {

enum class Theme : uint8_t { kChat, kBrandTalk, kLaunch, kOutage, kBreach, kRecovery };

std::string_view to_string(Theme theme);

// The course of an event: its rate as a multiple of the brand's usual rate, at times after its start, straight lines
// between.
struct CoursePoint {
  int64_t after_ms;
  int64_t level_e16;
};

struct Stream {
  Theme theme = Theme::kChat;
  size_t brand = kHotBrand;         // of every theme but kChat
  uint64_t mean_rate_e16 = 0;       // posts per second in 65536ths, the day's mean
  int64_t start_ms = 0;             // of an event
  std::vector<CoursePoint> course;  // empty: always on

  // Copies per thousand posts: word for word by one tap, and with a word changed.
  uint32_t reposts = 120;
  uint32_t near_copies = 20;
};

struct EventTimes {
  int64_t launch_ms = 0;  // 10:00 UTC: the launch brand presents a product
  int64_t outage_ms = 0;  // 14:10 UTC: the hot brand's payments fail
  int64_t breach_ms = 0;  // half an hour later: rumours of a data breach
  int64_t recovery_ms = 0;
  int64_t end_ms = 0;  // 16:30 UTC: the crisis is over
};

// The last such times that fit between start and end; a span too short for them has the launch after 40 % of its length
// and the outage after 59 %, cut off where the span ends.
EventTimes event_times(int64_t start_ms, int64_t duration_ms);

// Streams of a span in which `posts_per_second` posts are written on a day's mean, events not counted.
std::vector<Stream> write_script(double posts_per_second, const EventTimes* events);

// How much is posted at a time in each language, and in all, against a day's mean in all.
struct LanguageMix {
  std::array<uint32_t, 6> weights{};
  uint64_t level_e16 = 0;
};
LanguageMix language_mix(int64_t time_ms);

// Posts per second in 65536ths.
uint64_t rate_e16(const Stream& stream, int64_t time_ms, const LanguageMix& mix);

}  // namespace earshot::generator
