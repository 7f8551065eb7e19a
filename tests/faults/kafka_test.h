// KafkaFaultTest: a scenario on the Kafka that EARSHOT_TEST_KAFKA names; skipped without one.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "tests/faults/cluster_run.h"

namespace earshot::faults {

class KafkaFaultTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* servers = std::getenv("EARSHOT_TEST_KAFKA");
    if (servers == nullptr) GTEST_SKIP() << "no broker; start one and set EARSHOT_TEST_KAFKA, as ops/test.sh does";
    run_ = std::make_unique<ClusterRun>(servers);
  }

  std::unique_ptr<ClusterRun> run_;
};

}  // namespace earshot::faults
