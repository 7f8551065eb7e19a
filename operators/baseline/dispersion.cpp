#include "operators/baseline/dispersion.h"

#include <algorithm>
#include <cmath>

namespace earshot::baseline {

void Dispersion::learn(DispersionState& state, double count, double mean, double deviations_max) const {
  const double variance = mean + estimate(state, mean) * mean * mean;
  const double bound = deviations_max * std::sqrt(variance) + 1.0;
  const double deviation = std::clamp(count - mean, -bound, bound);
  state.excess = state.excess * keep_ + deviation * deviation - mean;
  state.mean_squares = state.mean_squares * keep_ + mean * mean;
}

void Dispersion::learn_zeros(DispersionState& state, double mean, double samples) const {
  const double kept = std::pow(keep_, samples);
  const double weight = (1.0 - kept) / (1.0 - keep_);
  state.excess = state.excess * kept + weight * (mean * mean - mean);
  state.mean_squares = state.mean_squares * kept + weight * mean * mean;
}

double Dispersion::estimate(const DispersionState& state, double mean) const {
  const double prior_weight = prior_samples_ * std::max(mean, 1.0) * std::max(mean, 1.0);
  const double ratio = (state.excess + prior_ * prior_weight) / (state.mean_squares + prior_weight);
  return std::clamp(ratio, 0.0, 4.0);
}

double Dispersion::estimate_young(const DispersionState& state, double mean, double prior) const {
  // The spread of dispersions from one listener to the next; that of an estimate from one count is the root of
  // 2 (1/mean + dispersion)².
  constexpr double kPriorSpread = 0.1;
  const double count = std::max(mean, 0.1);
  const double of_one = std::sqrt(2.0) * (1 / count + prior_);
  const double samples = std::max(prior_samples_, of_one * of_one / (kPriorSpread * kPriorSpread));
  const double weight = samples * count * count;
  return std::clamp((state.excess + prior * weight) / (state.mean_squares + weight), 0.0, 4.0);
}

}  // namespace earshot::baseline
