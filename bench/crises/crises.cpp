// crises [LISTENERS [DAYS [CRISES [SEED]]]]: simulates them and prints what was planted against what was found. Fails
// when the promise is not kept.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "bench/crises/judgement.h"

int main(int argc, char** argv) {
  using namespace earshot::crises;
  WorldOptions options;
  const auto number = [&](int i, int64_t otherwise) { return argc > i ? std::atoll(argv[i]) : otherwise; };
  options.listeners = static_cast<size_t>(std::max<int64_t>(1, number(1, 1000)));
  options.days = std::max<int64_t>(2, number(2, 7));
  options.crises = static_cast<size_t>(std::max<int64_t>(0, number(3, 20)));
  options.seed = static_cast<uint64_t>(number(4, 1));
  const auto began = std::chrono::steady_clock::now();
  const World world(options);
  const SimulationOutcome outcome = simulate(world, {.threads = std::max(1U, std::thread::hardware_concurrency())});
  const Judgement judgement = judge(world, outcome);
  std::cout << to_table(world, judgement);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << outcome.mentions << " mentions, " << outcome.signals << " signals, " << took.count() << " s\n";
  return judgement.keeps_promise() ? 0 : 1;
}
