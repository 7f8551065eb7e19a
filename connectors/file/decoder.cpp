#include "connectors/file/decoder.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>

namespace earshot::file {
namespace {

constexpr std::string_view kGzipMagic("\x1f\x8b", 2);
constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);
constexpr std::string_view kZstdSkippableTail("\x2a\x4d\x18", 3);

class GzipDecoder final : public Decoder {
 public:
  GzipDecoder() {
    // 16 + window bits: gzip, and nothing else.
    if (inflateInit2(&stream_, 16 + MAX_WBITS) != Z_OK) fault_ = "zlib cannot start";
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }

  size_t decode(std::string_view& input, char* into, size_t capacity) override {
    size_t decoded = 0;
    while (!fault_ && decoded == 0 && (!input.empty() || holds_output_)) {
      if (between_members_ && !start_member(input)) break;
      decoded = inflate_some(input, into, capacity);
    }
    return decoded;
  }

  [[nodiscard]] bool between_frames() const override { return between_members_; }

 private:
  // False when the input holds no more than the zeros that fill up tape blocks.
  bool start_member(std::string_view& input) {
    if (members_ > 0) input.remove_prefix(std::min(input.find_first_not_of('\0'), input.size()));
    if (input.empty()) return false;
    if (inflateReset(&stream_) != Z_OK) fault_ = "zlib cannot go on";
    between_members_ = false;
    ++members_;
    return true;
  }

  size_t inflate_some(std::string_view& input, char* into, size_t capacity) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(capacity);
    const int outcome = inflate(&stream_, Z_NO_FLUSH);
    input.remove_prefix(input.size() - stream_.avail_in);
    if (outcome == Z_STREAM_END) {
      between_members_ = true;
    } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
      fault_ = std::string("damaged gzip data: ") + (stream_.msg != nullptr ? stream_.msg : zError(outcome));
    }
    holds_output_ = stream_.avail_out == 0 && outcome == Z_OK;
    return capacity - stream_.avail_out;
  }

  z_stream stream_{};
  bool between_members_ = true;
  bool holds_output_ = false;  // what did not fit comes out without further input
  int64_t members_ = 0;
};

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) fault_ = "zstd cannot start";
  }
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  size_t decode(std::string_view& input, char* into, size_t capacity) override {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer out{into, capacity, 0};
    // A full buffer may hide output that needs no more input, so it is asked for once even without.
    while (!fault_ && out.pos == 0 && (in.pos < in.size || !between_frames_)) {
      const size_t before = in.pos;
      const size_t outcome = ZSTD_decompressStream(stream_, &out, &in);
      if (ZSTD_isError(outcome) != 0) fault_ = std::string("damaged zstd data: ") + ZSTD_getErrorName(outcome);
      between_frames_ = outcome == 0;
      if (out.pos == 0 && in.pos == before) break;
    }
    input.remove_prefix(in.pos);
    return out.pos;
  }

  [[nodiscard]] bool between_frames() const override { return between_frames_; }

 private:
  ZSTD_DStream* stream_;
  bool between_frames_ = true;
};

}  // namespace

Compression detect_compression(std::string_view first_bytes) {
  if (first_bytes.starts_with(kGzipMagic)) return Compression::kGzip;
  if (first_bytes.starts_with(kZstdMagic)) return Compression::kZstd;
  const bool skippable = first_bytes.size() >= 4 && (static_cast<unsigned char>(first_bytes[0]) & 0xf0) == 0x50 &&
                         first_bytes.substr(1, 3) == kZstdSkippableTail;
  return skippable ? Compression::kZstd : Compression::kNone;
}

std::unique_ptr<Decoder> make_decoder(Compression compression) {
  if (compression == Compression::kGzip) return std::make_unique<GzipDecoder>();
  return std::make_unique<ZstdDecoder>();
}

}  // namespace earshot::file
