// Dispersion: how much burstier than Poisson a count is. A count with mean m and dispersion d has variance m + d m²
// (negative binomial); d is the ratio of two decayed sums (method of moments), so it needs constant memory and time.
#pragma once

#include <cstdint>

namespace earshot::baseline {

// Plain values, so that a state record can hold them.
struct DispersionState {
  double excess = 0;        // decayed sum of (count - mean)² - mean, each bounded
  double mean_squares = 0;  // decayed sum of mean²
};

class Dispersion {
 public:
  Dispersion(double memory_samples, double prior, double prior_samples)
      : keep_(1.0 - 1.0 / memory_samples), prior_(prior), prior_samples_(prior_samples) {}

  // A count far above what the dispersion allows teaches only as much as the bound of `deviations_max` standard
  // deviations.
  void learn(DispersionState& state, double count, double mean, double deviations_max) const;

  // The same as `samples` calls of learn() with a count of zero, in closed form.
  void learn_zeros(DispersionState& state, double mean, double samples) const;

  [[nodiscard]] double estimate(const DispersionState& state, double mean) const;

  // For a listener of whom little is known: `prior` in place of the usual one, and as many samples behind it as it
  // takes for counts of this mean to say as much. Small counts say little of their dispersion.
  [[nodiscard]] double estimate_young(const DispersionState& state, double mean, double prior) const;

 private:
  double keep_;
  double prior_;
  double prior_samples_;
};

}  // namespace earshot::baseline
