#include "operators/spike/negative_binomial.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace earshot::spike {
namespace {

constexpr double kPoissonBelow = 1e-4;  // dispersion under which the transform's limit is as good

double stabilise(double count, double dispersion) {
  constexpr double kOffset = 0.375;
  if (dispersion < kPoissonBelow) return 2 * std::sqrt(count + kOffset);
  return 2 / std::sqrt(dispersion) * std::asinh(std::sqrt(dispersion * (count + kOffset)));
}

}  // namespace

double stabilised_deviation(double count, double mean, double dispersion) {
  return stabilise(std::max(0.0, count), dispersion) - stabilise(std::max(0.0, mean), dispersion);
}

double tail_deviation(double count, double mean, double dispersion) {
  constexpr double kProbabilityMin = 1e-100;
  const double probability = std::clamp(upper_tail_probability(count, mean, dispersion), kProbabilityMin, 0.5);
  return boost::math::quantile(boost::math::complement(boost::math::normal(), probability));
}

double upper_tail_probability(double count, double mean, double dispersion) {
  if (count <= 0) return 1;
  if (mean <= 0) return 0;
  if (dispersion < kPoissonBelow) return boost::math::gamma_p(count, mean);
  const double shape = 1 / dispersion;
  return boost::math::ibeta(count, shape, mean / (mean + shape));
}

}  // namespace earshot::spike
