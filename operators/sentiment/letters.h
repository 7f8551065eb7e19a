// Letters: rewrites a text so that one byte is one code point, as far as VADER's rules can tell code points apart.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operators/sentiment/vader_data.h"

namespace earshot::sentiment {

// The bytes that stand for code points outside ASCII. No word of the tables has such a byte.
inline constexpr char kUncasedLetter = '\x80';
inline constexpr char kUpperLetter = '\x81';
inline constexpr char kLowerLetter = '\x82';  // lower or title case: either keeps a word from being all capitals

// Bytes on the heap that grow and are never cleared.
class ByteBuffer {
 public:
  [[nodiscard]] char* data() const { return bytes_.get(); }
  [[nodiscard]] size_t capacity() const { return capacity_; }

  // Keeps the first `used` bytes.
  void reserve(size_t capacity, size_t used = 0);

 private:
  std::unique_ptr<char[]> bytes_;
  size_t capacity_ = 0;
};

// Immutable; shared between threads.
class Letters {
 public:
  explicit Letters(std::span<const EmojiName> emoji);

  // Writes `text` to `out`: ASCII as it is, an emoji as its name with the spaces that VADER puts around it, any white
  // space as a space, everything else as one of the three bytes above. Bytes that are not UTF-8 count as uncased
  // letters.
  std::string_view rewrite(std::string_view text, ByteBuffer& out) const;

 private:
  static constexpr uint16_t kFirstName = 5;
  enum Class : uint16_t { kUncased, kUpper, kLower, kSpace, kKelvinSign };

  [[nodiscard]] uint16_t class_of(char32_t code_point) const {
    return pages_[page_of_[code_point >> 8]][code_point & 0xFF];
  }
  void set_class(char32_t code_point, uint16_t letter_class);

  std::array<uint16_t, 0x1100> page_of_{};  // by code point >> 8; page 0 is all uncased
  std::vector<std::array<uint16_t, 256>> pages_;
  std::vector<std::string> names_;
};

// True when no byte of `text` has its high bit set.
bool is_ascii(std::string_view text);

}  // namespace earshot::sentiment
