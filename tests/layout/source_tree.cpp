#include "tests/layout/source_tree.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace earshot::layout {
namespace {

bool is_foreign_folder(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kNames = {"build",        ".git",         ".deps",
                                                             "earshot-data", "node_modules", "__pycache__"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool is_text(std::string_view path) {
  static constexpr std::array<std::string_view, 16> kBinary = {".pyc", ".gz",  ".zst", ".png",  ".jpg", ".ico",
                                                               ".whl", ".jar", ".pb",  ".woff", ".a",   ".o",
                                                               ".so",  ".bin", ".svg", ".lock"};
  return std::none_of(kBinary.begin(), kBinary.end(), [&](std::string_view ending) { return path.ends_with(ending); });
}

}  // namespace

std::string_view SourceFile::extension() const {
  const std::string_view name = name_of(path);
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view{} : name.substr(dot);
}

bool SourceFile::is_shell() const {
  const bool has_bash = text.starts_with("#!/usr/bin/env bash") || text.starts_with("#!/bin/bash");
  return extension() == ".sh" || (extension().empty() && (has_bash || text.starts_with("#!/bin/sh")));
}

bool SourceFile::is_source() const {
  static constexpr std::array<std::string_view, 8> kOther = {".proto", ".java", ".js",   ".mjs",
                                                             ".ts",    ".css",  ".html", ".cmake"};
  return is_cpp() || is_python() || is_shell() || name_of(path) == "CMakeLists.txt" ||
         std::find(kOther.begin(), kOther.end(), extension()) != kOther.end();
}

bool SourceFile::is_under(std::string_view folder) const {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::vector<SourceFile> read_source_tree(const std::filesystem::path& root) {
  std::vector<SourceFile> files;
  for (auto entry = std::filesystem::recursive_directory_iterator(root);
       entry != std::filesystem::recursive_directory_iterator(); ++entry) {
    if (entry->is_directory() && is_foreign_folder(entry->path().filename().string())) {
      entry.disable_recursion_pending();
      continue;
    }
    const std::string path = std::filesystem::relative(entry->path(), root).generic_string();
    if (!entry->is_regular_file() || !is_text(path)) continue;
    std::ifstream file(entry->path(), std::ios::binary);
    files.push_back({path, std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>())});
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& left, const SourceFile& right) { return left.path < right.path; });
  return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

std::string_view folder_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace earshot::layout
