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

bool is_ascii_word(char byte) {
  const auto lowered = static_cast<unsigned char>(byte | 0x20);
  return (lowered >= 'a' && lowered <= 'z') || (byte >= '0' && byte <= '9');
}

}  // namespace

void NormalisationPass::run() {
  begin_after_ascii();
  while (cursor_.at < cursor_.end) {
    if (static_cast<signed char>(*cursor_.at) >= 0) {
      if (is_long_ascii_run(cursor_.at, cursor_.end)) break;
      step_ascii(*cursor_.at);
    } else {
      step(decode_utf8(cursor_.at, cursor_.end));
    }
  }
  part_from_previous();
}

void NormalisationPass::make_room(size_t bytes) {
  const auto left = static_cast<size_t>(cursor_.end - cursor_.at);
  const size_t used = out_offset();
  // A code point that stands alone grows from 2 bytes to 4 at most; what grows more asks for its own room.
  const size_t needed = used + bytes + 2 * left + kAsciiSlackBytes;
  if (text_.buffer_.size() < needed) {
    text_.buffer_.resize(needed + needed / 2);
    cursor_.out_begin = text_.buffer_.data();
    cursor_.out = cursor_.out_begin + used;
  }
  text_.positions_.reserve_more(left / 16 + 4);
}

// A mark may merge with the letter that the ASCII kernel wrote last.
void NormalisationPass::begin_after_ascii() {
  sequence_ = {};
  contiguous_out_ = 0;
  combining_class_ = 0;
  parts_next_ = false;
  if (cursor_.at == cursor_.begin || !is_ascii_word(cursor_.at[-1])) return;
  PositionMap& positions = text_.positions_;
  while (positions.last().kept == 0)
    positions.truncate(positions.size() - 1);  // a block that began with this code point
  const PositionStretch& last = positions.last();
  const int highest = 63 - __builtin_clzll(last.kept);
  sequence_ = {cursor_.at - 1,
               out_offset() - size_t{1},
               positions.size(),
               last.kept & ~(uint64_t{1} << highest),
               0,
               false,
               true};
}

void NormalisationPass::begin_sequence() {
  sequence_ = {cursor_.at,
               out_offset(),
               text_.positions_.size(),
               text_.positions_.size() > 0 ? text_.positions_.last().kept : 0,
               contiguous_out_,
               parts_next_,
               true};
  combining_class_ = 0;
}

void NormalisationPass::step_ascii(char byte) {
  if (!is_ascii_word(byte)) return separate(1);
  begin_sequence();
  part_from_previous();
  record(1);
  *cursor_.out++ = static_cast<char>(byte | 0x20);  // bit 5 is set in every digit
  ++cursor_.at;
}

void NormalisationPass::step(CodePoint code_point) {
  if (code_point.value == kNotUtf8) return separate(1);
  const FoldingEntry entry = table_.entry(code_point.value);
  switch (entry.action) {
    case FoldingAction::kSeparate:
      return separate(code_point.length);
    case FoldingAction::kKeep:
      begin_sequence();
      part_from_previous();
      return keep(code_point.length);
    case FoldingAction::kStandAlone:
      begin_sequence();
      parts_next_ = !is_after_space();
      part_from_previous();
      keep(code_point.length);
      parts_next_ = true;
      return;
    case FoldingAction::kReplace:
      begin_sequence();
      part_from_previous();
      replace(table_.replacement(entry), code_point.length);
      combining_class_ = entry.combining_class;
      return;
    case FoldingAction::kExpand:
      begin_sequence();
      expand(table_.replacement(entry), code_point.length);
      cursor_.at += code_point.length;
      combining_class_ = entry.combining_class;
      return;
    case FoldingAction::kDrop:
      cursor_.at += code_point.length;
      return;
    case FoldingAction::kAttach:
      return attach(code_point, entry);
    case FoldingAction::kCompose:
      return compose();
  }
}

void NormalisationPass::attach(CodePoint code_point, FoldingEntry entry) {
  if (entry.combining_class == 0 || !sequence_.is_open) {
    begin_sequence();
  } else if (entry.combining_class < combining_class_) {
    return compose();  // the marks are not in canonical order
  }
  combining_class_ = entry.combining_class;
  if (!is_after_space()) return keep(code_point.length);
  cursor_.at += code_point.length;
}

// Goes back to where the sequence began and normalises it as a whole.
void NormalisationPass::compose() {
  if (sequence_.is_open) {
    cursor_.at = sequence_.at;
    cursor_.out = cursor_.out_begin + sequence_.out;
    text_.positions_.truncate(sequence_.stretches);
    if (sequence_.stretches > 0) text_.positions_.last().kept = sequence_.last_kept;
    contiguous_out_ = sequence_.contiguous_out;
    parts_next_ = sequence_.parts_next;
  }
  const char* stop = cursor_.at + decode_utf8(cursor_.at, cursor_.end).length;
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
  const std::string_view sequence(cursor_.at, static_cast<size_t>(visible_stop - cursor_.at));
  fold_sequence(sequence, text_.sequence_);
  expand(text_.sequence_, static_cast<uint32_t>(sequence.size()));
  cursor_.at = stop;
  sequence_.is_open = false;
  combining_class_ = 0;
}

void NormalisationPass::separate(uint32_t bytes) {
  if (!is_after_space()) {
    record(1);
    *cursor_.out++ = ' ';
  }
  parts_next_ = false;
  sequence_.is_open = false;  // nothing merges with a separator
  combining_class_ = 0;
  cursor_.at += bytes;
}

void NormalisationPass::keep(uint32_t bytes) {
  record(bytes);
  std::memcpy(cursor_.out, cursor_.at, bytes);
  cursor_.out += bytes;
  cursor_.at += bytes;
}

void NormalisationPass::replace(std::string_view replacement, uint32_t bytes) {
  if (replacement.size() == bytes) {
    record(bytes);
  } else {
    if (replacement.size() > bytes) make_room(replacement.size());
    text_.positions_.reserve_more(1);
    text_.positions_.push({out_offset(), at_offset(), 0, bytes});
    contiguous_out_ = 0;
  }
  std::memcpy(cursor_.out, replacement.data(), replacement.size());
  cursor_.out += replacement.size();
  cursor_.at += bytes;
}

// Writes text that is normalised but may hold separators and words of their own; all of it came from the next `bytes`.
void NormalisationPass::expand(std::string_view folded, uint32_t bytes) {
  make_room(2 * folded.size());
  text_.positions_.push({out_offset(), at_offset(), 0, bytes});
  contiguous_out_ = 0;
  const char* end = folded.data() + folded.size();
  for (const char* at = folded.data(); at < end;) {
    const CodePoint code_point = decode_utf8(at, end);
    FoldingAction action = FoldingTable::action_when_normalised(code_point.value);
    if (action == FoldingAction::kAttach && is_after_space()) action = FoldingAction::kSeparate;
    if (action == FoldingAction::kSeparate) {
      if (!is_after_space()) *cursor_.out++ = ' ';
      parts_next_ = false;
    } else {
      if (action == FoldingAction::kStandAlone && !is_after_space()) parts_next_ = true;
      if (action != FoldingAction::kAttach) part_from_previous();
      std::memcpy(cursor_.out, at, code_point.length);
      cursor_.out += code_point.length;
      if (action == FoldingAction::kStandAlone) parts_next_ = true;
    }
    at += code_point.length;
  }
}

void NormalisationPass::part_from_previous() {
  if (parts_next_) *cursor_.out++ = ' ';
  parts_next_ = false;
}

// Notes that the next `bytes` original bytes give the next `bytes` normalised ones.
void NormalisationPass::record(uint32_t bytes) {
  const uint32_t out = out_offset();
  const uint32_t at = at_offset();
  const uint64_t bits = (uint64_t{1} << bytes) - 1;
  if (contiguous_out_ == out) {
    PositionStretch& last = text_.positions_.last();
    const uint32_t offset = at - last.original_begin;
    if (offset + bytes <= 64) {
      last.kept |= bits << offset;
      contiguous_out_ = out + bytes;
      return;
    }
  }
  text_.positions_.reserve_more(1);
  text_.positions_.push({out, at, bits, 0});
  contiguous_out_ = out + bytes;
}

}  // namespace earshot
