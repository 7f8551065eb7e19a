#include "operators/sentiment/letters.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstring>

namespace earshot::sentiment {
namespace {

constexpr uint64_t kHighBits = 0x8080808080808080ULL;

uint64_t load_8(const char* at) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

struct Decoded {
  char32_t code_point;
  size_t bytes;
};

// Precondition: at[0] is not ASCII and left > 0. A broken sequence is one byte long and U+FFFD.
Decoded decode(const char* at, size_t left) {
  const auto byte = [at](size_t i) { return static_cast<uint8_t>(at[i]); };
  const auto continues = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const uint8_t lead = byte(0);
  if (lead >= 0xC2 && lead < 0xE0 && left >= 2 && continues(1)) {
    return {static_cast<char32_t>((lead & 0x1F) << 6 | (byte(1) & 0x3F)), 2};
  }
  if (lead >= 0xE0 && lead < 0xF0 && left >= 3 && continues(1) && continues(2)) {
    return {static_cast<char32_t>((lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F)), 3};
  }
  if (lead >= 0xF0 && lead < 0xF5 && left >= 4 && continues(1) && continues(2) && continues(3)) {
    const auto code_point =
        static_cast<char32_t>((lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F));
    if (code_point <= 0x10FFFF) return {code_point, 4};
  }
  return {U'�', 1};
}

char letter_byte(uint16_t letter_class) {
  // The Kelvin sign is a capital whose lower case is the ASCII "k": the only way into ASCII from outside.
  static constexpr char kBytes[] = {kUncasedLetter, kUpperLetter, kLowerLetter, ' ', 'K'};
  return kBytes[letter_class];
}

}  // namespace

void ByteBuffer::reserve(size_t capacity, size_t used) {
  if (capacity <= capacity_) return;
  capacity = std::max(capacity, capacity_ + capacity_ / 2);
  std::unique_ptr<char[]> bytes(new char[capacity]);
  if (used > 0) std::memcpy(bytes.get(), bytes_.get(), used);
  bytes_ = std::move(bytes);
  capacity_ = capacity;
}

Letters::Letters(std::span<const EmojiName> emoji) : pages_(1) {
  constexpr char32_t kFirstUncasedPlane = 0x20000;
  for (char32_t c = 0x80; c < kFirstUncasedPlane; ++c) {
    const auto point = static_cast<UChar32>(c);
    if (u_hasBinaryProperty(point, UCHAR_UPPERCASE)) {
      set_class(c, kUpper);
    } else if (u_hasBinaryProperty(point, UCHAR_LOWERCASE) || u_charType(point) == U_TITLECASE_LETTER) {
      set_class(c, kLower);
    } else if (u_hasBinaryProperty(point, UCHAR_WHITE_SPACE)) {
      set_class(c, kSpace);
    }
  }
  set_class(0x212A, kKelvinSign);
  ByteBuffer buffer;
  for (const EmojiName& each : emoji) {
    if (each.code_point < 0x80) continue;
    // A name holds no emoji, so it can be rewritten before the emoji are known.
    const std::string_view name = is_ascii(each.name) ? each.name : rewrite(each.name, buffer);
    set_class(each.code_point, static_cast<uint16_t>(kFirstName + names_.size()));
    names_.emplace_back(name);
  }
}

void Letters::set_class(char32_t code_point, uint16_t letter_class) {
  uint16_t& page = page_of_[code_point >> 8];
  if (page == 0) {
    page = static_cast<uint16_t>(pages_.size());
    pages_.emplace_back();
  }
  pages_[page][code_point & 0xFF] = letter_class;
}

std::string_view Letters::rewrite(std::string_view text, ByteBuffer& buffer) const {
  buffer.reserve(text.size() + 8);
  char* out = buffer.data();
  const char* at = text.data();
  const char* const end = at + text.size();
  bool after_space = true;  // VADER takes only U+0020 and the start of the text for a space here
  while (at != end) {
    if (end - at >= 8 && (load_8(at) & kHighBits) == 0) {
      std::memcpy(out, at, 8);
      at += 8;
      out += 8;
      after_space = at[-1] == ' ';
      continue;
    }
    if (static_cast<uint8_t>(*at) < 0x80) {
      after_space = *at == ' ';
      *out++ = *at++;
      continue;
    }
    const Decoded letter = decode(at, static_cast<size_t>(end - at));
    at += letter.bytes;
    const uint16_t letter_class = class_of(letter.code_point);
    if (letter_class < kFirstName) {
      *out++ = letter_byte(letter_class);
      after_space = false;
      continue;
    }
    const std::string& name = names_[letter_class - kFirstName];
    const auto used = static_cast<size_t>(out - buffer.data());
    buffer.reserve(used + name.size() + 1 + static_cast<size_t>(end - at) + 8, used);
    out = buffer.data() + used;
    if (!after_space) *out++ = ' ';
    out = std::copy(name.begin(), name.end(), out);
    after_space = false;
  }
  return {buffer.data(), static_cast<size_t>(out - buffer.data())};
}

bool is_ascii(std::string_view text) {
  uint64_t seen = 0;
  if (text.size() < 8) {
    for (const char c : text) seen |= static_cast<uint8_t>(c);
    return (seen & kHighBits) == 0;
  }
  for (size_t i = 0; i + 8 <= text.size(); i += 8) seen |= load_8(text.data() + i);
  seen |= load_8(text.data() + text.size() - 8);
  return (seen & kHighBits) == 0;
}

}  // namespace earshot::sentiment
