#include "engine/observe/log_line.h"

#include <fmt/format.h>

#include <array>

#include "engine/base/json_writer.h"
#include "engine/time/timestamp.h"

namespace earshot {
namespace {

constexpr size_t kTextBytesMax = 1024;
constexpr std::array<std::string_view, 5> kLevelNames{"trace", "debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 5> kLevelLabels{"TRACE", "DEBUG", "INFO ", "WARN ", "ERROR"};

// Bytes of the well-formed UTF-8 sequence at the start of `text`; 0 when there is none (Unicode 15, table 3-7).
size_t well_formed_length(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto is_between = [&](size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return is_between(1, 0x80, 0xBF) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool is_second_fine = is_between(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
    return is_second_fine && is_between(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool is_second_fine = is_between(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
    return is_second_fine && is_between(2, 0x80, 0xBF) && is_between(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// C1 controls (U+0080 to U+009F) and the line separators steer terminals and readers as well.
bool is_steering(std::string_view sequence) {
  if (sequence.size() == 1) return is_control(sequence[0]);
  return (sequence.size() == 2 && sequence[0] == '\xC2' && static_cast<unsigned char>(sequence[1]) < 0xA0) ||
         sequence == "\u2028" || sequence == "\u2029";
}

// For a terminal: nothing that moves the cursor or begins a line.
std::string escaped_for_terminal(std::string_view text) {
  const std::string printable = printable_utf8(text, kTextBytesMax);
  std::string out;
  for (size_t i = 0; i < printable.size();) {
    const std::string_view sequence =
        std::string_view(printable).substr(i, well_formed_length(std::string_view(printable).substr(i)));
    if (!is_steering(sequence)) {
      out.append(sequence);
    } else if (sequence == "\n") {
      out.append("\\n");
    } else {
      for (const char c : sequence) {
        fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
      }
    }
    i += sequence.size();
  }
  return out;
}

std::string text_value(std::string_view text) {
  const bool is_bare = !text.empty() && text.find_first_of(" \"=") == std::string_view::npos;
  const std::string escaped = escaped_for_terminal(text);
  if (is_bare) return escaped;
  std::string quoted = "\"";
  for (const char c : escaped) {
    if (c == '"') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

struct JsonValue {
  JsonWriter& writer;
  void operator()(int64_t number) const { writer.integer(number); }
  void operator()(uint64_t number) const { writer.unsigned_integer(number); }
  void operator()(double number) const { writer.decimal(number, 6); }
  void operator()(bool truth) const { writer.boolean(truth); }
  void operator()(std::string_view text) const { writer.string(printable_utf8(text, kTextBytesMax)); }
};

struct TextValue {
  std::string operator()(std::string_view text) const { return text_value(text); }
  std::string operator()(bool truth) const { return truth ? "true" : "false"; }
  template <class T>
  std::string operator()(T number) const {
    return fmt::format("{}", number);
  }
};

}  // namespace

std::string printable_utf8(std::string_view text, size_t bytes_max) {
  std::string out;
  while (!text.empty()) {
    const size_t length = well_formed_length(text);
    if (out.size() + std::max<size_t>(length, 3) > bytes_max) return out + "…";
    out.append(length == 0 ? std::string_view("\uFFFD") : text.substr(0, length));
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return out;
}

std::string json_log_line(const LogEvent& event) {
  std::string line;
  JsonWriter json(line);
  json.begin_object().member("ts", format_rfc3339(event.time_ms));
  json.member("level", kLevelNames[static_cast<size_t>(event.level)]);
  json.member("component", printable_utf8(event.component, kTextBytesMax));
  json.member("message", printable_utf8(event.message, kTextBytesMax));
  if (!event.fields.empty()) {
    json.key("fields").begin_object();
    for (const LogField& field : event.fields) {
      json.escaped_key(field.key);
      std::visit(JsonValue{json}, field.value);
    }
    json.end_object();
  }
  json.end_object();
  return line;
}

std::string text_log_line(const LogEvent& event) {
  std::string line =
      fmt::format("{} {} {}: {}", format_rfc3339(event.time_ms), kLevelLabels[static_cast<size_t>(event.level)],
                  escaped_for_terminal(event.component), escaped_for_terminal(event.message));
  for (const LogField& field : event.fields) {
    fmt::format_to(std::back_inserter(line), " {}={}", field.key, std::visit(TextValue{}, field.value));
  }
  return line;
}

}  // namespace earshot
