// Project: the tree under test, read once, and one failure text for all findings of a rule.
#pragma once

#include <string>
#include <vector>

#include "tests/layout/source_tree.h"

namespace earshot::layout {

inline const std::vector<SourceFile>& project() {
  static const std::vector<SourceFile> kFiles = read_source_tree(EARSHOT_SOURCE_DIR);
  return kFiles;
}

inline const SourceFile* find_file(std::string_view path) {
  for (const SourceFile& file : project()) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

// What breaks a rule, one finding a line.
struct Findings {
  std::string text;

  void add(std::string_view path, size_t line, std::string_view what) {
    text.append(path).append(":").append(std::to_string(line)).append(": ").append(what).append("\n");
  }
  void add(std::string_view path, std::string_view what) { text.append(path).append(": ").append(what).append("\n"); }
};

}  // namespace earshot::layout
