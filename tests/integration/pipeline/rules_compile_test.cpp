// Listeners are compiled by a process of its own, within bounds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RulesCompile : public testing::Test {
 protected:
  RulesCompile() {
    std::ofstream(workspace_.path("posts.ndjson"))
        << R"({"id":"1","platform":"x","created_at":"2026-03-02T14:00:00Z","text":"payvanta is down"})" << '\n';
  }
  void listen_to(const std::vector<std::string>& queries) const {
    std::ofstream file(workspace_.path("rules.yaml"));
    file << "listeners:\n";
    for (size_t i = 0; i < queries.size(); ++i) {
      file << "  - {name: l" << i << ", spoke: s, owner: o, query: '" << queries[i] << "'}\n";
    }
  }
  std::string configure(const std::string& bounds) const {
    const fs::path path = workspace_.path("engine.yaml");
    std::ofstream(path) << "name: bounded\ndata_dir: data\nlisteners: rules.yaml\nadmin: {enabled: false}\n"
                           "source: {connector: file, path: posts.ndjson}\n"
                        << bounds;
    return path.string();
  }
  // Words with wildcards that take Hyperscan seconds together, and next to nothing alone.
  static std::vector<std::string> slow_set() {
    std::vector<std::string> queries;
    for (int i = 0; i < 9'000; ++i) queries.push_back("*a" + std::to_string(i) + "?b*c" + std::to_string(i % 97) + "*");
    return queries;
  }
  [[nodiscard]] std::vector<fs::path> kept() const {
    std::vector<fs::path> files;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(workspace_.path("data") / "compiled-rules", none)) {
      files.push_back(entry.path());
    }
    return files;
  }

  Workspace workspace_;
};

TEST_F(RulesCompile, RefusesASetThatTakesTooLongAndSaysWhichBound) {
  listen_to(slow_set());
  const std::string config = configure("listeners_compile_time: 1s\n");
  for (const char* verb : {"check", "run"}) {
    const auto ended = run_earshot({verb, "--config", config});
    EXPECT_EQ(ended.status, 1) << ended.out;
    EXPECT_THAT(ended.err, HasSubstr("takes longer than 1s (listeners_compile_time)"));
    EXPECT_THAT(ended.err, HasSubstr("no listener does so alone; the slowest of those looked at is 'l"));
  }
  EXPECT_TRUE(kept().empty());
}

TEST_F(RulesCompile, KeepsWhatWasCompiledAndCompilesDamageAnew) {
  listen_to({"payvanta down", "refund*"});
  const std::string config = configure("");
  ASSERT_EQ(run_earshot({"run", "--config", config, "--until-end"}).status, 0);
  const auto files = kept();
  EXPECT_GE(files.size(), 3u);  // phrases, words with wildcards, and that the set was compiled within its bounds
  for (const fs::path& file : files) fs::resize_file(file, fs::file_size(file) / 2);
  const auto again = run_earshot({"run", "--config", config, "--until-end"});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(kept().size(), files.size());
}

TEST_F(RulesCompile, CheckLeavesNothingBehind) {
  listen_to({"payvanta down"});
  const auto ended = run_earshot({"check", "--config", configure("")});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_FALSE(fs::exists(workspace_.path("data")));
}

TEST_F(RulesCompile, NamesTheFaultsOfASetAsBefore) {
  listen_to({"payvanta (", "refund)"});
  const auto ended = run_earshot({"check", "--config", configure("")});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.err, HasSubstr("rules.yaml:2:"));
  EXPECT_THAT(ended.err, HasSubstr("rules.yaml:3:"));
}

}  // namespace
}  // namespace earshot
