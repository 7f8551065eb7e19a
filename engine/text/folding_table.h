// FoldingTable: what the normaliser does with each code point, worked out once from ICU's data. Immutable; shared by
// threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

enum class CaseFolding : uint8_t {
  kUnicode,  // NFKC and full case folding (Unicode's NFKC_Casefold); scripts without spaces and emoji are split
  kUnicodeWithoutDiacritics,  // the same, and letters without their accents and other marks, strokes and ligatures
  kAscii,  // A to Z become a to z and nothing else changes; words are runs of letters and decimal digits
};

enum class FoldingAction : uint8_t {
  kSeparate,    // not part of a word: becomes a space
  kKeep,        // part of a word, stays as it is
  kReplace,     // part of a word, becomes other text, of up to 8 bytes, that is part of a word too
  kStandAlone,  // a word of its own: a sign of a script without spaces, an emoji
  kAttach,      // a mark that stays as it is after a word and is a separator elsewhere
  kDrop,        // invisible (soft hyphen, joiners, variation selectors): as if it were not there
  kExpand,      // becomes text of which parts may be separators or words of their own
  kCompose,     // may merge with what precedes it: only a whole sequence can be normalised
};

struct FoldingEntry {
  FoldingAction action = FoldingAction::kSeparate;
  uint8_t combining_class = 0;  // of its last code point after folding (Unicode's ccc); 255 when that is not simple
  uint16_t replacement = 0;     // index of the text for kReplace and kExpand
};

// Text of up to 8 bytes, so that it is copied as one word.
struct ShortText {
  char bytes[8];
  uint32_t length;
};

class FoldingTable {
 public:
  // Built on first use (some milliseconds), then the same object for the life of the process.
  static const FoldingTable& of(CaseFolding folding);

  [[nodiscard]] FoldingEntry entry(uint32_t code_point) const {
    return entries_[static_cast<uint32_t>(block_of_[code_point >> kBlockBits]) << kBlockBits |
                    (code_point & kBlockMask)];
  }
  [[nodiscard]] const ShortText& replacement(FoldingEntry entry) const { return replacements_[entry.replacement]; }
  [[nodiscard]] std::string_view expansion(FoldingEntry entry) const { return expansions_[entry.replacement]; }

  // What a code point does that is already normalised: never kReplace, kExpand, kCompose or kDrop.
  [[nodiscard]] static FoldingAction action_when_normalised(uint32_t code_point);

 private:
  static constexpr uint32_t kBlockBits = 6;
  static constexpr uint32_t kBlockMask = (1U << kBlockBits) - 1;

  explicit FoldingTable(CaseFolding folding);
  void fill_unicode(std::vector<FoldingEntry>& flat);
  void pack(const std::vector<FoldingEntry>& flat);

  std::vector<uint16_t> block_of_;  // blocks of 64 code points; equal blocks are stored once
  std::vector<FoldingEntry> entries_;
  std::vector<ShortText> replacements_;
  std::vector<std::string> expansions_;
};

// Normalises a whole sequence by NFKC_Casefold into `out` (UTF-8, cleared first).
void fold_sequence(std::string_view utf8, std::string& out);

}  // namespace earshot
