// NormalisedText: a text as the matchers see it, " word word word ", with the way back to the bytes the author wrote.
// Scratch of one thread: used again for each text, it stops allocating once it has seen a long one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/position_map.h"

namespace earshot {

class TextNormaliser;

class NormalisedText {
 public:
  // So many bytes after text() can be read, so that who reads it may do so by whole registers.
  static constexpr size_t kSlackBytes = 64;

  // Words parted by single spaces, one space before the first and after the last; " " when there is no word. Good until
  // the next text is normalised into this object.
  [[nodiscard]] std::string_view text() const { return {buffer_.data(), size_}; }

  // Where each word begins in text(), and one last entry past the end: word i is text()[starts[i] .. starts[i + 1] -
  // 1). Worked out on the first call for a text. Good as long as text().
  std::span<const uint32_t> word_starts();

  [[nodiscard]] size_t word_count() { return word_starts().size() - 1; }
  std::string_view word(size_t i) {
    const std::span<const uint32_t> starts = word_starts();
    return text().substr(starts[i], starts[i + 1] - 1 - starts[i]);
  }

  // The bytes of the original text that text()[begin, end) came from. Precondition: begin is where a word begins, end
  // is where a word ends (not its space), begin < end.
  [[nodiscard]] ByteRange original_range(uint32_t begin, uint32_t end) const {
    return {positions_.original(begin).begin, positions_.original(end - 1).end};
  }

 private:
  friend class TextNormaliser;
  friend class NormalisationPass;

  std::vector<char> buffer_ = std::vector<char>(1 + kSlackBytes, ' ');
  size_t size_ = 1;
  PositionMap positions_;
  std::vector<uint32_t> word_starts_;
  bool has_word_starts_ = false;
  std::string sequence_;  // a composed sequence on its way through ICU
};

}  // namespace earshot
