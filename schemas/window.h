// WindowResult: the sums of one listener over one closed window, as the `windows` topic holds them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schemas/counts.h"

namespace earshot {

struct WindowResult {
  std::string_view listener;
  std::string_view spoke;
  int64_t start_ms = 0;
  int64_t length_ms = 0;
  const CountSums* counts = nullptr;
  uint64_t revision = 0;  // late mentions merged in so far: of two results for one window the greater revision holds
};

// Appends the window as JSON (schemas/window.schema.json) without a newline.
void append_window_json(std::string& out, const WindowResult& window);

}  // namespace earshot
