// JsonWriter: appends JSON to a string. It writes commas and escapes; the caller keeps begin and end in balance.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace earshot {

// Appends `text` (UTF-8) between quotes, escaped as RFC 8259 asks and no further.
void append_json_string(std::string& out, std::string_view text);

// The name of a member as it is written, quotes, comma and colon included: made from a literal at compile time.
struct JsonKey {
  static constexpr size_t kBytesMax = 40;

  template <size_t N>
  consteval JsonKey(const char (&literal)[N]) : bytes(N + 3) {
    static_assert(N + 3 <= kBytesMax);
    text[0] = ',';
    text[1] = '"';
    for (size_t i = 0; i + 1 < N; ++i) {
      if (literal[i] == '"' || literal[i] == '\\' || static_cast<unsigned char>(literal[i]) < 0x20)
        throw "needs an escape";
      text[i + 2] = literal[i];
    }
    text[N + 1] = '"';
    text[N + 2] = ':';
  }

  std::array<char, kBytesMax> text{};
  size_t bytes;
};

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(const JsonKey& name) {
    out_.append(name.text.data() + (needs_comma_ ? 0 : 1), name.bytes - (needs_comma_ ? 0 : 1));
    needs_comma_ = false;
    return *this;
  }
  JsonWriter& escaped_key(std::string_view name) {  // for a name that is not known when earshot is built
    string(name);
    out_.push_back(':');
    needs_comma_ = false;
    return *this;
  }
  JsonWriter& string(std::string_view text) {
    separate();
    append_json_string(out_, text);
    return *this;
  }
  JsonWriter& integer(int64_t number);
  JsonWriter& unsigned_integer(uint64_t number);
  JsonWriter& decimal(double number, int digits);  // fixed point; not finite becomes null
  JsonWriter& boolean(bool truth);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // an already written value

  // Between the two the caller appends text that needs no escape to the string itself.
  JsonWriter& begin_raw_string();
  JsonWriter& end_raw_string();

  // After it the caller appends one whole value to the string itself.
  JsonWriter& begin_raw_value();

  JsonWriter& member(const JsonKey& name, std::string_view text) { return key(name).string(text); }
  JsonWriter& member(const JsonKey& name, const char* text) { return key(name).string(text); }
  JsonWriter& member(const JsonKey& name, int64_t number) { return key(name).integer(number); }
  JsonWriter& member_if(const JsonKey& name, std::string_view text) {
    return text.empty() ? *this : member(name, text);
  }

 private:
  JsonWriter& open(char bracket) {
    separate();
    out_.push_back(bracket);
    needs_comma_ = false;
    return *this;
  }
  JsonWriter& close(char bracket) {
    out_.push_back(bracket);
    needs_comma_ = true;
    return *this;
  }
  void separate() {
    if (needs_comma_) out_.push_back(',');
    needs_comma_ = true;
  }

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace earshot
