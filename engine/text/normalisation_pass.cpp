#include "engine/text/normalisation_pass.h"

#include <cstring>

namespace earshot {
namespace {

// From here on a kernel is faster than a step for each byte.
constexpr std::ptrdiff_t kLongRunBytes = 16;

bool is_long_ascii_run(const char* at, const char* end) {
  if (end - at < kLongRunBytes) return false;
  uint64_t words[2];
  std::memcpy(words, at, sizeof(words));
  return ((words[0] | words[1]) & 0x8080808080808080ULL) == 0;
}

bool is_ascii(char byte) {
  return static_cast<signed char>(byte) >= 0;
}

bool is_ascii_word(char byte) {
  const auto lowered = static_cast<unsigned char>(byte | 0x20);
  return (lowered >= 'a' && lowered <= 'z') || (byte >= '0' && byte <= '9');
}

}  // namespace

void NormalisationPass::run() {
  State state = begin();
  while (state.at < cursor_.end) {
    if (!is_ascii(*state.at)) {
      step(state);
    } else if (is_long_ascii_run(state.at, cursor_.end)) {
      break;
    } else {
      step_ascii(state);
    }
  }
  state.part_from_previous();
  end_stretch(state);
  cursor_.at = state.at;
  cursor_.out = state.out;
}

void NormalisationPass::make_room(size_t bytes) {
  const auto left = static_cast<size_t>(cursor_.end - cursor_.at);
  const auto used = static_cast<size_t>(cursor_.out - cursor_.out_begin);
  // No step grows what it reads more than fourfold (2 bytes to 8) but expand, which asks for its own room.
  static_assert(kAsciiSlackBytes >= NormalisedText::kSlackBytes);
  const size_t needed = used + bytes + 4 * left + kAsciiSlackBytes;
  if (text_.buffer_.size() < needed) {
    text_.buffer_.resize(needed + needed / 2);
    cursor_.out_begin = text_.buffer_.data();
    cursor_.out = cursor_.out_begin + used;
  }
  text_.positions_.reserve_more(left / 16 + 4);
}

// A mark may merge with the letter that the ASCII kernel wrote last.
NormalisationPass::State NormalisationPass::begin() const {
  State state;
  state.at = cursor_.at;
  state.out = cursor_.out;
  state.stretch_at = state.at;
  state.sequence_out = state.out;
  if (state.at > cursor_.begin && is_ascii_word(state.at[-1])) {
    state.sequence_at = state.at - 1;
    state.sequence_out = state.out - 1;
  }
  return state;
}

// Reads ASCII up to the next other byte.
inline void NormalisationPass::step_ascii(State& state) {
  do {
    if (!is_ascii_word(*state.at)) {
      separate(state, 1);
      continue;
    }
    state.begin_sequence();
    state.part_from_previous();
    record(state, 1);
    *state.out++ = static_cast<char>(*state.at++ | 0x20);  // bit 5 is set in every digit
  } while (state.at < cursor_.end && is_ascii(*state.at));
}

inline void NormalisationPass::step(State& state) {
  const CodePoint code_point = decode_utf8(state.at, cursor_.end);
  if (code_point.value == kNotUtf8) return separate(state, 1);
  const FoldingEntry entry = table_.entry(code_point.value);
  switch (entry.action) {
    case FoldingAction::kSeparate:
      return separate(state, code_point.length);
    case FoldingAction::kKeep:
      state.begin_sequence();
      state.part_from_previous();
      return keep(state, code_point.length);
    case FoldingAction::kStandAlone:
      state.begin_sequence();
      state.parts_next = !state.is_after_space();
      state.part_from_previous();
      keep(state, code_point.length);
      state.parts_next = true;
      return;
    case FoldingAction::kDrop:
      state.at += code_point.length;
      return;
    default:
      state = step_rarely(state, code_point, entry);
  }
}

inline void NormalisationPass::keep(State& state, uint32_t bytes) {
  record(state, bytes);
  if (cursor_.end - state.at >= 4) {
    std::memcpy(state.out, state.at, 4);
  } else {
    std::memcpy(state.out, state.at, bytes);
  }
  state.out += bytes;
  state.at += bytes;
}

inline void NormalisationPass::separate(State& state, uint32_t bytes) {
  if (!state.is_after_space()) {
    record(state, 1);
    *state.out++ = ' ';
  }
  state.parts_next = false;
  state.sequence_at = nullptr;  // nothing merges with a separator
  state.combining_class = 0;
  state.at += bytes;
}

// Notes that the next `bytes` original bytes give the next `bytes` normalised ones.
inline void NormalisationPass::record(State& state, uint32_t bytes) {
  auto offset = static_cast<uint64_t>(state.at - state.stretch_at);
  if (state.out != state.stretch_end || offset + bytes > 64) {
    end_stretch(state);
    state.stretch_at = state.at;
    state.stretch_out = state.out;
    offset = 0;
  }
  state.kept |= ((uint64_t{1} << bytes) - 1) << offset;
  state.stretch_end = state.out + bytes;
}

inline void NormalisationPass::end_stretch(State& state) {
  if (state.kept != 0) {
    text_.positions_.reserve_more(1);
    text_.positions_.push({static_cast<uint32_t>(state.stretch_out - cursor_.out_begin),
                           static_cast<uint32_t>(state.stretch_at - cursor_.begin), state.kept, 0});
  }
  state.kept = 0;
  state.stretch_end = nullptr;
}

[[gnu::noinline]] NormalisationPass::State NormalisationPass::step_rarely(State state, CodePoint code_point,
                                                                          FoldingEntry entry) {
  if (entry.action == FoldingAction::kAttach) {
    attach(state, code_point, entry);
  } else if (entry.action == FoldingAction::kCompose) {
    compose(state);
  } else {
    state.begin_sequence();
    if (entry.action == FoldingAction::kReplace) {
      state.part_from_previous();
      replace(state, table_.replacement(entry), code_point.length);
    } else {
      expand(state, table_.expansion(entry), code_point.length);
      state.at += code_point.length;
    }
    state.combining_class = entry.combining_class;
  }
  return state;
}

void NormalisationPass::attach(State& state, CodePoint code_point, FoldingEntry entry) {
  if (entry.combining_class == 0 || state.sequence_at == nullptr) {
    state.begin_sequence();
  } else if (entry.combining_class < state.combining_class) {
    return compose(state);  // the marks are not in canonical order
  }
  state.combining_class = entry.combining_class;
  if (!state.is_after_space()) return keep(state, code_point.length);
  state.at += code_point.length;
}

void NormalisationPass::replace(State& state, const ShortText& text, uint32_t bytes) {
  if (text.length == bytes) {
    record(state, bytes);
  } else {
    end_stretch(state);
    text_.positions_.reserve_more(1);
    text_.positions_.push({static_cast<uint32_t>(state.out - cursor_.out_begin),
                           static_cast<uint32_t>(state.at - cursor_.begin), 0, bytes});
  }
  std::memcpy(state.out, text.bytes, sizeof(text.bytes));
  state.out += text.length;
  state.at += bytes;
}

// Goes back to where the sequence began and normalises it as a whole.
void NormalisationPass::compose(State& state) {
  if (state.sequence_at != nullptr) go_back(state);
  const char* stop = state.at + decode_utf8(state.at, cursor_.end).length;
  const char* visible_stop = stop;
  while (stop < cursor_.end) {
    const CodePoint next = decode_utf8(stop, cursor_.end);
    if (next.value == kNotUtf8) break;
    const FoldingEntry entry = table_.entry(next.value);
    const bool is_invisible = entry.action == FoldingAction::kDrop;
    const bool belongs = is_invisible || entry.action == FoldingAction::kCompose ||
                         (entry.action == FoldingAction::kAttach && entry.combining_class != 0);
    if (!belongs) break;
    stop += next.length;
    if (!is_invisible) visible_stop = stop;
  }
  const std::string_view sequence(state.at, static_cast<size_t>(visible_stop - state.at));
  fold_sequence(sequence, text_.sequence_);
  expand(state, text_.sequence_, static_cast<uint32_t>(sequence.size()));
  state.at = stop;
  state.sequence_at = nullptr;
  state.combining_class = 0;
}

// Takes back what was written, and noted in the position map, since the sequence began.
void NormalisationPass::go_back(State& state) {
  end_stretch(state);
  state.at = state.sequence_at;
  state.out = state.sequence_out;
  state.parts_next = state.sequence_parts_next;
  const auto out = static_cast<uint32_t>(state.out - cursor_.out_begin);
  const auto at = static_cast<uint32_t>(state.at - cursor_.begin);
  PositionMap& positions = text_.positions_;
  while (positions.size() > 0 && positions.last().normalised_begin >= out) positions.truncate(positions.size() - 1);
  if (positions.size() == 0 || positions.last().opaque_bytes > 0) return;
  const uint32_t offset = at - positions.last().original_begin;
  if (offset < 64) positions.last().kept &= (uint64_t{1} << offset) - 1;
}

// Writes text that is normalised but may hold separators and words of their own; all of it came from the next `bytes`.
void NormalisationPass::expand(State& state, std::string_view folded, uint32_t bytes) {
  end_stretch(state);
  make_room(state, 2 * folded.size());
  text_.positions_.push({static_cast<uint32_t>(state.out - cursor_.out_begin),
                         static_cast<uint32_t>(state.at - cursor_.begin), 0, bytes});
  const char* end = folded.data() + folded.size();
  for (const char* at = folded.data(); at < end;) {
    const CodePoint code_point = decode_utf8(at, end);
    FoldingAction action = FoldingTable::action_when_normalised(code_point.value);
    if (action == FoldingAction::kAttach && state.is_after_space()) action = FoldingAction::kSeparate;
    if (action == FoldingAction::kSeparate) {
      if (!state.is_after_space()) *state.out++ = ' ';
      state.parts_next = false;
    } else {
      if (action == FoldingAction::kStandAlone) state.parts_next = !state.is_after_space();
      if (action != FoldingAction::kAttach) state.part_from_previous();
      std::memcpy(state.out, at, code_point.length);
      state.out += code_point.length;
      if (action == FoldingAction::kStandAlone) state.parts_next = true;
    }
    at += code_point.length;
  }
}

void NormalisationPass::make_room(State& state, size_t bytes) {
  const auto sequence_out = state.sequence_out - cursor_.out_begin;
  cursor_.at = state.at;
  cursor_.out = state.out;
  make_room(bytes);
  state.out = cursor_.out;
  state.sequence_out = cursor_.out_begin + sequence_out;
}

}  // namespace earshot
