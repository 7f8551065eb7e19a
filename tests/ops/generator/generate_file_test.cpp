#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "ops/generator/generator.h"
#include "tests/ops/generator/day.h"

namespace earshot::generator {
namespace {

class GenerateFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("earshot-generator-" + std::to_string(getpid()));
    plan_.hours = 0.5;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  DayPlan plan_;
};

TEST_F(GenerateFile, WritesTheLinesOfTheDayAndCountsThem) {
  const std::filesystem::path path = folder_ / "new" / "day.ndjson";
  const Result<Tally> tally = generate_file(plan_, path);
  ASSERT_TRUE(tally) << tally.error().to_string();
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_EQ(bytes.size(), tally->bytes);
  std::string expected;
  for (const Line& line : whole_day(plan_)) expected.append(line.text).push_back('\n');
  EXPECT_EQ(bytes, expected);
  EXPECT_EQ(static_cast<uint64_t>(std::count(bytes.begin(), bytes.end(), '\n')),
            tally->posts + tally->duplicates + tally->malformed);
}

TEST_F(GenerateFile, LeavesNoHalfWrittenFileUnderTheName) {
  ASSERT_TRUE(generate_file(plan_, folder_ / "day.ndjson"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "day.ndjson.part"));
}

TEST_F(GenerateFile, NamesThePlaceThatCannotBeWritten) {
  std::filesystem::create_directories(folder_);
  std::ofstream(folder_ / "file").put('x');
  const Result<Tally> tally = generate_file(plan_, folder_ / "file" / "day.ndjson");
  ASSERT_FALSE(tally);
  EXPECT_NE(tally.error().to_string().find((folder_ / "file").string()), std::string::npos);
}

TEST_F(GenerateFile, WritesThePlatformsOwnFormsWhenMixed) {
  plan_.format = WireFormat::kMixed;
  bool has_x = false;
  bool has_jetstream = false;
  bool has_mastodon = false;
  bool has_reddit = false;
  for (const Line& line : whole_day(plan_)) {
    has_x |= line.text.starts_with("{\"data\":{\"id\":\"");
    has_jetstream |= line.text.starts_with("{\"did\":\"did:plc:");
    has_mastodon |= line.text.find("\"content\":\"<p>") != std::string::npos;
    has_reddit |= line.text.find("\"name\":\"t1_") != std::string::npos;
  }
  EXPECT_TRUE(has_x && has_jetstream && has_mastodon && has_reddit);
}

}  // namespace
}  // namespace earshot::generator
