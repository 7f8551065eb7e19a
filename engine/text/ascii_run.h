// AsciiRun: folds a run of ASCII, the bulk of most texts. One kernel per instruction set, all with the same result.
#pragma once

#include <span>
#include <string_view>

#include "engine/text/position_map.h"

namespace earshot {

// The place of a normalisation in its text. A kernel moves `at` and `out` on and writes positions.
struct AsciiCursor {
  const char* begin;  // of the whole original text
  const char* at;     // first byte not yet read
  const char* end;
  char* out;        // after the last byte written; out[-1] is a space or part of a word
  char* out_begin;  // of the whole normalised text
  PositionMap* positions;
};

// Reads ASCII up to the next other byte or the end. Letters and digits are lowered and kept, runs of all else become
// one space. Precondition: out has room for end - at + kAsciiSlackBytes, positions for (end - at) / 16 + 2.
using AsciiKernel = void (*)(AsciiCursor& cursor);

inline constexpr size_t kAsciiSlackBytes = 64;  // kernels write whole registers

struct NamedAsciiKernel {
  std::string_view name;
  AsciiKernel run;
};

// The kernels that this CPU can run, slowest first.
std::span<const NamedAsciiKernel> ascii_kernels();

}  // namespace earshot
