// NormalisationPass: the part of a text that is not plain ASCII, code point by code point.
#pragma once

#include "engine/text/ascii_run.h"
#include "engine/text/folding_table.h"
#include "engine/text/normalised_text.h"
#include "engine/text/utf8.h"

namespace earshot {

class NormalisationPass {
 public:
  NormalisationPass(const FoldingTable& table, NormalisedText& text, AsciiCursor& cursor)
      : table_(table), text_(text), cursor_(cursor) {}

  // Reads from the cursor to the next long run of ASCII or the end.
  void run();

  // Makes room in the buffer for `bytes` more, whatever is still to be read; called before each ASCII run.
  void make_room(size_t bytes);

 private:
  // What the pass returns to when a later code point turns out to merge with this one.
  struct Sequence {
    const char* at = nullptr;
    size_t out = 0;
    size_t stretches = 0;
    uint64_t last_kept = 0;
    uint32_t contiguous_out = 0;
    bool parts_next = false;
    bool is_open = false;
  };

  void begin_after_ascii();
  void begin_sequence();
  void step_ascii(char byte);
  void step(CodePoint code_point);
  void attach(CodePoint code_point, FoldingEntry entry);
  void compose();
  void separate(uint32_t bytes);
  void keep(uint32_t bytes);
  void replace(std::string_view replacement, uint32_t bytes);
  void expand(std::string_view folded, uint32_t bytes);
  void part_from_previous();
  void record(uint32_t bytes);
  [[nodiscard]] uint32_t out_offset() const { return static_cast<uint32_t>(cursor_.out - cursor_.out_begin); }
  [[nodiscard]] uint32_t at_offset() const { return static_cast<uint32_t>(cursor_.at - cursor_.begin); }
  [[nodiscard]] bool is_after_space() const { return cursor_.out[-1] == ' '; }

  const FoldingTable& table_;
  NormalisedText& text_;
  AsciiCursor& cursor_;
  Sequence sequence_;
  uint32_t contiguous_out_ = 0;  // where the next byte must be written to belong to the last stretch; 0 when none may
  uint8_t combining_class_ = 0;  // of the last code point written
  bool parts_next_ = false;      // what was written last is a word of its own
};

}  // namespace earshot
