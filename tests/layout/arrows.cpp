#include "tests/layout/arrows.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include "tests/layout/source_tree.h"

namespace earshot::layout {
namespace {

bool holds(std::string_view folder, std::string_view path) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

// "operators/=" for "operators/match/matcher.h" is "operators/match".
std::string own_folder(const std::string& target, std::string_view path) {
  if (!target.ends_with("/=")) return target;
  const size_t start = target.size() - 1;
  return std::string(path.substr(0, path.find('/', start)));
}

}  // namespace

Arrows::Arrows(std::string_view rules) {
  for (const std::string_view line : lines_of(rules)) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words{std::string(line)};
    std::string from;
    words >> from;
    for (std::string target; words >> target;) rules_[from].push_back(target);
  }
}

bool Arrows::allows(std::string_view path, std::string_view included) const {
  const std::vector<std::string>* targets = rule_for(path);
  if (targets == nullptr) return false;
  return std::any_of(targets->begin(), targets->end(),
                     [&](const std::string& target) { return holds(own_folder(target, path), included); });
}

const std::vector<std::string>* Arrows::rule_for(std::string_view path) const {
  const std::vector<std::string>* best = nullptr;
  size_t best_size = 0;
  for (const auto& [from, targets] : rules_) {
    if (!holds(from, path) || from.size() < best_size) continue;
    best = &targets;
    best_size = from.size();
  }
  return best;
}

std::vector<Include> quoted_includes(std::string_view source) {
  static const std::regex kInclude(R"|(^\s*#\s*include\s*"([^"]+)")|");
  std::vector<Include> found;
  const std::vector<std::string_view> lines = lines_of(source);
  for (size_t i = 0; i < lines.size(); ++i) {
    std::cmatch match;
    if (std::regex_search(lines[i].data(), lines[i].data() + lines[i].size(), match, kInclude)) {
      found.push_back({match[1].str(), i + 1});
    }
  }
  return found;
}

}  // namespace earshot::layout
