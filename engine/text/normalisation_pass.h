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
  // Where the pass stands. A value that is handed on, so that it stays in registers: what is written could alias
  // members.
  struct State {
    const char* at = nullptr;
    char* out = nullptr;

    // The stretch being written: it began at stretch_at and stretch_out, and goes on while out is stretch_end.
    const char* stretch_at = nullptr;
    char* stretch_out = nullptr;
    char* stretch_end = nullptr;
    uint64_t kept = 0;

    // Where the code points began that a later one may turn out to merge with; null when there are none.
    const char* sequence_at = nullptr;
    char* sequence_out = nullptr;
    bool sequence_parts_next = false;

    bool parts_next = false;      // what was written last is a word of its own
    uint8_t combining_class = 0;  // of the last code point written

    [[nodiscard]] bool is_after_space() const { return out[-1] == ' '; }
    void begin_sequence() {
      sequence_at = at;
      sequence_out = out;
      sequence_parts_next = parts_next;
      combining_class = 0;
    }
    void part_from_previous() {
      *out = ' ';
      out += parts_next ? 1 : 0;
      parts_next = false;
    }
  };

  [[nodiscard]] State begin() const;
  void step_ascii(State& state);
  void step(State& state);
  void keep(State& state, uint32_t bytes);
  void separate(State& state, uint32_t bytes);
  void record(State& state, uint32_t bytes);
  void end_stretch(State& state);
  State step_rarely(State state, CodePoint code_point, FoldingEntry entry);
  void attach(State& state, CodePoint code_point, FoldingEntry entry);
  void replace(State& state, const ShortText& text, uint32_t bytes);
  void compose(State& state);
  void go_back(State& state);
  void expand(State& state, std::string_view folded, uint32_t bytes);
  void make_room(State& state, size_t bytes);

  const FoldingTable& table_;
  NormalisedText& text_;
  AsciiCursor& cursor_;
};

}  // namespace earshot
