// Source tree: the text of every file that belongs to the project; what is built, downloaded or written by a run is
// not.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::layout {

struct SourceFile {
  std::string path;  // from the project's root, with '/'
  std::string text;

  [[nodiscard]] std::string_view extension() const;  // with the dot; empty when there is none
  [[nodiscard]] bool is_cpp() const { return extension() == ".cpp" || extension() == ".h"; }
  [[nodiscard]] bool is_python() const { return extension() == ".py"; }
  [[nodiscard]] bool is_shell() const;  // also a script that only its first line tells
  [[nodiscard]] bool is_source() const;
  [[nodiscard]] bool is_under(std::string_view folder) const;
};

std::vector<SourceFile> read_source_tree(const std::filesystem::path& root);

std::vector<std::string_view> lines_of(std::string_view text);

// "a/b" of "a/b/c"; empty for a file at the top.
std::string_view folder_of(std::string_view path);

// "c" of "a/b/c".
std::string_view name_of(std::string_view path);

}  // namespace earshot::layout
