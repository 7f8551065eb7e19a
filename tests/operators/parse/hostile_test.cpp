// Hostile input: what is not JSON is refused wherever it stands, what is JSON passes, and nothing crashes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const fs::path kHostile = fs::path(EARSHOT_SOURCE_DIR) / "../shared/data/hostile";

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> documents(std::string_view prefix) {
  std::vector<fs::path> found;
  if (!fs::exists(kHostile / "json")) return found;
  for (const auto& entry : fs::directory_iterator(kHostile / "json")) {
    if (entry.path().filename().string().starts_with(prefix)) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string wrapped(const std::string& bytes) {
  return R"({"id":"1","platform":"x","extra":)" + bytes + R"(,"created_at":"2026-03-01T12:00:00Z","text":"hi"})";
}
std::string wrapped_last(const std::string& bytes) {
  return R"({"id":"1","platform":"x","created_at":"2026-03-01T12:00:00Z","text":"hi","extra":)" + bytes + "}";
}

// Follows a record in the batch: bytes that would make a broken document whole if the parser read past its end.
const std::vector<std::string> kTemptations = {"\"}]", "0}", "e}", "}}}}", "]]]]", "\"", " ", "ull}", "1", "1]}"};

TEST(HostileJson, RefusesWhatIsNotJson) {
  const auto files = documents("n_");
  if (files.empty()) GTEST_SKIP() << "../shared/data is not here";
  EXPECT_EQ(files.size(), 188U);
  for (const fs::path& file : files) {
    const std::string bytes = bytes_of(file);
    for (const std::string& record : {bytes, wrapped(bytes), wrapped_last(bytes)}) {
      EXPECT_NE(Parsed(record).refusal(), "(not refused)") << file.filename() << ": " << record.substr(0, 200);
    }
    for (const std::string& temptation : kTemptations) {
      const Parsed parsed({bytes, temptation, wrapped(bytes), temptation});
      EXPECT_TRUE(parsed.result.posts.empty()) << file.filename() << " before " << temptation;
    }
  }
}

TEST(HostileJson, AcceptsWhatIsJson) {
  const auto files = documents("y_");
  if (files.empty()) GTEST_SKIP() << "../shared/data is not here";
  EXPECT_EQ(files.size(), 95U);
  for (const fs::path& file : files) {
    const std::string bytes = bytes_of(file);
    EXPECT_THAT(Parsed(bytes).refusal(), Not(HasSubstr("JSON"))) << file.filename();
    EXPECT_THAT(Parsed(bytes).refusal(), Not(HasSubstr("UTF-8"))) << file.filename();
    for (const std::string& record : {wrapped(bytes), wrapped_last(bytes)}) {
      for (const Format format : {Format::kAuto, Format::kCanonical}) {
        const Parsed parsed(record, format);
        EXPECT_EQ(parsed.post().text, "hi") << file.filename() << ": " << parsed.refusal();
      }
    }
  }
}

TEST(HostileJson, SurvivesWhatMayGoEitherWay) {
  const auto files = documents("i_");
  if (files.empty()) GTEST_SKIP() << "../shared/data is not here";
  for (const fs::path& file : files) {
    const std::string bytes = bytes_of(file);
    const Parsed parsed({bytes, wrapped(bytes), wrapped_last(bytes)});
    EXPECT_EQ(parsed.result.posts.size() + parsed.result.refusals.size() + parsed.result.not_posts, 3U)
        << file.filename();
  }
}

TEST(HostileJson, KeepsNaughtyStringsAsTheyAre) {
  if (!fs::exists(kHostile / "naughty_strings.json")) GTEST_SKIP() << "../shared/data is not here";
  const auto strings = nlohmann::json::parse(bytes_of(kHostile / "naughty_strings.json"));
  for (const auto& naughty : strings) {
    const auto text = naughty.get<std::string>();
    const nlohmann::json record = {{"id", text.empty() ? "1" : text},
                                   {"platform", "x"},
                                   {"text", text},
                                   {"lang", text},
                                   {"hashtags", {"a", text}},
                                   {"created_at", "2026-03-01T12:00:00Z"}};
    const Parsed parsed(record.dump());
    EXPECT_EQ(parsed.post().text, text);
    EXPECT_EQ(parsed.post().lang, text);
  }
}

TEST(HostileJson, RefusesInvalidUtf8AnywhereInTheRecord) {
  for (const char* const bytes : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    EXPECT_EQ(Parsed(wrapped(std::string("\"") + bytes + "\"")).refusal(), "the record is not valid UTF-8");
    EXPECT_NE(Parsed(std::string("{\"") + bytes + "\":1}").refusal(), "(not refused)");
  }
}

TEST(HostileJson, RefusesHalfASurrogatePair) {
  EXPECT_THAT(Parsed(wrapped(R"("\ud800")")).refusal(), HasSubstr("half of a surrogate pair"));
  EXPECT_THAT(Parsed(wrapped(R"("\udc00 ")")).refusal(), HasSubstr("half of a surrogate pair"));
  EXPECT_EQ(Parsed(wrapped(R"("\ud83d\ude00")")).post().text, "hi");
}

TEST(HostileJson, RefusesNestingThatIsTooDeepAndTakesTheRest) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(Parsed(wrapped(nested(1000))).post().text, "hi");
  EXPECT_EQ(Parsed(wrapped(nested(1100))).refusal(), "the record nests deeper than 1024 levels");
  EXPECT_EQ(Parsed(nested(1'000'000)).refusal(), "the record nests deeper than 1024 levels");
  EXPECT_NE(Parsed(std::string(1'000'000, '[')).refusal(), "(not refused)");
}

TEST(HostileJson, RefusesNulBytesAroundTheRecord) {
  const std::string record = wrapped("1");
  EXPECT_THAT(Parsed(record + std::string(1, '\0')).refusal(), StartsWith("invalid JSON"));
  EXPECT_THAT(Parsed(std::string(1, '\0') + record).refusal(), StartsWith("invalid JSON"));
  EXPECT_THAT(Parsed(record + " " + record).refusal(), StartsWith("invalid JSON"));
}

TEST(HostileJson, SkipsAByteOrderMark) {
  EXPECT_EQ(Parsed("\xEF\xBB\xBF" + wrapped("1")).post().text, "hi");
}

TEST(HostileJson, RefusesARecordThatIsTooLarge) {
  const std::string record = wrapped("\"" + std::string(kMaxRecordBytes, 'x') + "\"");
  EXPECT_THAT(Parsed(record).refusal(), HasSubstr("more than the 16777216 that are read"));
}

TEST(HostileJson, SurvivesEveryCutOfARecord) {
  const std::string record = wrapped(R"([1.5e3,"\ud83d\ude00",true,null,{"a":[]}])");
  for (size_t size = 0; size < record.size(); ++size) {
    EXPECT_NE(Parsed(record.substr(0, size)).refusal(), "(not refused)") << size;
  }
}

}  // namespace
}  // namespace earshot::parse
