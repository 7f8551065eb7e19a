// Decoder: decompresses a stream piece by piece, over any number of gzip members or zstd frames in a row.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace earshot::file {

enum class Compression { kNone, kGzip, kZstd };

// Told by magic bytes; four bytes are enough.
Compression detect_compression(std::string_view first_bytes);

class Decoder {
 public:
  virtual ~Decoder() = default;

  // Writes up to `capacity` bytes to `into` and answers how many; takes what it used off the front of `input`. 0 with
  // input left over means damage: see fault().
  virtual size_t decode(std::string_view& input, char* into, size_t capacity) = 0;

  // What is wrong with the stream; bytes decoded before the damage are good.
  [[nodiscard]] const std::optional<std::string>& fault() const { return fault_; }

  // True where the stream may end: not inside a member or frame.
  [[nodiscard]] virtual bool between_frames() const = 0;

 protected:
  std::optional<std::string> fault_;
};

// Precondition: not kNone.
std::unique_ptr<Decoder> make_decoder(Compression compression);

}  // namespace earshot::file
