#include "engine/config/variables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

namespace earshot {
namespace {

using testing::HasSubstr;
using testing::Not;

Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

std::string expand(std::string_view text, std::map<std::string, std::string> variables = {}) {
  const auto expanded = expand_variables(text, environment_of(std::move(variables)));
  return expanded ? expanded->text : "error: " + expanded.error().message;
}

TEST(Variables, FillNamesAndDefaults) {
  EXPECT_EQ(expand("${HOST}:${PORT}", {{"HOST", "kafka"}, {"PORT", "9092"}}), "kafka:9092");
  EXPECT_EQ(expand("${PORT:-9092}"), "9092");
  EXPECT_EQ(expand("${PORT:-9092}", {{"PORT", "1"}}), "1");
  EXPECT_EQ(expand("[${NONE:-}]"), "[]");
  EXPECT_EQ(expand("${URL:-http://a:-b}"), "http://a:-b");
}

TEST(Variables, AnEmptyVariableTakesTheDefaultAsInAShell) {
  EXPECT_EQ(expand("${PORT:-9092}", {{"PORT", ""}}), "9092");
  EXPECT_EQ(expand("${PORT}", {{"PORT", ""}}), "");
}

TEST(Variables, TwoDollarsMakeOneAndALoneOneStays) {
  EXPECT_EQ(expand("$$"), "$");
  EXPECT_EQ(expand("$${HOME}"), "${HOME}");
  EXPECT_EQ(expand("a$b $ c$"), "a$b $ c$");
  EXPECT_EQ(expand("$$$${X}"), "$${X}");
}

TEST(Variables, AreNotReadAgain) {
  EXPECT_EQ(expand("${A}", {{"A", "${B} $$"}, {"B", "secret"}}), "${B} $$");
  EXPECT_EQ(expand("${NONE:-$$}"), "$$");
}

TEST(Variables, AnUnsetOneIsNamedTogetherWithTheWayOut) {
  EXPECT_EQ(expand("${KAFKA}"),
            "error: environment variable KAFKA is not set; set it or give a default: ${KAFKA:-default}");
}

TEST(Variables, AnErrorNeverShowsTheTextAround) {
  for (const char* text : {"hunter2${", "hunter2${NONE}", "hunter2${}", "${hunter 2}", "${-hunter2}", "${1hunter2}"}) {
    const std::string result = expand(text);
    EXPECT_THAT(result, HasSubstr("error: "));
    EXPECT_THAT(result, Not(HasSubstr("hunter"))) << text;
  }
}

TEST(Variables, TextWithoutADollarStaysAsItIs) {
  EXPECT_TRUE(rc::check("no dollar, no change", [](const std::string& text) {
    RC_PRE(text.find('$') == std::string::npos);
    const auto expanded = expand_variables(text, environment_of({}));
    RC_ASSERT(expanded.ok());
    RC_ASSERT(expanded->text == text && !expanded->has_variables);
  }));
}

TEST(Variables, CannotMakeAValueGrowWithoutEnd) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "${A}";
  EXPECT_THAT(expand(text, {{"A", std::string(100'000, 'x')}}), HasSubstr("longer than 64 KiB"));
}

}  // namespace
}  // namespace earshot
