#include "ops/generator/generator.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <queue>
#include <system_error>
#include <vector>

#include "ops/generator/composer.h"
#include "ops/generator/native_formats.h"
#include "schemas/post.h"

namespace earshot::generator {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kEarliestStartMs = 1'577'836'800'000;  // 2020-01-01T00:00:00Z

Result<void> check(const DayPlan& plan) {
  if (!(plan.hours > 0 && plan.hours <= 31 * 24)) return invalid("hours must be above 0 and at most 744");
  if (!(plan.posts_per_second > 0 && plan.posts_per_second <= 20'000)) {
    return invalid("the rate must be above 0 and at most 20000 posts per second");
  }
  if (plan.start_ms < kEarliestStartMs) return invalid("the start must not be before 2020-01-01T00:00:00Z");
  for (const double faults : {plan.duplicates_per_day, plan.malformed_per_day, plan.late_per_day}) {
    if (!(faults >= 0)) return invalid("the number of planted faults must not be negative");
  }
  return {};
}

int64_t arrival_delay_ms(Random& random) {
  const uint64_t luck = random.below(100);
  const uint64_t most_ms = luck < 85 ? 800 : luck < 98 ? 3'000 : kDisorderMsMax;
  return static_cast<int64_t>(random.below(most_ms + 1));
}

constexpr std::string_view kErrorPage = "<html><body><h1>502 Bad Gateway</h1></body></html>";

// Turns a good line into one that is no JSON, in one of the ways that happen: a cut connection, a proxy's error page, a
// byte that is no UTF-8.
void break_line(std::string& line, Random& random) {
  switch (random.below(4)) {
    case 0:
      line.assign(kErrorPage);
      break;
    case 1:
      line.insert(line.find("\"text\":\"") + 8, 1, '\xff');
      break;
    default:
      line.resize(line.size() * (30 + random.below(60)) / 100);
  }
}

}  // namespace

struct Generator::Day {
  Day(const DayPlan& planned, const EventTimes& times)
      : plan(planned),
        streams(write_script(planned.posts_per_second, planned.has_events ? &times : nullptr)),
        composer(streams, scramble(planned.seed)),
        random(~planned.seed),
        now_ms(planned.start_ms),
        end_ms(planned.start_ms + std::llround(planned.hours * 3'600'000)) {
    levels_e16.resize(streams.size(), 65'536);
    const double posts_per_day = plan.posts_per_second * 86'400;
    const auto odds = [posts_per_day](double per_day) {
      return static_cast<uint64_t>(std::min(per_day / posts_per_day, 1.0) * 4'294'967'295.0);
    };
    duplicate_odds = odds(plan.duplicates_per_day);
    malformed_odds = odds(plan.malformed_per_day);
    late_odds = odds(plan.late_per_day);
  }

  struct Arrival {
    int64_t time_ms;
    uint64_t sequence;
    size_t slot;
    bool operator>(const Arrival& other) const {
      return time_ms != other.time_ms ? time_ms > other.time_ms : sequence > other.sequence;
    }
  };
  struct Instant {
    int64_t time_ms;
    size_t stream;
  };

  void begin_minute();
  void make_second();
  void make_post(const Instant& instant);
  void send(const Line& line, int64_t time_ms);
  bool happens(uint64_t odds) { return random.next() >> 32 < odds; }
  void count(const Line& line);

  DayPlan plan;
  std::vector<Stream> streams;
  Composer composer;
  Random random;
  int64_t now_ms;  // everything that arrives before it is in `arrivals` or out
  int64_t end_ms;
  LanguageMix mix;
  std::vector<uint64_t> levels_e16;  // of each stream in the current five minutes: talk comes in waves
  uint64_t duplicate_odds = 0;       // in 2^32
  uint64_t malformed_odds = 0;
  uint64_t late_odds = 0;
  Draft draft;
  Line made;
  std::vector<Instant> instants;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals;
  std::vector<Line> slots;
  std::vector<size_t> free_slots;
  uint64_t sequence = 0;
  Tally tally;
};

void Generator::Day::begin_minute() {
  mix = language_mix(now_ms);
  if (now_ms / kMinuteMs % 5 != 0) return;
  for (uint64_t& level_e16 : levels_e16) level_e16 = 57'000 + random.below(17'072);
}

void Generator::Day::make_second() {
  if (now_ms % kMinuteMs < 1'000 || now_ms == plan.start_ms) begin_minute();
  const int64_t span_ms = std::min<int64_t>(1'000, end_ms - now_ms);
  instants.clear();
  for (size_t stream = 0; stream < streams.size(); ++stream) {
    const uint64_t rate = rate_e16(streams[stream], now_ms, mix) * levels_e16[stream] >> 16;
    if (rate == 0) continue;
    const uint32_t count = random.events(rate * static_cast<uint64_t>(span_ms) / 1'000);
    for (uint32_t i = 0; i < count; ++i) {
      instants.push_back({now_ms + static_cast<int64_t>(random.below(static_cast<uint64_t>(span_ms))), stream});
    }
  }
  std::stable_sort(instants.begin(), instants.end(),
                   [](const Instant& left, const Instant& right) { return left.time_ms < right.time_ms; });
  for (const Instant& instant : instants) make_post(instant);
  now_ms += span_ms;
}

void Generator::Day::make_post(const Instant& instant) {
  const Stream& stream = streams[instant.stream];
  composer.compose(draft, instant.stream, instant.time_ms, mix);
  made.text.clear();
  if (plan.format == WireFormat::kMixed) {
    append_native_json(made.text, draft);
  } else {
    append_post_json(made.text, draft.view());
  }
  made.kind = LineKind::kPost;
  made.theme = stream.theme;
  made.brand = stream.brand;
  made.created_at_ms = instant.time_ms;
  const int64_t delay_ms = arrival_delay_ms(random);
  if (happens(late_odds)) {
    made.kind = LineKind::kLate;
    send(made, instant.time_ms + (20 + static_cast<int64_t>(random.below(161))) * kMinuteMs);
    return;
  }
  send(made, instant.time_ms + delay_ms);
  if (happens(duplicate_odds)) {
    made.kind = LineKind::kDuplicate;
    const uint64_t room_ms = static_cast<uint64_t>(kDisorderMsMax - delay_ms);
    send(made, instant.time_ms + delay_ms + static_cast<int64_t>(random.below(room_ms + 1)));
  }
  if (happens(malformed_odds)) {
    made.kind = LineKind::kMalformed;
    break_line(made.text, random);
    send(made, instant.time_ms + delay_ms);
  }
}

void Generator::Day::send(const Line& line, int64_t time_ms) {
  size_t slot = slots.size();
  if (free_slots.empty()) {
    slots.emplace_back();
  } else {
    slot = free_slots.back();
    free_slots.pop_back();
  }
  slots[slot] = line;
  arrivals.push({time_ms, sequence++, slot});
}

void Generator::Day::count(const Line& line) {
  tally.bytes += line.text.size() + 1;
  switch (line.kind) {
    case LineKind::kLate:
      ++tally.late;
      [[fallthrough]];
    case LineKind::kPost:
      ++tally.posts;
      break;
    case LineKind::kDuplicate:
      ++tally.duplicates;
      break;
    case LineKind::kMalformed:
      ++tally.malformed;
      break;
  }
}

Generator::Generator(std::unique_ptr<Day> day) : day_(std::move(day)) {}
Generator::Generator(Generator&&) noexcept = default;
Generator& Generator::operator=(Generator&&) noexcept = default;
Generator::~Generator() = default;

Result<Generator> Generator::create(const DayPlan& plan) {
  if (Result<void> checked = check(plan); !checked) return checked.error();
  const EventTimes times = event_times(plan.start_ms, std::llround(plan.hours * 3'600'000));
  return Generator(std::make_unique<Day>(plan, times));
}

bool Generator::next(Line& line) {
  Day& day = *day_;
  while (day.now_ms < day.end_ms && (day.arrivals.empty() || day.arrivals.top().time_ms >= day.now_ms)) {
    day.make_second();
  }
  if (day.arrivals.empty()) return false;
  const size_t slot = day.arrivals.top().slot;
  day.arrivals.pop();
  std::swap(line, day.slots[slot]);
  day.free_slots.push_back(slot);
  day.count(line);
  return true;
}

const Tally& Generator::tally() const {
  return day_->tally;
}

}  // namespace earshot::generator
