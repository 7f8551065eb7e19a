#include "engine/config/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/config/every_type.h"

namespace earshot {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Read {
  EveryType every;
  ConfigReading reading;
  [[nodiscard]] std::string errors() const { return reading.ok() ? "" : reading.to_error().to_string(); }
};

Read read(std::string_view yaml) {
  Read result;
  const Environment environment = [](std::string_view name) -> std::optional<std::string> {
    if (name == "PORT") return "42";
    if (name == "STRUCTURE") return "a: b\n- [x]";
    if (name == "HIDDEN") return "hunter2";
    if (name == "YES") return "true";
    return std::nullopt;
  };
  result.reading = read_config(yaml, declare(result.every), {"c.yaml", "/etc/app", environment});
  return result;
}

TEST(ConfigReader, KeepsTheDefaultsOfWhatIsNotSet) {
  const Read result = read("inner: {count: 7}\n");
  EXPECT_EQ(result.errors(), "");
  EXPECT_EQ(result.every.count, 7);
  EXPECT_EQ(result.every.text, "plain");
  EXPECT_EQ(result.every.delay, milliseconds(1500));
}

TEST(ConfigReader, ReadsEveryType) {
  const Read result = read(R"(
text: "123"
inner:
  name: some-name
  file: sub/../x.txt
  password: hunter2
  flag: false
  count: 64
  share: 1
  deep: {delay: 15m, size: 2KiB, colour: green}
words: [a, b]
files: [one, /two, "-"]
steps: [1s, 1h]
properties: {a.b: text, c.d: 12, e: true}
)");
  EXPECT_EQ(result.errors(), "");
  EXPECT_EQ(result.every.text, "123");
  EXPECT_EQ(result.every.name, "some-name");
  EXPECT_EQ(result.every.file, "/etc/app/x.txt");
  EXPECT_EQ(result.every.password.reveal(), "hunter2");
  EXPECT_FALSE(result.every.flag);
  EXPECT_EQ(result.every.count, 64);
  EXPECT_EQ(result.every.share, 1.0);
  EXPECT_EQ(result.every.delay, milliseconds(900'000));
  EXPECT_EQ(result.every.size.bytes, 2048);
  EXPECT_EQ(result.every.colour, Colour::kGreen);
  EXPECT_THAT(result.every.words, ElementsAre("a", "b"));
  EXPECT_THAT(result.every.files, ElementsAre("/etc/app/one", "/two", "-"));
  EXPECT_THAT(result.every.steps, ElementsAre(milliseconds(1000), milliseconds(3'600'000)));
  EXPECT_EQ(result.every.properties.at("c.d").reveal(), "12");
  EXPECT_EQ(result.every.properties.at("e").reveal(), "true");
}

TEST(ConfigReader, NamesFileLineColumnPathAndNearestKeyOfAnUnknownOne) {
  EXPECT_EQ(read("inner:\n  count: 1\n  dep: {}\n").errors(),
            "c.yaml:3:3: inner.dep: unknown key; did you mean inner.deep?");
}

TEST(ConfigReader, SaysWhereAMisplacedKeyBelongs) {
  EXPECT_EQ(read("inner: {count: 1}\ncolour: red\n").errors(),
            "c.yaml:2:1: colour: unknown key; did you mean inner.deep.colour?");
}

TEST(ConfigReader, ListsTheKnownKeysWhenNoneIsNear) {
  EXPECT_EQ(read("inner: {count: 1, deep: {frobnicate: 1}}\n").errors(),
            "c.yaml:1:26: inner.deep.frobnicate: unknown key; known here: delay, size, colour");
}

TEST(ConfigReader, ReportsEveryErrorInTheOrderOfTheFile) {
  EXPECT_EQ(read(R"(txt: x
inner:
  name: UPPER
  flag: yes
  count: 65
  share: .inf
  deep:
    delay: 10
    size: 3MiB
    colour: gren
words: [ok, 2, Bad]
files: []
steps: 1m
text: a
text: b
)")
                .errors(),
            R"(c.yaml:1:1: txt: unknown key; did you mean text?
c.yaml:3:9: inner.name: expected 1 to 20 lowercase letters and dashes, found "UPPER"
c.yaml:4:9: inner.flag: expected true or false, found "yes"
c.yaml:5:10: inner.count: expected a whole number from 1 to 64, found 65
c.yaml:6:10: inner.share: expected a number from 0 to 1, found ".inf"
c.yaml:8:12: inner.deep.delay: expected a duration from 100ms to 1h or never, found 10; it needs a unit: ms, s, m, h, d or w
c.yaml:9:11: inner.deep.size: expected a size such as 64KiB, 10MB or a number of bytes, from 1B to 1MiB, found "3MiB"
c.yaml:10:13: inner.deep.colour: expected one of red, green, found "gren"; did you mean green?
c.yaml:11:13: words[1]: expected lowercase letters, found 2; put it in quotes to make it text
c.yaml:11:16: words[2]: expected lowercase letters, found "Bad"
c.yaml:12:8: files: expected a list of 1 to 3, each a path, found 0 of them
c.yaml:13:8: steps: expected a list of 1 to 64, each a duration from 1s to 2h, found a value
c.yaml:15:1: text: duplicate key; line 14 has set it already)");
}

TEST(ConfigReader, SaysWhatARequiredKeyIsFor) {
  EXPECT_EQ(read("text: x\n").errors(), "");  // a section that is not there needs nothing
  EXPECT_EQ(read("inner: {flag: true}\n").errors(), "c.yaml:1:8: inner.count: is required: How many.");
}

TEST(ConfigReader, AMistypedRequiredKeyIsReported) {
  EXPECT_THAT(read("inner: {cuont: 3}\n").errors(), HasSubstr("did you mean inner.count?"));
}

TEST(ConfigReader, TypesWhatAVariableHoldsByItsOption) {
  const Read result = read("text: ${PORT}\ninner: {count: \"${PORT}\", flag: \"${YES}\", share: '${NONE:-0.25}'}\n");
  EXPECT_EQ(result.errors(), "");
  EXPECT_EQ(result.every.text, "42");
  EXPECT_EQ(result.every.count, 42);
  EXPECT_EQ(result.every.share, 0.25);
}

TEST(ConfigReader, AVariableNeverChangesTheStructure) {
  const Read result = read("text: ${STRUCTURE}\nproperties: {p: \"x${STRUCTURE}\"}\n");
  EXPECT_EQ(result.errors(), "");
  EXPECT_EQ(result.every.text, "a: b\n- [x]");
  EXPECT_EQ(result.every.properties.at("p").reveal(), "xa: b\n- [x]");
  EXPECT_THAT(read("inner: ${STRUCTURE}\n").errors(), HasSubstr("expected a section of settings, found a value"));
  EXPECT_THAT(read("steps: ${STRUCTURE}\n").errors(), HasSubstr("a variable fills one value"));
}

TEST(ConfigReader, SaysThatAVariableInBracesNeedsQuotes) {
  EXPECT_THAT(read("inner: {count: ${PORT}}\n").errors(),
              HasSubstr("a value with ${...} inside {} or [] needs quotes"));
}

TEST(ConfigReader, AnUnsetVariableIsAnErrorAtItsValue) {
  EXPECT_THAT(read("inner:\n  count: ${NOT_SET}\n").errors(),
              HasSubstr("c.yaml:2:10: inner.count: environment variable NOT_SET is not set"));
}

TEST(ConfigReader, NeverPrintsSecretsNorWhatVariablesHold) {
  for (const char* yaml :
       {"inner:\n  count: ${HIDDEN}", "inner: {count: 1, deep: {colour: \"${HIDDEN}\"}}",
        "inner: {count: 1, password: [hunter2]}", "inner: {count: 1, password: 'hunter2${'}", "properties: hunter2",
        "properties: {sasl.password: [hunter2]}", "properties: {sasl.password: 'hunter2${NOT_SET}'}", "inner: hunter2",
        "inner: {count: 1, name: 'A${HIDDEN}'}"}) {
    const std::string errors = read(yaml).errors();
    EXPECT_NE(errors, "") << yaml;
    EXPECT_THAT(errors, Not(HasSubstr("hunter2"))) << yaml;
  }
}

TEST(ConfigReader, ASecretThatReadsAsANumberIsNotPrintedEither) {
  EXPECT_EQ(read("inner: {count: 1, password: 12345}").errors(),
            "c.yaml:1:29: inner.password: expected text, found something else; put it in quotes to make it text");
}

TEST(ConfigReader, TakesASectionWithEverythingCommentedOut) {
  EXPECT_EQ(read("text: a\nproperties:\n").errors(), "");
}

TEST(ConfigReader, AKeyWithoutAValueIsAnError) {
  EXPECT_EQ(read("text:\n").errors(),
            "c.yaml:1:1: text: expected text, found nothing; remove the key to keep the default");
}

TEST(ConfigReader, HostileKeysStayOnTheirLine) {
  const std::string errors = read("\"a\\nb\\e[31m\": 1\n" + std::string(1000, 'k') + ": 2\n").errors();
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 1);
  EXPECT_EQ(errors.find('\x1b'), std::string::npos);
  EXPECT_LT(errors.size(), 1000U);
}

TEST(ConfigReader, ListsAHundredErrorsAndCountsTheRest) {
  std::string yaml;
  for (int i = 0; i < 250; ++i) yaml += "unknown" + std::to_string(i) + ": 1\n";
  const std::string errors = read(yaml).errors();
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 100);
  EXPECT_THAT(errors, HasSubstr("c.yaml: and 150 more errors"));
}

TEST(ConfigReading, BlamesTheFirstValueThatTheFileSets) {
  Read result = read("text: a\ninner:\n  count: 2\n");
  result.reading.require(false, {"inner.share", "inner.count"}, "does not fit");
  EXPECT_EQ(result.errors(), "c.yaml:3:10: inner.count: does not fit");
}

TEST(ConfigReading, PassesOverARuleWhoseValuesAreBroken) {
  Read result = read("inner: {count: many}\n");
  const std::string before = result.errors();
  result.reading.require(false, {"text", "inner.count"}, "does not fit");
  EXPECT_EQ(result.errors(), before);
}

}  // namespace
}  // namespace earshot
