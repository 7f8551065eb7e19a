// Negative-binomial counts: mean m, variance m + d m². At dispersion 0 they are Poisson counts.
#pragma once

namespace earshot::spike {

// Deviation of `count` from `mean` on the scale where its variance is about one whatever the mean: the inverse
// hyperbolic sine transform of Anscombe (The transformation of Poisson, binomial and negative-binomial data, Biometrika
// 1948).
double stabilised_deviation(double count, double mean, double dispersion);

// Deviation at which a normal variable is as improbable as `count` or more. Above it the stabilised one falls short,
// the more so the greater the dispersion: the transform makes the variance one, not the tail normal.
double tail_deviation(double count, double mean, double dispersion);

// Probability of `count` or more, by the exact distribution function.
double upper_tail_probability(double count, double mean, double dispersion);

}  // namespace earshot::spike
