#include "engine/config/document.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>

namespace earshot {
namespace {

using testing::HasSubstr;

// "line:column path: message" of the only error.
std::string only_error(std::string_view yaml) {
  const ConfigDocument document = parse_config_document(yaml);
  if (document.errors.size() != 1) return std::to_string(document.errors.size()) + " errors";
  const ConfigError& error = document.errors[0];
  return fmt::format("{}:{} {}: {}", error.position.line, error.position.column, error.path, error.message);
}

TEST(ConfigDocument, KnowsThePositionOfEveryKeyAndValue) {
  const ConfigDocument document = parse_config_document("a: 1\nb:\n  cc: [x, \"y\"]\n  d: ü, then\n");
  ASSERT_TRUE(document.errors.empty());
  ASSERT_EQ(document.root.entries.size(), 2U);
  EXPECT_EQ(document.root.entries[0].value.position, (ConfigPosition{1, 4}));
  const ConfigNode& b = document.root.entries[1].value;
  EXPECT_EQ(b.entries[0].position, (ConfigPosition{3, 3}));
  EXPECT_EQ(b.entries[0].value.items[1].position, (ConfigPosition{3, 11}));
  EXPECT_TRUE(b.entries[0].value.items[1].is_quoted);
  EXPECT_FALSE(b.entries[0].value.items[0].is_quoted);
}

TEST(ConfigDocument, PutsAnAbsentValueAtItsKey) {
  const ConfigDocument document = parse_config_document("a:\n\n\nb: 1\n");
  ASSERT_TRUE(document.errors.empty());
  EXPECT_EQ(document.root.entries[0].value.kind, ConfigNode::Kind::kNull);
  EXPECT_EQ(document.root.entries[0].value.position, (ConfigPosition{1, 1}));
}

TEST(ConfigDocument, RefusesDuplicateKeysAtTheSecond) {
  EXPECT_EQ(only_error("a:\n  b: 1\n  c: 2\n  b: 3\n"), "4:3 a.b: duplicate key; line 2 has set it already");
}

TEST(ConfigDocument, ReportsEveryDuplicate) {
  EXPECT_EQ(parse_config_document("a: 1\na: 2\na: 3\nb: {c: 1, c: 2}\n").errors.size(), 3U);
}

TEST(ConfigDocument, RefusesAnEmptyFileAndOneThatIsNoMap) {
  EXPECT_THAT(only_error(""), HasSubstr("the file has no settings"));
  EXPECT_THAT(only_error("# only a comment\n"), HasSubstr("the file has no settings"));
  EXPECT_THAT(only_error("just text\n"), HasSubstr("1:1 : expected settings as `key: value`"));
  EXPECT_THAT(only_error("- a\n- b\n"), HasSubstr("expected settings as `key: value`"));
}

TEST(ConfigDocument, RefusesASecondDocument) {
  EXPECT_THAT(only_error("a: 1\n---\nb: 2\n"), HasSubstr("a second document begins here"));
}

TEST(ConfigDocument, RefusesTabsThatIndent) {
  EXPECT_THAT(only_error("a:\n\tb: 1\n"), HasSubstr("2:1 : "));
}

TEST(ConfigDocument, RefusesAnchorsAliasesAndTags) {
  EXPECT_EQ(only_error("a: &x 1\n"), "1:4 a: anchors are not supported; repeat the value where it is needed");
  EXPECT_EQ(only_error("a: !!binary aGk=\n"), "1:4 a: the tag tag:yaml.org,2002:binary is not supported");
  const ConfigDocument document = parse_config_document("a: &x [1]\nb: *x\n");
  ASSERT_EQ(document.errors.size(), 2U);
  EXPECT_EQ(document.errors[1].message, "aliases are not supported; repeat the value");
  EXPECT_EQ(document.errors[1].path, "b");
}

TEST(ConfigDocument, RefusesAliasBombsAtOnce) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}]\n", i, i - 1);
  }
  EXPECT_GT(parse_config_document(bomb).errors.size(), 30U);
}

TEST(ConfigDocument, RefusesKeysThatAreNoNames) {
  EXPECT_THAT(only_error("? [a, b]\n: 1\n"), HasSubstr("expected a name as key, found a list or map"));
  EXPECT_THAT(only_error("~: 1\n"), HasSubstr("expected a name as key, found nothing"));
}

TEST(ConfigDocument, RefusesBytesThatAreNoText) {
  EXPECT_THAT(only_error("a: 1\nb: \x04 2\nc: 3\n"), HasSubstr("2:4 : control character U+0004 is not allowed"));
  EXPECT_THAT(only_error(std::string_view("a: \0 1\n", 7)), HasSubstr("U+0000"));
  EXPECT_THAT(only_error("a: \xC3\x28\n"), HasSubstr("1:4 : this byte is not UTF-8"));
  EXPECT_THAT(only_error("a: \xED\xA0\x80\n"), HasSubstr("not UTF-8"));
  EXPECT_THAT(only_error(std::string_view("\xFF\xFE"
                                          "a\0",
                                          4)),
              HasSubstr("UTF-16"));
}

TEST(ConfigDocument, TakesAByteOrderMarkAndWindowsLineEnds) {
  const ConfigDocument document = parse_config_document(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: two\r\n");
  ASSERT_TRUE(document.errors.empty());
  EXPECT_EQ(document.root.entries[0].key, "a");
  EXPECT_EQ(document.root.entries[1].value.text, "two");
}

TEST(ConfigDocument, RefusesWhatIsTooDeep) {
  std::string deep = "a: ";
  for (int i = 0; i < 40; ++i) deep += "[";
  for (int i = 0; i < 40; ++i) deep += "]";
  EXPECT_THAT(only_error(deep), HasSubstr("more than 32 levels deep"));
}

TEST(ConfigDocument, RefusesATenMegabyteFileAtOnce) {
  EXPECT_THAT(only_error("a: " + std::string(10'000'000, 'x')), HasSubstr("larger than 1 MiB"));
}

std::string repeated(std::string_view part, size_t bytes) {
  std::string text;
  while (text.size() + part.size() <= bytes) text += part;
  return text;
}

TEST(ConfigDocument, RefusesHostileShapesInBoundedTime) {
  for (const char* part : {"[",  "{",   "- ",   "? ",    "&a ",  "*a ", "!x ", "\"", "'",   "a: ",   "[]",   "{a: ",
                           ": ", "|\n", ">\n ", "---\n", "%A\n", "#",   "\n",  " ",  "a\n", "? a\n", "[a, ", "{? "}) {
    const auto start = std::chrono::steady_clock::now();
    const ConfigDocument document = parse_config_document(repeated(part, kConfigBytesMax));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    EXPECT_FALSE(document.errors.empty()) << part;
    EXPECT_LT(taken.count(), 60.0) << part;  // a quadratic parser takes hours
  }
}

void expect_positions_inside(const ConfigNode& node, int lines) {
  RC_ASSERT(node.position.line >= 1 && node.position.line <= lines);
  RC_ASSERT(node.position.column >= 1);
  for (const ConfigNode& item : node.items) expect_positions_inside(item, lines);
  for (const ConfigEntry& entry : node.entries) expect_positions_inside(entry.value, lines);
}

TEST(ConfigDocument, AnyMixtureOfTokensIsReadOrRefused) {
  EXPECT_TRUE(rc::check("a map without errors, or errors", [] {
    const auto tokens = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(
        std::vector<std::string>{"a",     "b",  ": ",   ":\n", "\n",   "  ",   "- ", "[",   "]",  "{",    "}",
                                 ", ",    "'",  "\"",   "|",   ">",    "&x ",  "*x", "!t ", "# ", "? ",   "---\n",
                                 "...\n", "\t", "%Y\n", "\\",  "\xc3", "\x04", "~",  "12",  "ü",  "<<: ", "\r\n"}));
    std::string yaml;
    for (const std::string& token : tokens) yaml += token;
    const ConfigDocument document = parse_config_document(yaml);
    RC_ASSERT(!document.errors.empty() || document.root.kind == ConfigNode::Kind::kMap);
    const auto lines = static_cast<int>(std::count(yaml.begin(), yaml.end(), '\n')) + 1;
    for (const ConfigError& error : document.errors) RC_ASSERT(!error.message.empty() && error.position.line <= lines);
    if (document.errors.empty()) expect_positions_inside(document.root, lines);
  }));
}

}  // namespace
}  // namespace earshot
