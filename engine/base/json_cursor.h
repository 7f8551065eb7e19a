// JsonCursor: writes JSON into memory that is known to be large enough, for what is written once a post. JsonWriter is
// its friendlier sibling that makes room as it goes.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace earshot {

// Writes `text` (UTF-8) escaped as RFC 8259 asks and no further; answers its end. Up to 15 bytes behind that are
// overwritten too.
char* write_json_escaped(char* at, std::string_view text);

class JsonCursor {
 public:
  // Writes from `at` on, to memory that the caller made large enough with the constants below.
  explicit JsonCursor(char* at) : at_(at) {}

  static constexpr size_t kNumberBytesMax = 20;
  // Most that a string takes: each byte as \u00XX, quotes, and the slack that lets 16 bytes be stored at once.
  static constexpr size_t string_bytes_max(std::string_view text) { return 6 * text.size() + 2 + 16; }

  JsonCursor& begin_object() { return open('{'); }
  JsonCursor& end_object() { return close('}'); }
  JsonCursor& begin_array() { return open('['); }
  JsonCursor& end_array() { return close(']'); }

  template <size_t N>
  JsonCursor& key(const char (&literal)[N]) {  // needs no escape
    separate();
    *at_ = '"';
    std::memcpy(at_ + 1, literal, N - 1);
    at_[N] = '"';
    at_[N + 1] = ':';
    at_ += N + 2;
    needs_comma_ = false;
    return *this;
  }
  JsonCursor& string(std::string_view text) {
    return raw_string([text](char* at) { return write_json_escaped(at, text); });
  }
  template <class Integer>
  JsonCursor& integer(Integer number) {
    separate();
    at_ = std::to_chars(at_, at_ + kNumberBytesMax, number).ptr;
    return *this;
  }
  JsonCursor& boolean(bool value) {
    return raw([value](char* at) {
      const std::string_view text = value ? "true" : "false";
      std::memcpy(at, text.data(), text.size());
      return at + text.size();
    });
  }
  // `number` ten-thousandths, with four digits behind the point.
  JsonCursor& decimal_e4(int32_t number);
  // `write` puts one whole value at the place it is given and answers where it ends.
  template <class Write>
  JsonCursor& raw(const Write& write) {
    separate();
    at_ = write(at_);
    return *this;
  }
  // The same for text that needs no escape; the quotes are written here.
  template <class Write>
  JsonCursor& raw_string(const Write& write) {
    separate();
    *at_++ = '"';
    at_ = write(at_);
    *at_++ = '"';
    return *this;
  }

  template <size_t N>
  JsonCursor& member(const char (&name)[N], std::string_view text) {
    return key(name).string(text);
  }
  template <size_t N>
  JsonCursor& member(const char (&name)[N], int64_t number) {
    return key(name).integer(number);
  }
  template <size_t N>
  JsonCursor& member_if(const char (&name)[N], std::string_view text) {
    return text.empty() ? *this : member(name, text);
  }
  [[nodiscard]] char* at() const { return at_; }

 private:
  void separate() {
    if (needs_comma_) *at_++ = ',';
    needs_comma_ = true;
  }
  JsonCursor& open(char bracket) {
    separate();
    *at_++ = bracket;
    needs_comma_ = false;
    return *this;
  }
  JsonCursor& close(char bracket) {
    *at_++ = bracket;
    needs_comma_ = true;
    return *this;
  }

  char* at_;
  bool needs_comma_ = false;
};

// Appends what `write` puts at the place it is given, at most `bytes_max`, and answers the end of.
template <class Write>
void append_bounded(std::string& out, size_t bytes_max, const Write& write) {
  const size_t start = out.size();
  out.resize(start + bytes_max);
  out.resize(static_cast<size_t>(write(out.data() + start) - out.data()));
}

}  // namespace earshot
