// Length, names and words: what every file of the project keeps to.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <regex>

#include "tests/layout/functions.h"
#include "tests/layout/project.h"

namespace earshot::layout {
namespace {

constexpr size_t kFileLinesMax = 400;
constexpr size_t kFunctionLinesMax = 70;

bool is_banned_name(std::string_view word) {
  static constexpr std::array<std::string_view, 9> kBanned = {"util", "utils",   "utility", "utilities", "common",
                                                              "misc", "helpers", "helper",  "stuff"};
  return std::find(kBanned.begin(), kBanned.end(), word) != kBanned.end();
}

// The words of a path: "tests/layout/source_tree.h" has tests, layout, source, tree and h.
std::vector<std::string> words_of(std::string_view path) {
  std::vector<std::string> words(1);
  for (const char letter : path) {
    if (letter == '/' || letter == '_' || letter == '-' || letter == '.') {
      words.emplace_back();
    } else {
      words.back() += letter;
    }
  }
  return words;
}

std::vector<FunctionSpan> functions_of(const SourceFile& file) {
  if (file.is_cpp()) return cpp_functions(file.text);
  if (file.is_python()) return python_functions(file.text);
  if (file.is_shell()) return shell_functions(file.text);
  return {};
}

TEST(Style, FindsTheProject) {
  EXPECT_GT(project().size(), 50U);
  EXPECT_NE(find_file("engine/base/result.h"), nullptr);
  EXPECT_NE(find_file("CMakeLists.txt"), nullptr);
}

TEST(Style, KeepsFilesShort) {
  Findings findings;
  for (const SourceFile& file : project()) {
    const size_t lines = lines_of(file.text).size();
    if (file.is_source() && lines > kFileLinesMax)
      findings.add(file.path, std::to_string(lines) + " lines, at most 400");
  }
  EXPECT_EQ(findings.text, "");
}

TEST(Style, KeepsFunctionsShort) {
  Findings findings;
  size_t functions = 0;
  for (const SourceFile& file : project()) {
    for (const FunctionSpan& function : functions_of(file)) {
      ++functions;
      if (function.line_count <= kFunctionLinesMax) continue;
      const std::string lines = std::to_string(function.line_count);
      findings.add(file.path, function.first_line, function.name + " has " + lines + " lines, at most 70");
    }
  }
  EXPECT_EQ(findings.text, "");
  EXPECT_GT(functions, 300U);
}

TEST(Style, NamesNothingAfterNothing) {
  static const std::regex kNamespace(R"(\bnamespace\s+([\w:]+))");
  Findings findings;
  for (const SourceFile& file : project()) {
    for (const std::string& word : words_of(file.path)) {
      if (is_banned_name(word)) findings.add(file.path, "'" + word + "' says nothing: name it by what it does");
    }
    if (!file.is_cpp()) continue;
    for (auto match = std::cregex_iterator(file.text.data(), file.text.data() + file.text.size(), kNamespace);
         match != std::cregex_iterator(); ++match) {
      std::string name = (*match)[1].str();
      std::replace(name.begin(), name.end(), ':', '/');
      for (const std::string& word : words_of(name)) {
        if (is_banned_name(word)) findings.add(file.path, "namespace '" + word + "' says nothing");
      }
    }
  }
  EXPECT_EQ(findings.text, "");
}

TEST(Style, LeavesNothingForLater) {
  // Written in two parts, so that this file does not find itself.
  const std::array<std::string, 3> words = {std::string("TO") + "DO", std::string("FIX") + "ME",
                                            std::string("DISA") + "BLED_"};
  Findings findings;
  for (const SourceFile& file : project()) {
    const std::vector<std::string_view> lines = lines_of(file.text);
    for (size_t i = 0; i < lines.size(); ++i) {
      for (const std::string& word : words) {
        const size_t place = lines[i].find(word);
        const bool is_in_word = place != std::string_view::npos && place > 0 && std::isalnum(lines[i][place - 1]) != 0;
        if (place != std::string_view::npos && !is_in_word) findings.add(file.path, i + 1, word);
      }
    }
  }
  EXPECT_EQ(findings.text, "");
}

// The checkout's own place, and where people and machines keep theirs.
std::vector<std::string> private_places() {
  const std::filesystem::path root = EARSHOT_SOURCE_DIR;
  std::vector<std::string> places = {std::string("/ho") + "me/", std::string("/Us") + "ers/",
                                     std::string("/ro") + "ot/", root.string()};
  static constexpr std::array<std::string_view, 6> kShared = {"/", "/tmp", "/opt", "/srv", "/src", "/usr/src"};
  const std::string above = root.parent_path().string();
  if (std::find(kShared.begin(), kShared.end(), above) == kShared.end()) places.push_back(above + "/");
  return places;
}

TEST(Style, TellsNoPrivatePath) {
  const std::vector<std::string> places = private_places();
  Findings findings;
  for (const SourceFile& file : project()) {
    const std::vector<std::string_view> lines = lines_of(file.text);
    for (size_t i = 0; i < lines.size(); ++i) {
      for (const std::string& place : places) {
        const size_t at = lines[i].find(place);
        if (at == std::string_view::npos) continue;
        const char before = at == 0 ? ' ' : lines[i][at - 1];
        const bool is_part_of_a_path = std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '.' ||
                                       before == '}' || before == '-' || before == '_' || before == '~';
        if (!is_part_of_a_path) findings.add(file.path, i + 1, "names the place " + place);
      }
    }
  }
  EXPECT_EQ(findings.text, "");
}

TEST(Style, EndsEveryTextWithANewline) {
  Findings findings;
  for (const SourceFile& file : project()) {
    if (file.is_source() && !file.text.empty() && file.text.back() != '\n')
      findings.add(file.path, "no newline at the end");
    if (file.is_source() && file.text.find("\r\n") != std::string::npos) findings.add(file.path, "Windows line ends");
  }
  EXPECT_EQ(findings.text, "");
}

}  // namespace
}  // namespace earshot::layout
