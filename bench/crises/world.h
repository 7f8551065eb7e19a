// World: listeners with daily seasons and bursts of their own, a platform's outage, and planted crises, as the partials
// that LISTEN would send of them. Everything follows from the seed; nothing here knows how crises are found.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/listener.h"
#include "schemas/proto/partial.pb.h"

namespace earshot::crises {

inline constexpr int64_t kPaneMs = 10'000;
inline constexpr int64_t kMinuteMs = 60'000;
inline constexpr int64_t kHourMs = 3'600'000;
inline constexpr int64_t kDayMs = 24 * kHourMs;
inline constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02T00:00:00Z, a Monday

enum class Shape { kSlowBurn, kFlash, kBotSwarm, kSecondWave, kAtNight, kAtOutage };
std::string_view to_string(Shape shape);

struct Crisis {
  size_t listener = 0;
  Shape shape = Shape::kFlash;
  int64_t start_ms = 0;
  int64_t end_ms = 0;
  double multiple = 10;  // of the usual rate, at the peak
  std::vector<std::string> words;
};

struct WorldOptions {
  size_t listeners = 1000;
  int64_t days = 7;
  size_t crises = 20;
  uint64_t seed = 1;
};

class World {
 public:
  explicit World(const WorldOptions& options);

  [[nodiscard]] const std::shared_ptr<const ListenerSet>& listeners() const { return set_; }
  [[nodiscard]] const std::vector<Crisis>& crises() const { return crises_; }
  [[nodiscard]] int64_t end_ms() const { return kStartMs + options_.days * kDayMs; }
  // The platform is down for an hour; then all that was held back comes within minutes.
  [[nodiscard]] int64_t outage_start_ms() const { return outage_start_ms_; }
  [[nodiscard]] int64_t outage_end_ms() const { return outage_start_ms_ + kHourMs; }

  // Mentions a pane that the listener usually has then, known to nobody but the judge.
  [[nodiscard]] double usual_rate(size_t listener, int64_t time_ms) const;
  [[nodiscard]] double burstiness(size_t listener) const { return listeners_[listener].burstiness; }
  // What the crisis adds to it.
  [[nodiscard]] double added_rate(const Crisis& crisis, int64_t time_ms) const;

 private:
  friend class ListenerFeed;
  struct SimulatedListener {
    double rate = 0.1;  // mentions a pane, on average
    double phase_hours = 0;
    double burstiness = 0.1;  // dispersion of ten minutes
    std::vector<std::string> words;
  };
  void plant(std::mt19937_64& random);
  [[nodiscard]] double outage_factor(int64_t time_ms) const;

  WorldOptions options_;
  std::shared_ptr<const ListenerSet> set_;
  std::vector<SimulatedListener> listeners_;
  std::vector<Crisis> crises_;
  int64_t outage_start_ms_ = 0;
};

// One listener's mentions, pane by pane.
class ListenerFeed {
 public:
  ListenerFeed(const World& world, size_t listener);

  // Adds the pane to `partial` when it has mentions; answers how many. Panes come in order.
  uint64_t add_pane(int64_t pane_start_ms, wire::Partial& partial);

 private:
  uint64_t draw(double mean);
  void count(wire::Counts& counts, const std::string& normalised, bool is_crisis, bool is_bot, int64_t followers);
  uint64_t reference_of(uint64_t post);
  std::string usual_text();
  std::string crisis_text(const Crisis& crisis);

  const World& world_;
  size_t listener_;
  std::vector<const Crisis*> crises_;
  std::mt19937_64 random_;
  int64_t burst_until_ms_ = 0;
  double burst_ = 1;
  uint64_t posts_ = 0;
  std::vector<uint64_t> referred_;  // posts that mentions referred to of late, each as often as they did
};

}  // namespace earshot::crises
