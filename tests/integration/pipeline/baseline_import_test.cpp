// `earshot baseline import` on a local log, with the binary that users run.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

class BaselineImport : public testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(workspace_.path("posts.ndjson"));
    config_ = workspace_.configure("import", "source: {connector: file, path: posts.ndjson, follow: true}\n");
  }
  [[nodiscard]] std::string write(const std::string& rows) const {
    const auto file = workspace_.path("counts.csv");
    std::ofstream(file) << "listener,pane_start,count,negative\n" << rows;
    return file;
  }
  [[nodiscard]] Finished import(const std::string& file, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"baseline", "import", "--config", config_, file};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_earshot(arguments);
  }

  Workspace workspace_;
  std::string config_;
};

TEST_F(BaselineImport, LearnsAFileOnceAndSaysWhat) {
  const std::string name = "payvanta";
  const std::string file = write(name + ",2026-03-01T10:00:00Z,5,1\n" + name + ",2026-03-01T11:00:00Z,7,0\n");
  const auto imported = import(file, {"--every", "1h"});
  ASSERT_EQ(imported.status, 0) << imported.err;
  EXPECT_EQ(imported.out, name + ": 12 mentions from 2026-03-01T10:00:00.000Z to 2026-03-01T12:00:00.000Z\n");
  const auto again = import(file, {"--every", "1h"});
  EXPECT_EQ(again.status, 1);
  EXPECT_NE(again.err.find("--replace"), std::string::npos) << again.err;
  EXPECT_EQ(import(file, {"--every", "1h", "--replace"}).status, 0);
}

TEST_F(BaselineImport, TakesNothingOfAFileWithAFaultAndNamesItsLine) {
  const auto refused = import(write("payvanta,2026-03-01T10:00:00Z,5,1\nnobody,2026-03-01T10:00:00Z,5,1\n"));
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.err.find("counts.csv:3: no listener is called 'nobody'"), std::string::npos) << refused.err;
  EXPECT_FALSE(std::filesystem::exists(workspace_.path("import") / "log")) << "nothing was begun";
}

TEST_F(BaselineImport, IsRefusedWhileEarshotRuns) {
  EngineProcess engine({"run", "--config", config_});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!std::filesystem::exists(workspace_.path("import") / "log" / "CURRENT") &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const auto refused = import(write("payvanta,2026-03-01T10:00:00Z,5,1\n"));
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.err.find("log"), std::string::npos) << refused.err;
  ASSERT_TRUE(engine.is_running());
  engine.signal(SIGTERM);
  EXPECT_EQ(engine.wait().status, 0);
}

}  // namespace
}  // namespace earshot
