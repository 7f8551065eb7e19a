// The short way of reading a canonical post and the long one agree on every record. White space behind the record makes
// it too large for the short way and changes nothing else.
#include "operators/parse/canonical_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "operators/parse/json_unescape.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

constexpr std::string_view kWhole =
    R"({"id":"p1","platform":"forum","created_at":"2026-03-01T14:00:00.250+02:00","lang":"de","text":"Gr\u00fc\u00dfe \"\ud83d\ude00\" \\ \/ \n","url":"https://f.example/p1",)"
    R"("kind":"reply","author":{"id":77,"handle":"@anna","name":"Anna A.","bio":"Tee","followers":12,"verified":true,"created_at":"2019-05-06T00:00:00Z"},)"
    R"("metrics":{"likes":-3,"reposts":4,"replies":5,"views":6},"hashtags":["eins","#zwei"],"urls":["https://a.example/","https://b.example/"],)"
    R"("url_titles":["A"],"media":["image","audio"],"conversation_id":"c1","in_reply_to":"p0","extra":{"a":[1,2.5,-0.25,{"b":null}],"c\n":[],"d":{}},)"
    R"("in_reply_to_handle":"@ben","subreddit":"r/tea","place":"Kiel","country":"de","sensitive":true,"change":"edited","edited_at":"2026-03-01T12:30:00Z"})";

std::string outcome_of(const std::string& record) {
  const Parsed parsed({record}, ParseOptions{.format = Format::kCanonical, .detects_language = false});
  std::string outcome;
  for (const Post& post : parsed.result.posts) append_post_json(outcome, post);
  for (const Refusal& refusal : parsed.result.refusals) outcome += "refused: " + refusal.reason;
  return outcome;
}

void expect_agreement(const std::string& record) {
  const std::string long_record = record + std::string(CanonicalWalk::kMostBytes, ' ');
  EXPECT_EQ(outcome_of(record), outcome_of(long_record)) << record;
}

bool is_walked(const std::string& record) {
  RecordBatch records({"posts", 0}, record.size());
  records.append({}, record, 0, kNoTimestamp);
  PostBatch posts;
  PostWriter writer;
  writer.begin(posts, 0, record.size(), kNoTimestamp);
  const bool is_read = CanonicalWalk().read(records[0].value, writer);
  EXPECT_EQ(posts.posts.size(), is_read ? 1U : 0U);
  return is_read;
}

TEST(CanonicalWalk, ReadsAWholePost) {
  EXPECT_TRUE(is_walked(std::string(kWhole)));
  expect_agreement(std::string(kWhole));
  EXPECT_FALSE(is_walked(std::string(kWhole) + std::string(CanonicalWalk::kMostBytes, ' ')));
}

TEST(CanonicalWalk, TakesWhiteSpaceBetweenAnyTwoTokens) {
  std::string spaced;
  bool is_in_string = false;
  for (size_t i = 0; i < kWhole.size(); ++i) {
    const bool is_escaped = i > 0 && kWhole[i - 1] == '\\' && (i < 2 || kWhole[i - 2] != '\\');
    if (kWhole[i] == '"' && !is_escaped) is_in_string = !is_in_string;
    const bool is_punctuation = !is_in_string && std::string_view("{}[]:,").find(kWhole[i]) != std::string_view::npos;
    spaced += is_punctuation ? std::string(" \t") + kWhole[i] + "\r\n" : std::string(1, kWhole[i]);
  }
  EXPECT_TRUE(is_walked(spaced));
  EXPECT_EQ(outcome_of(spaced), outcome_of(std::string(kWhole)));
}

TEST(CanonicalWalk, AgreesWithTheLongWayOnEveryCut) {
  for (size_t size = 0; size < kWhole.size(); ++size) expect_agreement(std::string(kWhole.substr(0, size)));
}

TEST(CanonicalWalk, AgreesWithTheLongWayOnChangedBytes) {
  static constexpr std::string_view kPieces[] = {"null",
                                                 "{}",
                                                 "[]",
                                                 "\"",
                                                 "\\",
                                                 "}",
                                                 "]",
                                                 ",",
                                                 ":",
                                                 "0",
                                                 "-1",
                                                 "1e9",
                                                 "1.0",
                                                 "-",
                                                 "01",
                                                 "\xFF",
                                                 "true",
                                                 "tru",
                                                 "\"x\"",
                                                 "\\u0041",
                                                 "\\ud800",
                                                 "\\q",
                                                 " ",
                                                 "\n",
                                                 "\f",
                                                 "\x01",
                                                 "[[]]",
                                                 "1.",
                                                 "-0",
                                                 "99999999999999999999",
                                                 "\"text\":\"again\",",
                                                 "\"id\":null,",
                                                 "\"extra\":{\"text\":1},",
                                                 "false",
                                                 std::string_view("\0", 1)};
  std::mt19937 random(11);
  for (int round = 0; round < 30'000; ++round) {
    std::string record(kWhole);
    for (size_t changes = 1 + random() % 3; changes > 0; --changes) {
      const size_t at = random() % (record.size() + 1);
      const std::string_view piece = kPieces[random() % std::size(kPieces)];
      if (random() % 2 == 0) {
        record.insert(at, piece);
      } else {
        record.replace(at, random() % 8, piece);
      }
    }
    expect_agreement(record);
  }
}

TEST(CanonicalWalk, AgreesWithTheLongWayOnHostileMembers) {
  const auto folder = std::filesystem::path(EARSHOT_SOURCE_DIR) / "../shared/data/hostile/json";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "../shared/data is not here";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (bytes.size() > CanonicalWalk::kMostBytes) continue;
    for (const char* member : {"extra", "text", "urls", "author", "in_reply_to", "geo"}) {
      expect_agreement(R"({"id":"1","platform":"x","created_at":"2026-03-01T12:00:00Z","text":"hi",")" +
                       std::string(member) + "\":" + bytes + "}");
    }
    expect_agreement(bytes);
  }
}

std::string unescaped(std::string text) {
  char* const end = unescape_json(text.data(), text.data() + text.size());
  return end == nullptr ? "(not JSON)" : text.substr(0, static_cast<size_t>(end - text.data()));
}

TEST(JsonUnescape, ReplacesEveryEscape) {
  EXPECT_EQ(unescaped(R"(a\"\\\/\b\f\n\r\tz)"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(unescaped(R"(\u0041\u00e9\u20AC\ud83d\ude00)"), "Aé€😀");
  EXPECT_EQ(unescaped(R"(\u0000)"), std::string(1, '\0'));
  EXPECT_EQ(unescaped("plain"), "plain");
  EXPECT_EQ(unescaped(""), "");
}

TEST(JsonUnescape, RefusesWhatIsNoEscape) {
  for (const char* text : {"\\", "a\\", "\\x", "\\u", "\\u12", "\\u12g4", "\\ud800", "\\ud800x", "\\ud800\\n",
                           "\\ud800\\u0041", "\\udc00", "\\ud83d\\ude0"}) {
    EXPECT_EQ(unescaped(text), "(not JSON)") << text;
  }
}

}  // namespace
}  // namespace earshot::parse
