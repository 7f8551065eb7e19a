// Rounds as Python's round() does: to the nearest decimal, a tie of the exact binary value to the even digit.
#pragma once

#include <cmath>

namespace earshot::sentiment {

// Precondition: |value| <= 1 and `scale` is a power of ten up to 10^4, so that every multiple of 1 / scale is exact in
// steps.
inline double round_to_decimal(double value, double scale) {
  const double product = value * scale;
  // Adding and taking away 1.5 * 2^52 rounds to even, as nearbyint() does, without a call.
  constexpr double kWholeNumbersOnly = 6755399441055744.0;
  double steps = (product + kWholeNumbersOnly) - kWholeNumbersOnly;
  // The product itself was rounded; near a tie its error decides.
  if (std::abs(std::abs(product - steps) - 0.5) < 1e-9) {
    const double floor = std::floor(product);
    const double beyond_tie = (product - floor - 0.5) + std::fma(value, scale, -product);
    if (beyond_tie != 0) steps = beyond_tie > 0 ? floor + 1 : floor;
  }
  return steps / scale + 0.0;  // never -0
}

}  // namespace earshot::sentiment
