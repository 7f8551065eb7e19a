#include "bench/spikes/nab_score.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace earshot::bench {
namespace {

// 1 far before the window's end, 0 at it, -1 far behind; positions are in window lengths after the end.
double scaled_sigmoid(double position) {
  if (position > 3.0) return -1.0;
  return 2.0 / (1.0 + std::exp(5.0 * position)) - 1.0;
}

// Reward or cost of a detection at each row that counts, best threshold first.
struct Row {
  double score;
  double value;   // reward inside a window, cost outside
  size_t window;  // number over all series, or kOutside
};
constexpr size_t kOutside = std::numeric_limits<size_t>::max();

void append_rows(const ScoredSeries& series, size_t first_window, const CostProfile& profile, std::vector<Row>& rows) {
  size_t next = 0;
  for (size_t i = 0; i < series.scores.size(); ++i) {
    while (next < series.windows.size() && series.windows[next].last < i) ++next;
    if (i < probation_rows(series.scores.size())) continue;
    const bool is_inside = next < series.windows.size() && series.windows[next].first <= i;
    if (is_inside) {
      const LabelledWindow& window = series.windows[next];
      const auto length = static_cast<double>(window.last - window.first + 1);
      const double position = -static_cast<double>(window.last - i + 1) / length;
      rows.push_back({series.scores[i], profile.true_positive * scaled_sigmoid(position) / scaled_sigmoid(-1.0),
                      first_window + next});
      continue;
    }
    double position = std::numeric_limits<double>::infinity();
    if (next > 0) {
      const LabelledWindow& before = series.windows[next - 1];
      position = static_cast<double>(i - before.last) / static_cast<double>(before.last - before.first);
    }
    rows.push_back({series.scores[i], profile.false_positive * scaled_sigmoid(position), kOutside});
  }
}

struct Field {
  std::vector<Row> rows;  // by falling score
  size_t windows = 0;
};

Field lay_out(std::span<const ScoredSeries> series, const CostProfile& profile) {
  Field field;
  for (const ScoredSeries& one : series) {
    append_rows(one, field.windows, profile, field.rows);
    field.windows += one.windows.size();
  }
  std::stable_sort(field.rows.begin(), field.rows.end(), [](const Row& a, const Row& b) { return a.score > b.score; });
  return field;
}

// Takes the rows in one by one, the best scored first.
class Tally {
 public:
  Tally(size_t windows, const CostProfile& profile) : profile_(profile), rewards_(windows, kMissed) {}

  void take(const Row& row) {
    if (row.window == kOutside) {
      ++outside_;
      costs_ += row.value;
    } else {
      found_ += rewards_[row.window] == kMissed;
      rewards_[row.window] = std::max(rewards_[row.window], row.value);
    }
  }

  [[nodiscard]] NabScore score(double threshold) const {
    double raw = costs_;
    for (const double reward : rewards_) raw += reward == kMissed ? -profile_.false_negative : reward;
    const auto windows = static_cast<double>(rewards_.size());
    const double silent = -profile_.false_negative * windows;
    const double perfect = profile_.true_positive * windows;
    return {100 * (raw - silent) / (perfect - silent), threshold, found_, static_cast<int>(rewards_.size()), outside_};
  }

 private:
  static constexpr double kMissed = -std::numeric_limits<double>::infinity();
  CostProfile profile_;
  std::vector<double> rewards_;
  double costs_ = 0;
  int found_ = 0;
  int outside_ = 0;
};

}  // namespace

size_t probation_rows(size_t rows) {
  constexpr double kShare = 0.15;
  constexpr size_t kRowsMax = 750;
  return std::min(static_cast<size_t>(kShare * static_cast<double>(rows)), kRowsMax);
}

NabScore score_at(std::span<const ScoredSeries> series, double threshold, const CostProfile& profile) {
  const Field field = lay_out(series, profile);
  Tally tally(field.windows, profile);
  for (const Row& row : field.rows) {
    if (row.score >= threshold) tally.take(row);
  }
  return tally.score(threshold);
}

EpisodeCount count_episodes(std::span<const ScoredSeries> series, int level, size_t gap_rows, double rows_per_day) {
  EpisodeCount count;
  for (const ScoredSeries& one : series) {
    std::vector<bool> found(one.windows.size());
    const size_t first = probation_rows(one.levels.size());
    size_t quiet_until = 0;
    for (size_t i = first; i < one.levels.size(); ++i) {
      if (one.levels[i] < level) continue;
      const auto window = std::ranges::find_if(
          one.windows, [&](const LabelledWindow& labelled) { return labelled.first <= i && i <= labelled.last; });
      if (window != one.windows.end()) {
        found[static_cast<size_t>(window - one.windows.begin())] = true;
      } else if (i >= quiet_until) {
        ++count.false_episodes;
      }
      quiet_until = i + gap_rows;
    }
    count.windows_found += static_cast<int>(std::ranges::count(found, true));
    count.windows += static_cast<int>(one.windows.size());
    count.days += static_cast<double>(one.levels.size() - first) / rows_per_day;
  }
  return count;
}

NabScore best_score(std::span<const ScoredSeries> series, const CostProfile& profile) {
  const Field field = lay_out(series, profile);
  Tally tally(field.windows, profile);
  NabScore best = tally.score(std::numeric_limits<double>::infinity());
  for (size_t i = 0; i < field.rows.size(); ++i) {
    tally.take(field.rows[i]);
    if (i + 1 < field.rows.size() && field.rows[i + 1].score == field.rows[i].score) continue;
    const NabScore here = tally.score(field.rows[i].score);
    if (here.normalised > best.normalised) best = here;
  }
  return best;
}

}  // namespace earshot::bench
