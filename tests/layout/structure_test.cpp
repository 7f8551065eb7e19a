// Where things lie and who may know whom.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "tests/layout/arrows.h"
#include "tests/layout/project.h"

namespace earshot::layout {
namespace {

constexpr std::array<std::string_view, 7> kLayers = {"engine", "schemas", "operators", "connectors",
                                                     "ops",    "tests",   "bench"};

bool has_layer(std::string_view path) {
  return std::any_of(kLayers.begin(), kLayers.end(), [&](std::string_view layer) {
    return path.starts_with(layer) && path.substr(layer.size()).starts_with('/');
  });
}

// Folders one level below `layer` that have a CMakeLists.txt: its libraries.
std::set<std::string> libraries_of(std::string_view layer) {
  std::set<std::string> names;
  for (const SourceFile& file : project()) {
    if (!file.is_under(layer) || name_of(file.path) != "CMakeLists.txt") continue;
    const std::string_view folder = folder_of(file.path);
    if (folder_of(folder) == layer) names.emplace(name_of(folder));
  }
  return names;
}

TEST(Structure, IncludesOnlyAlongTheArrows) {
  const SourceFile* rules = find_file("tests/layout/arrows.txt");
  ASSERT_NE(rules, nullptr);
  const Arrows arrows(rules->text);
  Findings findings;
  for (const SourceFile& file : project()) {
    if (!file.is_cpp() || !has_layer(file.path)) continue;
    if (!arrows.covers(file.path)) findings.add(file.path, "tests/layout/arrows.txt has no rule for this folder");
    for (const Include& include : quoted_includes(file.text)) {
      if (has_layer(include.path) && !arrows.allows(file.path, include.path)) {
        findings.add(file.path, include.line, "must not include " + include.path + " (tests/layout/arrows.txt)");
      }
    }
  }
  EXPECT_EQ(findings.text, "");
}

TEST(Structure, IncludesOwnHeadersFromTheRootAndOnlyThoseThatExist) {
  Findings findings;
  for (const SourceFile& file : project()) {
    if (!file.is_cpp() || !has_layer(file.path)) continue;
    for (const Include& include : quoted_includes(file.text)) {
      const bool is_generated = include.path.ends_with(".pb.h");
      if (!has_layer(include.path)) findings.add(file.path, include.line, include.path + ": name it from the root");
      if (has_layer(include.path) && !is_generated && find_file(include.path) == nullptr) {
        findings.add(file.path, include.line, include.path + " is not there");
      }
    }
  }
  EXPECT_EQ(findings.text, "");
}

TEST(Structure, GuardsEveryHeaderOnce) {
  Findings findings;
  for (const SourceFile& file : project()) {
    if (file.extension() != ".h") continue;
    const std::vector<std::string_view> lines = lines_of(file.text);
    if (std::find(lines.begin(), lines.end(), "#pragma once") == lines.end())
      findings.add(file.path, "no #pragma once");
  }
  EXPECT_EQ(findings.text, "");
}

TEST(Structure, KeepsNoHeaderThatNobodyIncludes) {
  std::set<std::string> included;
  for (const SourceFile& file : project()) {
    if (!file.is_cpp()) continue;
    for (const Include& include : quoted_includes(file.text)) included.insert(include.path);
  }
  Findings findings;
  for (const SourceFile& file : project()) {
    if (file.extension() == ".h" && !included.count(file.path)) findings.add(file.path, "nobody includes it");
  }
  EXPECT_EQ(findings.text, "");
}

// Whether the CMakeLists.txt takes the source: a library or a test takes every .cpp beside its list, other lists name
// theirs.
bool builds(const SourceFile& list, std::string_view source) {
  const std::string_view folder = folder_of(list.path);
  const std::string_view inside = source.substr(folder.empty() ? 0 : folder.size() + 1);
  if (list.text.find(inside) != std::string::npos) return true;
  if (folder_of(source) != folder) return false;
  return list.text.find("earshot_library(") != std::string::npos ||
         list.text.find("earshot_test(") != std::string::npos || list.text.find("*.cpp") != std::string::npos ||
         (inside.ends_with("_bench.cpp") && list.text.find("*_bench.cpp") != std::string::npos);
}

TEST(Structure, BuildsEverySource) {
  Findings findings;
  for (const SourceFile& file : project()) {
    if (file.extension() != ".cpp") continue;
    bool is_built = false;
    for (std::string_view folder = folder_of(file.path); !folder.empty() && !is_built; folder = folder_of(folder)) {
      const SourceFile* list = find_file(std::string(folder) + "/CMakeLists.txt");
      is_built = list != nullptr && builds(*list, file.path);
    }
    if (!is_built) findings.add(file.path, "no CMakeLists.txt builds it");
  }
  EXPECT_EQ(findings.text, "");
}

TEST(Structure, ReachesEveryLibraryFolder) {
  const SourceFile* engine = find_file("engine/CMakeLists.txt");
  ASSERT_NE(engine, nullptr);
  Findings findings;
  for (const SourceFile& file : project()) {
    if (name_of(file.path) != "CMakeLists.txt" || !has_layer(file.path)) continue;
    const std::string folder(folder_of(file.path));
    const std::string layer(folder_of(folder));
    const bool is_top = layer.empty();
    const bool is_found = folder.starts_with("tests/") || folder.starts_with("bench/") || layer == "operators" ||
                          layer == "connectors" || layer == "ops";
    const bool is_room = layer == "engine" && engine->text.find(name_of(folder)) != std::string::npos;
    if (!is_top && !is_found && !is_room) findings.add(file.path, "no CMakeLists.txt above adds this folder");
  }
  EXPECT_EQ(findings.text, "");
}

TEST(Structure, GivesEveryOperatorTestsAndAMicroBenchmark) {
  Findings findings;
  const std::set<std::string> operators = libraries_of("operators");
  EXPECT_FALSE(operators.empty());
  for (const std::string& name : operators) {
    const std::string folder = "operators/" + name;
    if (find_file("tests/" + folder + "/CMakeLists.txt") == nullptr) findings.add(folder, "no tests/" + folder);
    if (find_file("bench/micro/" + name + "_bench.cpp") == nullptr)
      findings.add(folder, "no bench/micro/" + name + "_bench.cpp");
  }
  EXPECT_EQ(findings.text, "");
}

TEST(Structure, GivesEveryConnectorTests) {
  Findings findings;
  for (const std::string& name : libraries_of("connectors")) {
    const std::string folder = "connectors/" + name;
    if (find_file("tests/" + folder + "/CMakeLists.txt") == nullptr) findings.add(folder, "no tests/" + folder);
  }
  EXPECT_EQ(findings.text, "");
}

TEST(Structure, NamesLibrariesAfterTheirFolders) {
  Findings findings;
  const std::array<std::pair<std::string_view, std::string>, 2> kinds = {
      {{"operators", "earshot_op_"}, {"connectors", "earshot_connector_"}}};
  for (const auto& [layer, prefix] : kinds) {
    for (const std::string& name : libraries_of(layer)) {
      const std::string path = std::string(layer) + "/" + name + "/CMakeLists.txt";
      if (find_file(path)->text.find("earshot_library(" + prefix + name) == std::string::npos) {
        findings.add(path, "does not make " + prefix + name);
      }
    }
  }
  EXPECT_EQ(findings.text, "");
}

}  // namespace
}  // namespace earshot::layout
