#include "ops/import/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "engine/base/utf8_prefix.h"

namespace earshot::import {
namespace {

// What holds for every rule of the language, and so is said once.
std::string_view differences_of(Language language) {
  switch (language) {
    case Language::kPowertrack:
      return "# Words and phrases are looked for in the post's text; PowerTrack also looks into the links in it.\n";
    case Language::kBrandwatch:
      return "# Words and phrases are looked for in the post's text; Brandwatch also looks into titles and "
             "addresses.\n";
    case Language::kCsdl:
      return "# interaction.content is the post's text here, without titles of linked pages.\n";
  }
  return "";
}

Translation translate(Language language, std::string_view query) {
  switch (language) {
    case Language::kPowertrack:
      return translate_powertrack(query);
    case Language::kBrandwatch:
      return translate_brandwatch(query);
    case Language::kCsdl:
      return translate_csdl(query);
  }
  return {};
}

// One line without control characters.
std::string flattened(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool is_control = static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
    if (!is_control) line += c;
    if (is_control && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

std::string yaml_text(std::string_view text) {
  std::string yaml = "'";
  for (const char c : flattened(text)) yaml += c == '\'' ? std::string("''") : std::string(1, c);
  return yaml + "'";
}

class Names {
 public:
  // The first of a name keeps it, others get a number.
  std::string take(const ForeignRule& rule, const std::string& file, size_t number) {
    constexpr size_t kNameBytesMax = 180;  // a listener's name has at most 200
    std::string name = flattened(!rule.name.empty() ? rule.name : rule.tags.empty() ? "" : rule.tags.front());
    if (name.empty()) name = fmt::format("{}-{}", std::filesystem::path(file).stem().string(), number);
    name = flattened(utf8_prefix(name, kNameBytesMax));
    std::string free = name;
    for (int copy = 2; !taken_.insert(free).second; ++copy) free = fmt::format("{}-{}", name, copy);
    return free;
  }

 private:
  std::set<std::string> taken_;
};

void append_listener(std::string& yaml, const std::string& name, const ForeignRule& rule, const ImportOptions& options,
                     const std::string& query) {
  yaml += fmt::format("  - name: {}\n    spoke: {}\n    owner: {}\n", yaml_text(name), yaml_text(options.spoke),
                      yaml_text(options.owner));
  yaml += fmt::format("    query: {}\n", yaml_text(query));
  std::string tags;
  for (const std::string& tag : rule.tags) {
    if (flattened(tag).empty()) continue;
    tags += (tags.empty() ? "" : ", ") + yaml_text(tag);
  }
  if (!tags.empty()) yaml += fmt::format("    tags: [{}]\n", tags);
}

}  // namespace

Result<Language> language_from_name(std::string_view name) {
  if (name == "powertrack") return Language::kPowertrack;
  if (name == "brandwatch") return Language::kBrandwatch;
  if (name == "csdl") return Language::kCsdl;
  return invalid(fmt::format("--from: unknown language '{}'; expected powertrack, brandwatch or csdl", name));
}

Result<Imported> import_rules(Language language, const std::string& file, std::string_view content,
                              const ImportOptions& options) {
  const auto rules = read_foreign_rules(language, file, content);
  if (!rules) return rules.error();
  Imported imported;
  imported.rules = rules->size();
  std::string listeners;
  std::string left_out;
  Names names;
  for (size_t i = 0; i < rules->size(); ++i) {
    const ForeignRule& rule = (*rules)[i];
    const std::string name = names.take(rule, file, i + 1);
    Translation translation = translate(language, rule.query);
    if (translation.is_refused()) {
      ++imported.refused;
      left_out += fmt::format("# Left out: {}: {}\n", name, flattened(rule.query));
    } else {
      append_listener(listeners, name, rule, options, translation.query);
    }
    for (Finding& finding : translation.findings) {
      const TextPlace place = place_of(content, rule, finding.begin);
      imported.findings.push_back({fmt::format("{}:{}:{}", file, place.line, place.column), name, std::move(finding)});
    }
  }
  imported.yaml = fmt::format("{}{}listeners:{}\n{}", differences_of(language), left_out,
                              listeners.empty() ? " []" : "", listeners);
  return imported;
}

}  // namespace earshot::import
