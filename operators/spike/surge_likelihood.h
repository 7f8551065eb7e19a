// SurgeLikelihood: how much likelier a surge makes a listener's last blocks than chance does, for counts that chance
// alone spreads so far that no single window of them stands out.
//
// Cumulative sums (Page, Continuous inspection schemes, Biometrika 1954) of the log-likelihood ratio of a surge to the
// rate expected, negative-binomial with the same dispersion, one for each factor that a surge may have. For blocks that
// are independent of each other no other rule finds a surge of that factor sooner at the same number of false alarms
// (Lorden, Procedures for reacting to a change in distribution, Annals of Mathematical Statistics 1971; Moustakides,
// Optimal stopping times for detecting changes in distributions, Annals of Statistics 1986), and how often chance
// reaches h falls with exp(-h). Bursts of blocks that are not independent go on: their listener's own tail is longer
// than that, and what the sums say of it is not believed.
// Constant memory and time. One thread at a time.
#pragma once

#include <array>
#include <cstdint>

#include "operators/spike/tail.h"
#include "schemas/proto/state_detect.pb.h"

namespace earshot::spike {

struct LikelihoodOptions {
  int64_t block_ms = 300'000;
  double ratio_max = 20;        // of a sum: it must have come down by the time that the next surge may alert
  double mean_excess_max = 2;   // of the own tail, in multiples of what independent blocks have
  double own_tail_weeks = 0.4;  // seen before a sum is believed
  TailOptions tail{.threshold = 4,
                   .excess_max = 16,
                   .prior_episodes = 10,
                   .prior_weeks = 1,
                   .prior_mean_excess = 1,
                   .mean_excess_min = 1};
};

// A block of mentions as chance has it: mean and dispersion, the uncertainty of the mean included.
struct BlockChance {
  double mean = 0;
  double dispersion = 0;
};

// Logarithm of how much likelier `count` is at `factor` times the mean.
double log_likelihood_ratio(double count, const BlockChance& block, double factor);

class SurgeLikelihood {
 public:
  explicit SurgeLikelihood(const LikelihoodOptions& options) : options_(options), tail_(options.tail) {}

  // The highest sum were `count` the whole of the block that goes on.
  [[nodiscard]] double judge(double count, const BlockChance& block) const;

  // A block has ended at `end_ms`. Of a young listener the tail learns nothing: what is expected of it is a guess.
  void close_block(int64_t end_ms, double count, const BlockChance& block, bool is_young);

  // `blocks` blocks without a mention, the last of which ends at `end_ms`.
  void pass_quiet_blocks(int64_t end_ms, int64_t blocks, const BlockChance& block);

  // The own tail is known and no longer than that of independent blocks.
  [[nodiscard]] bool is_believed() const;

  // Episodes a week that reach the sum `ratio` of the listener's own accord.
  [[nodiscard]] double episodes_per_week(double ratio) const { return tail_.episodes_per_week(ratio); }

  void save(wire::DetectorState& out) const;
  void restore(const wire::DetectorState& state);

 private:
  // Every factor between is found nearly as soon by one of them.
  static constexpr std::array<double, 2> kFactors{2, 5};
  using Sums = std::array<double, kFactors.size()>;

  // The sums were `count` the next block.
  [[nodiscard]] Sums sums_with(double count, const BlockChance& block) const;

  LikelihoodOptions options_;
  Tail tail_;
  Sums sums_{};
};

}  // namespace earshot::spike
