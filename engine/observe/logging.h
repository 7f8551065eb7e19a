// Logging: one line for each event on stderr, as text for a person or as JSON for a collector. Posts' texts and secrets
// are never logged. Callers log events, not records: what happens for each post is counted in metrics instead.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <variant>

#include "engine/base/secret.h"

namespace earshot {

enum class LogLevel { kTrace, kDebug, kInfo, kWarning, kError };
enum class LogFormat { kText, kJson };

// A named value beside the message; `key` is a literal in snake_case. Secrets show as "[secret]".
struct LogField {
  using Value = std::variant<int64_t, uint64_t, double, bool, std::string_view>;

  std::string_view key;
  Value value;

  template <class T>
  requires std::convertible_to<const T&, std::string_view> LogField(std::string_view name, const T& text)
      : key(name), value(std::string_view(text)) {}
  template <std::integral T>
  LogField(std::string_view name, T number) : key(name), value(widened(number)) {}
  LogField(std::string_view name, double number) : key(name), value(number) {}
  LogField(std::string_view name, const Secret&) : key(name), value(std::string_view("[secret]")) {}

 private:
  template <std::integral T>
  static Value widened(T number) {
    if constexpr (std::same_as<T, bool>) return number;
    if constexpr (std::unsigned_integral<T>) return static_cast<uint64_t>(number);
    return static_cast<int64_t>(number);
  }
};

// Takes one line, newline not included.
using LogWriter = std::function<void(std::string_view line)>;

// Sets what is written and how, for the whole process; before it, text from kInfo on goes to stderr. Call it before
// other threads log. With a `writer`, lines go there instead of stderr, one at a time.
void init_logging(LogLevel level, LogFormat format, LogWriter writer = {});

// `component` is the room that speaks ("listen", "kafka"), `message` a short sentence that stays the same from event to
// event; what varies is in `fields`. Thread-safe. Control characters are escaped, broken UTF-8 is replaced, and a text
// is cut at 1 KiB, so that a line stays a line whatever is in it.
void write_log(LogLevel level, std::string_view component, std::string_view message,
               std::initializer_list<LogField> fields = {});

inline void log_debug(std::string_view component, std::string_view message,
                      std::initializer_list<LogField> fields = {}) {
  write_log(LogLevel::kDebug, component, message, fields);
}
inline void log_info(std::string_view component, std::string_view message,
                     std::initializer_list<LogField> fields = {}) {
  write_log(LogLevel::kInfo, component, message, fields);
}
inline void log_warning(std::string_view component, std::string_view message,
                        std::initializer_list<LogField> fields = {}) {
  write_log(LogLevel::kWarning, component, message, fields);
}
inline void log_error(std::string_view component, std::string_view message,
                      std::initializer_list<LogField> fields = {}) {
  write_log(LogLevel::kError, component, message, fields);
}

}  // namespace earshot
