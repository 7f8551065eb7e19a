#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "ops/settings/settings.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class SettingsFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "earshot-settings-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    fs::create_directory(folder_ / "listeners");
    write("posts.ndjson", "{}\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  // Writes the configuration, loads it and checks what it names.
  [[nodiscard]] std::string fault_of(const std::string& yaml) const {
    const Result<Settings> settings = load_settings(write("earshot.yaml", yaml));
    if (!settings) return settings.error().to_string();
    const Result<void> checked = check_environment(*settings);
    return checked ? "" : checked.error().to_string();
  }

  [[nodiscard]] std::string at(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
};

TEST_F(SettingsFiles, LoadFromAFileWithPathsFromItsFolder) {
  const Result<Settings> settings =
      load_settings(write("earshot.yaml", "listeners: listeners\nsource: {path: posts.ndjson}\n"));
  ASSERT_TRUE(settings.ok()) << settings.error().to_string();
  EXPECT_EQ(settings->source.path, folder_ / "posts.ndjson");
  EXPECT_EQ(settings->origins.where("source.path"), at("earshot.yaml") + ":2:16");
  EXPECT_TRUE(check_environment(*settings).ok());
}

TEST_F(SettingsFiles, ALoadWithErrorsNamesTheFile) {
  EXPECT_THAT(fault_of("listeners: l\nsorce: {}\n"),
              HasSubstr(at("earshot.yaml") + ":2:1: sorce: unknown key; did you mean source?"));
}

TEST_F(SettingsFiles, TheProcessEnvironmentFillsValues) {
  ASSERT_EQ(setenv("EARSHOT_TEST_THREADS", "3", 1), 0);
  const Result<Settings> settings = load_settings(write(
      "earshot.yaml", "listeners: listeners\nsource: {path: '-'}\nruntime:\n  threads: ${EARSHOT_TEST_THREADS}\n"));
  unsetenv("EARSHOT_TEST_THREADS");
  ASSERT_TRUE(settings.ok()) << settings.error().to_string();
  EXPECT_EQ(settings->runtime.threads, 3);
}

TEST_F(SettingsFiles, AMissingFileAFolderAndAHugeFileAreClearErrors) {
  EXPECT_THAT(load_settings(folder_ / "none.yaml").error().to_string(),
              HasSubstr(at("none.yaml") + ": cannot read it: No such file"));
  EXPECT_THAT(load_settings(folder_).error().to_string(), HasSubstr("expected a configuration file, found a folder"));
  EXPECT_THAT(fault_of("a: " + std::string(10'000'000, 'x')),
              HasSubstr("earshot.yaml:1:1: the file is larger than 1 MiB"));
}

TEST_F(SettingsFiles, EverythingThatIsMissingIsNamedWithItsPlace) {
  EXPECT_EQ(fault_of("listeners: nowhere\nsource:\n  paths: [posts.ndjson, gone.ndjson]\n"),
            at("earshot.yaml") + ":1:12: listeners: " + at("nowhere") + " does not exist\n" + at("earshot.yaml") +
                ":3:25: source.paths[1]: " + at("gone.ndjson") + " does not exist");
}

TEST_F(SettingsFiles, AFolderThatCanBeMadeIsFine) {
  EXPECT_EQ(fault_of("listeners: listeners\nsource: {path: '-'}\ndata_dir: a/b/c\nlog: {path: d/e}\n"
                     "outputs: {files: {alerts: out/alerts.ndjson}}\n"),
            "");
  EXPECT_FALSE(fs::exists(folder_ / "a")) << "the check must create nothing";
}

TEST_F(SettingsFiles, AFileInTheWayOfAFolderIsNot) {
  EXPECT_THAT(fault_of("listeners: listeners\nsource: {path: '-'}\ndata_dir: posts.ndjson/data\n"),
              HasSubstr(":3:11: data_dir: " + at("posts.ndjson") + " is not a folder"));
  EXPECT_THAT(fault_of("listeners: listeners\nsource: {path: '-'}\noutputs: {files: {windows: listeners}}\n"),
              HasSubstr("outputs.files.windows: " + at("listeners") + " is a folder; a file is expected"));
}

TEST_F(SettingsFiles, WhatThisUserMayNotReadOrWriteIsNamed) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read and write everything";
  fs::permissions(folder_ / "posts.ndjson", fs::perms::none);
  EXPECT_THAT(fault_of("listeners: listeners\nsource: {path: posts.ndjson}\n"),
              HasSubstr("cannot be read by this user"));
  EXPECT_THAT(fault_of("listeners: listeners\nsource: {path: '-'}\ndata_dir: /proc/earshot\n"), HasSubstr("data_dir"));
}

TEST_F(SettingsFiles, AKeyFileOfKafkaThatIsMissingIsNamedByItsPropertyOnly) {
  const std::string fault =
      fault_of("listeners: listeners\nsource: {path: '-'}\nkafka: {ssl.key.location: /hidden/place.pem}\n");
  EXPECT_THAT(fault, HasSubstr("kafka.ssl.key.location: the file it names cannot be read"));
  EXPECT_THAT(fault, Not(HasSubstr("hidden")));
}

TEST_F(SettingsFiles, ATokenThatOthersCouldReadIsNamedWithItsMode) {
  const std::string yaml = "listeners: listeners\nsource: {path: '-'}\nadmin: {token_file: token}\n";
  EXPECT_THAT(fault_of(yaml), HasSubstr(":3:8: admin: " + at("token") + ": cannot read it: No such file"));
  write("token", "canary-0123456789abcdef\n");
  fs::permissions(folder_ / "token", static_cast<fs::perms>(0640));
  const std::string fault = fault_of(yaml);
  EXPECT_THAT(fault, HasSubstr(":3:8: admin: " + at("token") + ": has mode 0640"));
  EXPECT_THAT(fault, Not(HasSubstr("canary")));
  fs::permissions(folder_ / "token", static_cast<fs::perms>(0600));
  EXPECT_EQ(fault_of(yaml), "");
}

}  // namespace
}  // namespace earshot
