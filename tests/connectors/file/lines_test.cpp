#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "tests/connectors/file/compress.h"
#include "tests/connectors/file/read_lines.h"
#include "tests/connectors/temporary_folder.h"

namespace earshot::file {
namespace {

using Lines = std::vector<std::string>;

TEST(FileSource, TakesALastLineWithoutNewlineAsARecord) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_lines({.paths = {folder.write("a", "one\ntwo")}}), (Lines{"one", "two"}));
}

TEST(FileSource, SkipsBlankLinesAndToleratesCarriageReturns) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_lines({.paths = {folder.write("a", "\n\r\none\r\n\n\ntwo\r\n\r\n")}}), (Lines{"one", "two"}));
}

TEST(FileSource, KeepsCarriageReturnsInsideALine) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_lines({.paths = {folder.write("a", "o\rne\n")}}), (Lines{"o\rne"}));
}

TEST(FileSource, SkipsAByteOrderMarkAtTheFrontAlone) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_lines({.paths = {folder.write("a", "\xef\xbb\xbfone\n\xef\xbb\xbftwo\n")}}),
            (Lines{"one", "\xef\xbb\xbftwo"}));
}

TEST(FileSource, EndsAtOnceOnAnEmptyFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_lines({.paths = {folder.write("a", "")}}), Lines());
}

TEST(FileSource, CountsOffsetsInBytesOfTheUncompressedText) {
  const TemporaryFolder folder;
  const std::string text = "one\n\ntwo\r\nthree";
  for (const std::string& bytes : {text, gzip(text), zstd(text)}) {
    const auto records = read_records({.paths = {folder.write("a", bytes)}});
    ASSERT_EQ(records.size(), 3u);
    EXPECT_EQ(records[0].offset, 0);
    EXPECT_EQ(records[1].offset, 5);
    EXPECT_EQ(records[2].offset, 10);
    EXPECT_EQ(records[2].timestamp_ms, kNoTimestamp);
  }
}

TEST(FileSource, CutsALineThatIsTooLongAndGoesOnBehindIt) {
  const TemporaryFolder folder;
  const std::string text = "one\n" + std::string(700'000, 'x') + "\ntwo\n" + std::string(80, 'y') + "\nthree\n";
  for (const std::string& bytes : {text, gzip(text), zstd(text)}) {
    const auto records =
        read_records({.paths = {folder.write("a", bytes)}, .max_record_bytes = 50, .batch_bytes = 1000});
    ASSERT_EQ(records.size(), 5u);
    EXPECT_EQ(records[1].value, std::string(50, 'x'));
    EXPECT_EQ(records[1].offset, 4);
    EXPECT_EQ(records[2].value, "two");
    EXPECT_EQ(records[2].offset, 700'005);
    EXPECT_EQ(records[3].value, std::string(50, 'y'));
    EXPECT_EQ(records[4].value, "three");
  }
}

TEST(FileSource, HoldsNoMoreOfAnEndlessLineThanARecordMayHave) {
  const TemporaryFolder folder;
  const auto source =
      open_or_fail({.paths = {folder.write("a", zstd(std::string(64 << 20, 'x')))}, .max_record_bytes = 1000});
  contract::settle(*source);
  const auto polled = source->poll(std::chrono::seconds(1));
  ASSERT_TRUE(polled.ok()) << polled.error().to_string();
  ASSERT_EQ(polled->status, PollStatus::kBatch);
  EXPECT_EQ((*polled->batch)[0].value.size(), 1000u);
  EXPECT_EQ(polled->batch->next_offset(), 64 << 20);
  EXPECT_LT(polled->batch->capacity_bytes(), size_t{4} << 20);
}

TEST(FileSource, ReadsGzipMembersInARowAndTheirZeroPadding) {
  const TemporaryFolder folder;
  const std::string bytes = gzip("one\nt") + gzip("wo\n") + gzip("") + gzip("three\n") + std::string(512, '\0');
  EXPECT_EQ(read_lines({.paths = {folder.write("a", bytes)}}), (Lines{"one", "two", "three"}));
}

TEST(FileSource, ReadsZstdFramesInARow) {
  const TemporaryFolder folder;
  const std::string skippable("\x50\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);
  const std::string bytes = skippable + zstd("one\nt") + zstd("wo\n") + zstd("") + skippable + zstd("three\n");
  EXPECT_EQ(read_lines({.paths = {folder.write("a", bytes)}}), (Lines{"one", "two", "three"}));
}

// Whatever the lines and however small the batches, what is read is what was written, from any record on.
RC_GTEST_PROP(FileSourceProperty, GivesBackAnyLinesWhateverTheBatchSizeAndPacking, ()) {
  const auto lines = *rc::gen::container<Lines>(
      rc::gen::container<std::string>(rc::gen::suchThat<char>([](char c) { return c != '\n' && c != '\r'; })));
  const int packing = *rc::gen::inRange(0, 3);
  const int64_t batch_bytes = *rc::gen::inRange<int64_t>(1, 200);
  const bool newline_at_end = *rc::gen::arbitrary<bool>();
  std::string text = "{}\n";  // a first line that no magic bytes look like
  Lines expected{"{}"};
  std::vector<int64_t> offsets{0};
  for (const std::string& line : lines) {
    if (!line.empty()) {
      expected.push_back(line);
      offsets.push_back(static_cast<int64_t>(text.size()));
    }
    text += line + "\n";
  }
  if (!newline_at_end) text.pop_back();
  const TemporaryFolder folder;
  const std::string path = folder.write("a", packing == 0 ? text : packing == 1 ? gzip(text) : zstd(text));
  const FileSourceOptions options{.paths = {path}, .batch_bytes = batch_bytes};
  RC_ASSERT(read_lines(options) == expected);
  const size_t from = *rc::gen::inRange<size_t>(0, expected.size());
  RC_ASSERT(read_lines(options, offsets[from]) ==
            Lines(expected.begin() + static_cast<std::ptrdiff_t>(from), expected.end()));
}

TEST(FileSource, KeepsOrderAndOffsetsOverManyMegabytes) {
  const TemporaryFolder folder;
  std::mt19937 random(7);
  std::string text;
  std::vector<int64_t> offsets;
  for (int i = 0; i < 20'000; ++i) {
    offsets.push_back(static_cast<int64_t>(text.size()));
    text += std::to_string(i) + std::string(random() % 1000, 'x') + "\n";
  }
  for (const std::string& bytes : {text, gzip(text), zstd(text)}) {
    const auto records = read_records({.paths = {folder.write("a", bytes)}});
    ASSERT_EQ(records.size(), offsets.size());
    for (size_t i = 0; i < records.size(); ++i) {
      ASSERT_EQ(records[i].offset, offsets[i]);
      ASSERT_EQ(records[i].value.substr(0, records[i].value.find('x')), std::to_string(i));
    }
  }
}

}  // namespace
}  // namespace earshot::file
