#include "ops/history/counts_file.h"

#include <gtest/gtest.h>

#include <sstream>

namespace earshot::history {
namespace {

constexpr int64_t kNowMs = 1'772'409'600'000;  // 2026-03-02T00:00:00Z

Result<std::map<std::string, std::vector<HistoryPane>>> read(const std::string& text, int64_t every_ms = 60'000,
                                                             size_t rows_max = 100) {
  ListenerSet listeners;
  for (const char* name : {"acme", "globex"}) listeners.listeners.emplace_back().name = name;
  std::istringstream in(text);
  return read_counts(in, listeners, {.name = "past.csv", .every_ms = every_ms, .now_ms = kNowMs, .rows_max = rows_max});
}

std::string fault_of(const std::string& text) {
  const auto counts = read(text);
  return counts ? "none" : counts.error().message;
}

TEST(CountsFile, ReadsCsvWithAndWithoutAHeaderInAnyOrder) {
  const auto counts = read(
      "listener,pane_start,count,negative\r\n"
      "acme,2026-03-01T10:01:00Z,7,2\r\n"
      "\n"
      "globex, 1772359200 ,3\n"
      "acme,2026-03-01T11:00:00+01:00,5,0\n");
  ASSERT_TRUE(counts.ok()) << counts.error().message;
  ASSERT_EQ(counts->size(), 2U);
  const auto& acme = counts->at("acme");
  ASSERT_EQ(acme.size(), 2U);
  EXPECT_EQ(acme[0].start_ms, 1'772'359'200'000);
  EXPECT_EQ(acme[0].mentions, 5U);
  EXPECT_EQ(acme[1].mentions, 7U);
  EXPECT_EQ(acme[1].negative, 2U);
  EXPECT_EQ(counts->at("globex")[0].start_ms, 1'772'359'200'000);
  EXPECT_TRUE(read("acme,1772359200,5").ok());
}

TEST(CountsFile, ReadsNdjson) {
  const auto counts = read(R"({"listener":"acme","pane_start":"2026-03-01T10:00:00Z","count":5,"negative":1})"
                           "\n"
                           R"({"listener":"acme","pane_start":1772359260,"count":"6"})");
  ASSERT_TRUE(counts.ok()) << counts.error().message;
  ASSERT_EQ(counts->at("acme").size(), 2U);
  EXPECT_EQ(counts->at("acme")[0].negative, 1U);
  EXPECT_EQ(counts->at("acme")[1].mentions, 6U);
}

TEST(CountsFile, NamesTheLineOfEveryFault) {
  EXPECT_EQ(fault_of("acme,1772359200,5\n"
                     "acne,1772359200,5\n"
                     "acme,yesterday,5\n"
                     "acme,1772359230,5\n"
                     "acme,1772359260,-5\n"
                     "acme,1772359260,5,6\n"
                     "acme,1772359260\n"
                     "acme,1,2,3,4\n"
                     "acme,1772409600,5\n"
                     "acme,1772359200,9\n"),
            "past.csv:2: no listener is called 'acne'\n"
            "past.csv:3: 'yesterday' is not a pane_start: expected RFC 3339 or seconds since the epoch\n"
            "past.csv:4: 1772359230 is no multiple of the 60000 ms that a row stands for\n"
            "past.csv:5: '-5' is not a count: expected a whole number\n"
            "past.csv:6: '6' is not a number of negative mentions: expected a whole number up to 5\n"
            "past.csv:7: expected listener,pane_start,count or listener,pane_start,count,negative\n"
            "past.csv:8: more than four columns\n"
            "past.csv:9: 1772409600 is not over yet\n"
            "past.csv:10: the pane was given on line 1 already");
}

TEST(CountsFile, RefusesBrokenJsonByLineToo) {
  EXPECT_TRUE(fault_of("{\"listener\":\"acme\"").starts_with("past.csv:1: not JSON: ")) << fault_of("{");
  EXPECT_EQ(fault_of(R"({"listener":["acme"],"pane_start":0,"count":1})"),
            R"(past.csv:1: no listener is called '["acme"]')");
}

TEST(CountsFile, ShowsTwentyFaultsAndCountsTheRest) {
  std::string text;
  for (int i = 0; i < 25; ++i) text += "nobody,0,1\n";
  EXPECT_TRUE(fault_of(text).ends_with("past.csv:20: no listener is called 'nobody'\nand 5 more")) << fault_of(text);
}

TEST(CountsFile, RefusesAFileWithoutRowsAndOneThatIsTooLong) {
  EXPECT_EQ(fault_of(""), "past.csv: holds no row");
  EXPECT_EQ(fault_of("listener,pane_start,count\n"), "past.csv: holds no row");
  const auto counts = read("acme,60,1\nacme,120,1\nacme,180,1\n", 60'000, 2);
  ASSERT_FALSE(counts.ok());
  EXPECT_EQ(counts.error().message, "past.csv: more than 2 rows");
}

}  // namespace
}  // namespace earshot::history
