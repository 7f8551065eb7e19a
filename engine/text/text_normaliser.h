// TextNormaliser: folds a text once so that every matcher can compare bytes. Immutable and cheap to copy; any thread
// may use it.
#pragma once

#include <string>
#include <string_view>

#include "engine/text/ascii_run.h"
#include "engine/text/folding_table.h"
#include "engine/text/normalised_text.h"

namespace earshot {

// With CaseFolding::kUnicode: NFKC_Casefold (Unicode Standard Annex 15 and chapter 3.13), then every run of what is not
// a word character becomes one space. Word characters are letters (L*), decimal digits (Nd), and marks (M*) after them.
// Each sign of Han, Hiragana, Katakana, Thai, Lao, Khmer and Myanmar, and each emoji, is a word of its own. Invisible
// code points vanish, but U+200B parts words; the signs for trade and service marks are separators. Malformed UTF-8
// parts words. With CaseFolding::kAscii: see CaseFolding.
class TextNormaliser {
 public:
  explicit TextNormaliser(CaseFolding folding = CaseFolding::kUnicode);

  // As above with a certain kernel for ASCII, to hold all kernels to the same result.
  TextNormaliser(CaseFolding folding, AsciiKernel kernel);

  // Texts of up to 1 GiB; what is beyond is left out. Allocates only while `out` has not yet seen a text as long.
  void normalise(std::string_view text, NormalisedText& out) const;

  // For set-up: the normalised text as a string.
  [[nodiscard]] std::string normalise(std::string_view text) const;

 private:
  const FoldingTable* table_;
  AsciiKernel kernel_;
};

}  // namespace earshot
