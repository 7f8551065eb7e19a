#include "engine/config/reference_page.h"

#include <fmt/format.h>

#include "engine/config/expectation.h"

namespace earshot {
namespace {

std::string escape_cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out.push_back('\\');
    if (c == '<') {
      out.append("&lt;");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string default_cell(const ConfigOption& option) {
  if (option.is_required()) return "**required**";
  if (!option.shown_default().empty()) return escape_cell(option.shown_default());
  const std::string value = bound_value_of(option);
  return value.empty() ? "" : fmt::format("`{}`", value);
}

void write_section(std::string& out, const ConfigSection& section, const std::string& path) {
  if (!path.empty()) fmt::format_to(std::back_inserter(out), "\n## `{}`\n\n{}\n", path, section.doc());
  bool has_table = false;
  for (const auto& member : section.members()) {
    const auto* option = std::get_if<ConfigOption>(member.get());
    if (option == nullptr) continue;
    if (!has_table) out += "\n| Key | Takes | Default | Meaning | An edit is |\n|---|---|---|---|---|\n";
    has_table = true;
    fmt::format_to(std::back_inserter(out), "| `{}` | {} | {} | {} | {} |\n", option->name(),
                   escape_cell(expectation_of(*option)), default_cell(*option), escape_cell(option->doc()),
                   to_string(option->edit_rule().effect));
  }
  for (const auto& member : section.members()) {
    const auto* inner = std::get_if<ConfigSection>(member.get());
    if (inner != nullptr) write_section(out, *inner, path.empty() ? inner->name() : path + "." + inner->name());
  }
}

}  // namespace

std::string write_reference_page(const ConfigSection& declaration, const std::string& introduction) {
  std::string out = introduction;
  write_section(out, declaration, "");
  return out;
}

}  // namespace earshot
