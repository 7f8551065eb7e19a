// KeyFilter: may a key be among some? Never wrong about a key that is; about one other key in a hundred or fewer it is.
// A blocked Bloom filter (Putze, Sanders and Singler 2007) of three bits in one block of 32. Immutable once filled.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace earshot::match {

class KeyFilter {
 public:
  KeyFilter() = default;  // holds no key

  explicit KeyFilter(size_t key_count) {
    const size_t blocks = std::bit_ceil(std::max<size_t>(2, (key_count * kBitsPerKeyMin + 31) / 32));
    blocks_.resize(blocks);
    shift_ = 32U - static_cast<uint32_t>(std::countr_zero(blocks));
  }

  void insert(uint32_t key) { blocks_[key >> shift_] |= bits_of(key); }

  [[nodiscard]] bool may_hold(uint32_t key) const {
    const uint32_t bits = bits_of(key);
    return (blocks_[key >> shift_] & bits) == bits;
  }

  // For kernels that look up many keys at once: the key's block is blocks()[key >> shift()], and it may be held if the
  // block has the bits numbered by the key's lowest five bits, the next five and the five after.
  [[nodiscard]] const uint32_t* blocks() const { return blocks_.data(); }
  [[nodiscard]] uint32_t shift() const { return shift_; }
  [[nodiscard]] size_t size_bytes() const { return blocks_.capacity() * sizeof(uint32_t); }

 private:
  static constexpr size_t kBitsPerKeyMin = 16;

  static uint32_t bits_of(uint32_t key) {
    return uint32_t{1} << (key & 31) | uint32_t{1} << (key >> 5 & 31) | uint32_t{1} << (key >> 10 & 31);
  }

  std::vector<uint32_t> blocks_ = {0, 0};
  uint32_t shift_ = 31;
};

}  // namespace earshot::match
