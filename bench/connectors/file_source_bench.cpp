// The file source: lines of 800 bytes from a file in the page cache, plain and compressed. Bytes are those of the text.
#include <benchmark/benchmark.h>
#include <zlib.h>
#include <zstd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "connectors/file/file_source.h"

namespace {

constexpr size_t kLines = 250'000;
constexpr size_t kLineBytes = 800;

// Letters with some order in them, so that compression has something to do.
std::string make_text() {
  std::mt19937 random(1);
  std::string text;
  text.reserve(kLines * kLineBytes);
  for (size_t line = 0; line < kLines; ++line) {
    for (size_t word = 0; word < kLineBytes / 8; ++word) text += "word " + std::to_string(100 + random() % 900);
    text.back() = '\n';
  }
  return text;
}

std::string pack(const std::string& text, int64_t packing) {
  if (packing == 0) return text;
  std::string packed(std::max(ZSTD_compressBound(text.size()), static_cast<size_t>(compressBound(text.size()) + 64)),
                     '\0');
  if (packing == 2) {
    packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
    return packed;
  }
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

// Argument: 0 plain, 1 gzip, 2 zstd.
void read_lines(benchmark::State& state) {
  const std::string text = make_text();
  const std::string path =
      (std::filesystem::temp_directory_path() / ("earshot-file-bench-" + std::to_string(state.range(0)))).string();
  std::ofstream(path, std::ios::binary) << pack(text, state.range(0));
  for (auto _ : state) {
    const auto source = std::move(*earshot::file::open_file_source({.paths = {path}}));
    if (!source->poll(std::chrono::milliseconds(0)) || !source->finish_rebalance({})) std::abort();
    size_t count = 0;
    while (true) {
      const auto polled = source->poll(std::chrono::milliseconds(0));
      if (!polled || polled->status != earshot::PollStatus::kBatch) break;
      count += polled->batch->size();
    }
    if (count != kLines) state.SkipWithError("lines are missing");
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
  std::filesystem::remove(path);
}
BENCHMARK(read_lines)->ArgName("packing")->DenseRange(0, 2)->Unit(benchmark::kMillisecond);

}  // namespace
