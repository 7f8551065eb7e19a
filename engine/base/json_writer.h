// JsonWriter: appends JSON to a string. It writes commas and escapes; the caller keeps begin and end in balance.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace earshot {

// Appends `text` (UTF-8) between quotes, escaped as RFC 8259 asks and no further.
void append_json_string(std::string& out, std::string_view text);

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name) {  // `name` is a literal that needs no escape
    separate();
    out_.push_back('"');
    out_.append(name);
    out_.append("\":");
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

  JsonWriter& member(std::string_view name, std::string_view text) { return key(name).string(text); }
  JsonWriter& member(std::string_view name, const char* text) { return key(name).string(text); }
  JsonWriter& member(std::string_view name, int64_t number) { return key(name).integer(number); }
  JsonWriter& member_if(std::string_view name, std::string_view text) {
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
