// Arrows: which folder may include from which, as arrows.txt says.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::layout {

class Arrows {
 public:
  // `rules` is the text of arrows.txt.
  explicit Arrows(std::string_view rules);

  // Whether the file at `path` may include `included`, both from the project's root.
  [[nodiscard]] bool allows(std::string_view path, std::string_view included) const;

  // Whether some rule speaks of the file.
  [[nodiscard]] bool covers(std::string_view path) const { return rule_for(path) != nullptr; }

 private:
  [[nodiscard]] const std::vector<std::string>* rule_for(std::string_view path) const;

  std::map<std::string, std::vector<std::string>, std::less<>> rules_;
};

struct Include {
  std::string path;
  size_t line = 0;  // 1-based
};

// What a source includes in quotes.
std::vector<Include> quoted_includes(std::string_view source);

}  // namespace earshot::layout
