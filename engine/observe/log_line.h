// Builds the text of a log line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/observe/logging.h"

namespace earshot {

struct LogEvent {
  int64_t time_ms = 0;
  LogLevel level = LogLevel::kInfo;
  std::string_view component;
  std::string_view message;
  std::span<const LogField> fields;
};

// {"ts":"…Z","level":"info","component":"…","message":"…","fields":{…}}
[[nodiscard]] std::string json_log_line(const LogEvent& event);

// 2026-03-01T12:00:00.000Z INFO  listen: message key=value key="two words"
[[nodiscard]] std::string text_log_line(const LogEvent& event);

// `text` with every byte that is not part of well-formed UTF-8 replaced by U+FFFD, cut to at most `bytes_max` and "…".
[[nodiscard]] std::string printable_utf8(std::string_view text, size_t bytes_max);

}  // namespace earshot
