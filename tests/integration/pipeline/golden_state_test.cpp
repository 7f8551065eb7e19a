// State that an earlier version left is taken up, not thrown away.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(EARSHOT_SOURCE_DIR) / "tests/integration/pipeline/golden";

// Without what scoring and triage say, which may get better from version to version.
std::vector<std::string> counts_of(const fs::path& windows) {
  static const std::regex judged(R"x("(sentiment_sum|sentiment_mean|negative|positive|complaints)":[^,}]*,?)x");
  std::vector<std::string> lines = sorted_lines_of(windows);
  for (std::string& line : lines) line = std::regex_replace(line, judged, "");
  return lines;
}

class GoldenState : public testing::TestWithParam<std::string> {};

TEST_P(GoldenState, GoesOnInThisVersion) {
  const Workspace workspace;
  fs::copy_file(kGolden / "listeners.yaml", workspace.path("listeners") / "brands.yaml",
                fs::copy_options::overwrite_existing);
  const std::string config = workspace.configure(
      "golden", "source: {connector: file, path: " + (kGolden / "posts.ndjson").string() +
                    "}\nlog: {connector: local, partitions: 2, retention: forever, internal_retention: 87600h}\n"
                    "outputs: {files: {windows: windows.ndjson}}\n");
  fs::copy(kGolden / GetParam(), workspace.path("golden"), fs::copy_options::recursive);
  const auto ran = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  const auto expected = counts_of(kGolden / "windows.ndjson");
  EXPECT_GT(expected.size(), 30u);
  EXPECT_EQ(counts_of(workspace.path("windows.ndjson")), expected);
}

INSTANTIATE_TEST_SUITE_P(Versions, GoldenState, testing::Values("state-1"),
                         [](const auto& made) { return made.param.substr(0, 5) + made.param.substr(6); });

}  // namespace
}  // namespace earshot
