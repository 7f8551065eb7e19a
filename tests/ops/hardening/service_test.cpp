// The systemd service, judged by systemd itself.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "tests/ops/hardening/program_output.h"

namespace earshot {
namespace {

constexpr double kExposureMax = 2.0;
const std::string kUnit = std::string(EARSHOT_SOURCE_DIR) + "/ops/systemd/earshot.service";

// As systemd-analyze says it: 0 is safe, 10 is not; negative when it says nothing.
double exposure_of(const std::string& unit) {
  const auto judged = output_of("systemd-analyze security --offline=true --no-pager '" + unit + "' 2>&1");
  std::smatch found;
  static const std::regex kOverall("Overall exposure level for [^:]+: ([0-9.]+)");
  return std::regex_search(judged.text, found, kOverall) ? std::stod(found[1]) : -1;
}

bool has_systemd_analyze() {
  return output_of("systemd-analyze --version 2>&1").status == 0;
}

TEST(Service, IsExposedLittle) {
  if (!has_systemd_analyze()) GTEST_SKIP() << "needs systemd-analyze: apt-get install systemd";
  const double exposure = exposure_of(kUnit);
  EXPECT_GE(exposure, 0) << "systemd-analyze did not judge " << kUnit;
  EXPECT_LE(exposure, kExposureMax);
}

TEST(Service, WouldBeFoundOutWithoutItsRestrictions) {
  if (!has_systemd_analyze()) GTEST_SKIP() << "needs systemd-analyze: apt-get install systemd";
  const std::string unit = testing::TempDir() + "/earshot-open.service";
  std::ofstream(unit) << "[Service]\nExecStart=/usr/bin/true\n";
  EXPECT_GT(exposure_of(unit), 8.0);
}

TEST(Service, KeepsItsStateToItself) {
  std::ostringstream text;
  text << std::ifstream(kUnit).rdbuf();
  for (const char* line : {"\nDynamicUser=yes\n", "\nStateDirectory=earshot\n", "\nStateDirectoryMode=0700\n",
                           "\nUMask=0077\n", "\nLimitCORE=0\n"}) {
    EXPECT_NE(text.str().find(line), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace earshot
