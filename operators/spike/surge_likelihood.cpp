#include "operators/spike/surge_likelihood.h"

#include <algorithm>
#include <cmath>

namespace earshot::spike {

double log_likelihood_ratio(double count, const BlockChance& block, double factor) {
  constexpr double kPoissonBelow = 1e-4;  // dispersion under which the limit is as good
  if (block.dispersion < kPoissonBelow) return count * std::log(factor) - (factor - 1) * block.mean;
  const double shape = 1 / block.dispersion;
  const double spread = std::log((block.mean + shape) / (factor * block.mean + shape));
  return count * (std::log(factor) + spread) + shape * spread;
}

SurgeLikelihood::Sums SurgeLikelihood::sums_with(double count, const BlockChance& block) const {
  Sums sums = sums_;
  for (size_t i = 0; i < kFactors.size(); ++i) {
    sums[i] = std::clamp(sums[i] + log_likelihood_ratio(count, block, kFactors[i]), 0.0, options_.ratio_max);
  }
  return sums;
}

double SurgeLikelihood::judge(double count, const BlockChance& block) const {
  return std::ranges::max(sums_with(count, block));
}

void SurgeLikelihood::close_block(int64_t end_ms, double count, const BlockChance& block, bool is_young) {
  sums_ = sums_with(count, block);
  if (is_young) return;
  tail_.observe(end_ms, static_cast<double>(options_.block_ms), std::ranges::max(sums_));
}

void SurgeLikelihood::pass_quiet_blocks(int64_t end_ms, int64_t blocks, const BlockChance& block) {
  const auto passed = static_cast<double>(blocks);
  for (size_t i = 0; i < kFactors.size(); ++i) {
    sums_[i] = std::max(0.0, sums_[i] + passed * log_likelihood_ratio(0, block, kFactors[i]));
  }
  tail_.observe(end_ms, passed * static_cast<double>(options_.block_ms), 0);
}

bool SurgeLikelihood::is_believed() const {
  return tail_.weeks() >= options_.own_tail_weeks &&
         tail_.mean_excess() <= options_.mean_excess_max * options_.tail.prior_mean_excess;
}

void SurgeLikelihood::save(wire::DetectorState& out) const {
  out.mutable_likelihood_sums()->Add(sums_.begin(), sums_.end());
  tail_.save(*out.mutable_likelihood_tail());
}

void SurgeLikelihood::restore(const wire::DetectorState& state) {
  // A version that had no such sums, or other factors: they start anew and are not believed before their tail is known.
  if (static_cast<size_t>(state.likelihood_sums_size()) != sums_.size()) return;
  std::copy(state.likelihood_sums().begin(), state.likelihood_sums().end(), sums_.begin());
  tail_.restore(state.likelihood_tail());
}

}  // namespace earshot::spike
