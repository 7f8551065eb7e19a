// PositionMap: which original bytes the bytes of a normalised text came from. Cheap to write (an entry for 32 or 64
// bytes of ASCII), read only for what matched.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace earshot {

struct ByteRange {
  uint32_t begin = 0;
  uint32_t end = 0;  // exclusive
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// A stretch of up to 64 original bytes. Bit k of `kept` says that original byte original_begin + k gave one normalised
// byte. With opaque_bytes above 0 every normalised byte of the stretch came from all of those bytes together.
struct PositionStretch {
  uint32_t normalised_begin;
  uint32_t original_begin;
  uint64_t kept;
  uint32_t opaque_bytes;
};

class PositionMap {
 public:
  void clear() { count_ = 0; }
  [[nodiscard]] size_t size() const { return count_; }
  void truncate(size_t count) { count_ = count; }

  // Makes room for `count` more.
  void reserve_more(size_t count) {
    if (stretches_.size() < count_ + count) stretches_.resize(std::max(count_ + count, stretches_.size() * 2));
  }
  // Precondition: room was made.
  PositionStretch& push(const PositionStretch& stretch) { return stretches_[count_++] = stretch; }
  PositionStretch& last() { return stretches_[count_ - 1]; }

  // Precondition: `normalised` is a byte of a word of the text that this map describes.
  [[nodiscard]] ByteRange original(uint32_t normalised) const {
    const auto end = stretches_.begin() + static_cast<std::ptrdiff_t>(count_);
    const auto after = std::upper_bound(stretches_.begin(), end, normalised,
                                        [](uint32_t at, const PositionStretch& s) { return at < s.normalised_begin; });
    const PositionStretch& stretch = *(after - 1);
    if (stretch.opaque_bytes > 0) return {stretch.original_begin, stretch.original_begin + stretch.opaque_bytes};
    // Few bytes are left out, so step over those rather than over the ones kept.
    uint32_t offset = normalised - stretch.normalised_begin;
    for (uint64_t left_out = ~stretch.kept; left_out != 0; left_out &= left_out - 1) {
      if (static_cast<uint32_t>(__builtin_ctzll(left_out)) > offset) break;
      ++offset;
    }
    const uint32_t at = stretch.original_begin + offset;
    return {at, at + 1};
  }

 private:
  std::vector<PositionStretch> stretches_;
  size_t count_ = 0;
};

}  // namespace earshot
