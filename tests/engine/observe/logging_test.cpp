#include "engine/observe/logging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "engine/base/secret.h"
#include "engine/observe/log_line.h"
#include "engine/time/timestamp.h"

namespace earshot {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class Logging : public testing::Test {
 protected:
  void start(LogLevel level, LogFormat format) {
    init_logging(level, format, [this](std::string_view line) { lines_.emplace_back(line); });
  }
  void TearDown() override { init_logging(LogLevel::kInfo, LogFormat::kText); }

  std::vector<std::string> lines_;
};

TEST_F(Logging, JsonLinesHaveTimeLevelComponentMessageAndFields) {
  start(LogLevel::kInfo, LogFormat::kJson);
  log_warning(
      "listen", "partition is idle",
      {{"topic", std::string("posts")}, {"partition", 3}, {"lag", uint64_t{5}}, {"seconds", 1.5}, {"done", true}});
  ASSERT_THAT(lines_, SizeIs(1));
  const json line = json::parse(lines_[0]);
  EXPECT_EQ(line["level"], "warning");
  EXPECT_EQ(line["component"], "listen");
  EXPECT_EQ(line["message"], "partition is idle");
  EXPECT_EQ(line["fields"], (json{{"topic", "posts"}, {"partition", 3}, {"lag", 5}, {"seconds", 1.5}, {"done", true}}));
  EXPECT_TRUE(parse_rfc3339_ms(line["ts"].get<std::string>()).has_value()) << lines_[0];
}

TEST_F(Logging, TextLinesReadAsAPersonReads) {
  start(LogLevel::kInfo, LogFormat::kText);
  log_info("kafka", "connected", {{"brokers", 3}, {"name", "two words"}, {"empty", ""}, {"quote", "a\"b"}});
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0],
              HasSubstr("Z INFO  kafka: connected brokers=3 name=\"two words\" empty=\"\" quote=\"a\\\"b\""));
}

TEST_F(Logging, WritesTheChosenLevelAndAbove) {
  start(LogLevel::kWarning, LogFormat::kText);
  log_debug("a", "debug");
  log_info("a", "info");
  log_warning("a", "warning");
  log_error("a", "error");
  ASSERT_THAT(lines_, SizeIs(2));
  EXPECT_THAT(lines_[1], HasSubstr("ERROR a: error"));
}

TEST_F(Logging, ASecretNeverShows) {
  const Secret password("hunter2");
  for (const LogFormat format : {LogFormat::kJson, LogFormat::kText}) {
    start(LogLevel::kInfo, format);
    log_info("kafka", "login", {{"password", password}});
    EXPECT_THAT(lines_.back(), HasSubstr("[secret]"));
    EXPECT_THAT(lines_.back(), Not(HasSubstr("hunter2")));
  }
}

TEST_F(Logging, HostileTextInAFieldStaysInItsField) {
  start(LogLevel::kInfo, LogFormat::kJson);
  const std::string hostile("\"},\"level\":\"error\n\r\t\\\x01\x1b[2J\x7f\xff\xfe\xed\xa0\x80\0end", 34);
  log_info("listen", hostile, {{"text", hostile}});
  const json line = json::parse(lines_.at(0));
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(lines_[0].find('\n'), std::string::npos);
  EXPECT_THAT(line["fields"]["text"].get<std::string>(), HasSubstr("\"},\"level\":\"error\n\r\t\\"));
}

TEST_F(Logging, HostileTextCannotSteerATerminalOrForgeALine) {
  start(LogLevel::kInfo, LogFormat::kText);
  log_info("listen", "a\n2026-01-01 ERROR forged",
           {{"text",
             "\x1b[2J\r\xc2\x9b"
             "2J\u2028x"}});
  const std::string& line = lines_.at(0);
  for (const char* steering : {"\n", "\r", "\x1b", "\xc2\x9b", "\u2028"}) EXPECT_THAT(line, Not(HasSubstr(steering)));
  EXPECT_THAT(line, HasSubstr("a\\n2026-01-01 ERROR forged text=\\x1b[2J"));
}

TEST_F(Logging, AnyBytesMakeOneJsonLine) {
  start(LogLevel::kInfo, LogFormat::kJson);
  EXPECT_TRUE(rc::check("every line parses",
                        [&](const std::string& component, const std::string& message, const std::string& text) {
                          lines_.clear();
                          log_info(component, message, {{"text", text}});
                          RC_ASSERT(lines_.size() == 1U);
                          RC_ASSERT(lines_[0].find('\n') == std::string::npos);
                          RC_ASSERT(json::parse(lines_[0])["fields"].contains("text"));
                        }));
}

TEST_F(Logging, ALongTextIsCutAtACharacter) {
  start(LogLevel::kInfo, LogFormat::kJson);
  std::string text;
  while (text.size() < 5000) text += "é";
  log_info("listen", "long", {{"text", text}});
  const auto cut = json::parse(lines_.at(0))["fields"]["text"].get<std::string>();
  EXPECT_LE(cut.size(), 1024 + std::string_view("…").size());
  EXPECT_TRUE(cut.ends_with("é…"));
}

TEST_F(Logging, LinesOfManyThreadsDoNotMix) {
  start(LogLevel::kInfo, LogFormat::kJson);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i] {
      for (int j = 0; j < 100; ++j) log_info("thread", "line", {{"thread", i}, {"line", j}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_THAT(lines_, SizeIs(400));
  for (const std::string& line : lines_) EXPECT_TRUE(json::accept(line)) << line;
}

TEST(PrintableUtf8, KeepsWellFormedTextAndReplacesTheRest) {
  EXPECT_EQ(printable_utf8("aé€😀", 100), "aé€😀");
  EXPECT_EQ(printable_utf8("a\xC3", 100), "a\uFFFD");
  EXPECT_EQ(printable_utf8("\xC0\xAF", 100), "\uFFFD\uFFFD");
  EXPECT_EQ(printable_utf8("\xF4\x90\x80\x80", 100), "\uFFFD\uFFFD\uFFFD\uFFFD");
}

}  // namespace
}  // namespace earshot
