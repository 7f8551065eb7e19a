#include "engine/text/normalised_text.h"

#include <algorithm>
#include <cstring>

namespace earshot {

std::span<const uint32_t> NormalisedText::word_starts() {
  if (has_word_starts_) return word_starts_;
  word_starts_.clear();
  // Each space but the last stands before a word; the last one gives the entry past the end.
  for (size_t block = 0; block < size_; block += sizeof(uint64_t)) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, buffer_.data() + block, std::min(sizeof(bytes), size_ - block));
    const uint64_t difference = bytes ^ 0x2020202020202020ULL;  // a space becomes zero
    constexpr uint64_t kLowBits = 0x7F7F7F7F7F7F7F7FULL;
    uint64_t spaces = ~(((difference & kLowBits) + kLowBits) | difference | kLowBits);
    for (; spaces != 0; spaces &= spaces - 1) {
      word_starts_.push_back(static_cast<uint32_t>(block + static_cast<size_t>(__builtin_ctzll(spaces)) / 8 + 1));
    }
  }
  has_word_starts_ = true;
  return word_starts_;
}

}  // namespace earshot
