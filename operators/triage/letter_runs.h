// LetterRuns: how long the run of letters from any byte of a text is, found 16 bytes at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace earshot::triage {

// Scratch of one thread.
class LetterRuns {
 public:
  // Marks the letters of `text` (UTF-8): ASCII letters, digits, "_" and every byte outside ASCII that does not begin a
  // symbol (E2) or an emoji (F0).
  void mark(std::string_view text);

  // Returns the number of letters in a row from `at` on. Precondition: `at` lies in the marked text.
  [[nodiscard]] size_t run_from(size_t at) const {
    static_assert(std::endian::native == std::endian::little);
    constexpr size_t kWindow = 57;  // bits that one unaligned load always holds
    for (size_t begin = at;; begin += kWindow) {
      uint64_t bits = 0;
      std::memcpy(&bits, reinterpret_cast<const char*>(bits_.data()) + begin / 8, sizeof bits);
      const auto run = static_cast<size_t>(std::countr_one(bits >> begin % 8));
      if (run < kWindow) return begin - at + run;
    }
  }

 private:
  std::vector<uint64_t> bits_;  // of byte i: bit i % 64 of word i / 64; zeros after the text
};

}  // namespace earshot::triage
