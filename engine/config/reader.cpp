#include "engine/config/reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/config/nearest_name.h"
#include "engine/config/value_reader.h"

namespace earshot {
namespace {

using Kind = ConfigNode::Kind;

constexpr size_t kErrorsMax = 100;  // more are counted, not listed

std::string join_path(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

// True when `inner` is `outer` or lies inside it.
bool is_within(std::string_view inner, std::string_view outer) {
  if (outer.empty() || inner == outer) return true;
  return inner.starts_with(outer) && (inner[outer.size()] == '.' || inner[outer.size()] == '[');
}

// Keys come from the file as they are: without this one could break the line or fill the screen.
std::string path_for_message(const std::string& path) {
  if (path.empty()) return {};
  const std::string quoted = quoted_for_message(path);
  const bool is_plain = quoted.size() == path.size() + 2;
  return (is_plain ? path : quoted) + ": ";
}

class SectionReader {
 public:
  SectionReader(const ConfigSection& root, const ConfigContext& context, ConfigReading& reading)
      : root_(root), context_(context), reading_(reading) {}

  void read(const ConfigSection& section, const ConfigNode& node, const std::string& path) {
    reading_.origins.add(path, node.position);
    if (node.kind != Kind::kMap && node.kind != Kind::kNull) {
      const std::string message = fmt::format("expected a section of settings, found {}", kind_in_words(node));
      reading_.errors.push_back({node.position, path, message});
      return;
    }
    for (const ConfigEntry& entry : node.entries) {
      const std::string entry_path = join_path(path, entry.key);
      const ConfigSection::Member* member = section.find(entry.key);
      if (member == nullptr) {
        report_unknown(section, entry, path);
      } else if (const auto* option = std::get_if<ConfigOption>(member)) {
        ConfigValueReader(*option, context_, reading_).read(entry.value, entry_path);
      } else {
        read(std::get<ConfigSection>(*member), entry.value, entry_path);
      }
    }
    report_missing(section, node, path);
  }

 private:
  void report_missing(const ConfigSection& section, const ConfigNode& node, const std::string& path) {
    for (const auto& member : section.members()) {
      const auto* option = std::get_if<ConfigOption>(member.get());
      if (option == nullptr || !option->is_required()) continue;
      const std::string option_path = join_path(path, option->name());
      const bool is_there = reading_.origins.is_set(option_path) || reading_.has_error(option_path);
      if (!is_there) reading_.errors.push_back({node.position, option_path, "is required: " + option->doc()});
    }
  }

  void report_unknown(const ConfigSection& section, const ConfigEntry& entry, const std::string& path) {
    std::vector<std::string_view> names;
    for (const auto& member : section.members()) names.push_back(name_of(*member));
    std::string hint;
    if (const std::string_view nearest = nearest_name(entry.key, names); !nearest.empty()) {
      hint = fmt::format("did you mean {}?", join_path(path, nearest));
    } else if (const std::string elsewhere = find_elsewhere(root_, "", entry.key); !elsewhere.empty()) {
      hint = fmt::format("did you mean {}?", elsewhere);
    } else {
      hint = fmt::format("known here: {}", fmt::join(names, ", "));
    }
    reading_.errors.push_back({entry.position, join_path(path, entry.key), "unknown key; " + hint});
  }

  // Path of an option or section of this very name anywhere in the declaration; empty when there is none.
  static std::string find_elsewhere(const ConfigSection& section, const std::string& path, const std::string& name) {
    for (const auto& member : section.members()) {
      const std::string member_path = join_path(path, name_of(*member));
      if (name_of(*member) == name) return member_path;
      if (const auto* inner = std::get_if<ConfigSection>(member.get())) {
        if (std::string found = find_elsewhere(*inner, member_path, name); !found.empty()) return found;
      }
    }
    return {};
  }

  const ConfigSection& root_;
  const ConfigContext& context_;
  ConfigReading& reading_;
};

void make_absolute(std::filesystem::path& path, const std::filesystem::path& base_folder) {
  if (!path.empty() && path != "-" && path.is_relative()) path = (base_folder / path).lexically_normal();
}

// Also paths that keep their default start at the base folder.
void resolve_paths(const ConfigSection& section, const std::filesystem::path& base_folder) {
  for (const auto& member : section.members()) {
    if (const auto* inner = std::get_if<ConfigSection>(member.get())) {
      resolve_paths(*inner, base_folder);
      continue;
    }
    const ConfigBinding& binding = std::get<ConfigOption>(*member).binding();
    if (auto* const* path = std::get_if<std::filesystem::path*>(&binding)) make_absolute(**path, base_folder);
    if (auto* const* paths = std::get_if<std::vector<std::filesystem::path>*>(&binding)) {
      for (std::filesystem::path& path : **paths) make_absolute(path, base_folder);
    }
  }
}

}  // namespace

ConfigPosition ConfigOrigins::position_of(std::string_view path) const {
  while (true) {
    if (const auto found = positions_.find(path); found != positions_.end()) return found->second;
    const size_t cut = path.find_last_of(".[");
    if (cut == std::string_view::npos) return {};
    path = path.substr(0, cut);
  }
}

std::string ConfigOrigins::where(std::string_view path) const {
  const ConfigPosition position = position_of(path);
  return fmt::format("{}:{}:{}", file_, position.line, position.column);
}

bool ConfigReading::has_error(std::string_view path) const {
  return std::any_of(errors.begin(), errors.end(), [&](const ConfigError& error) {
    return is_within(path, error.path) || is_within(error.path, path);
  });
}

void ConfigReading::require(bool holds, std::initializer_list<std::string_view> paths, std::string message) {
  if (holds || std::any_of(paths.begin(), paths.end(), [&](std::string_view path) { return has_error(path); })) return;
  const auto* blamed =
      std::find_if(paths.begin(), paths.end(), [&](std::string_view path) { return origins.is_set(path); });
  if (blamed == paths.end()) blamed = paths.begin();
  errors.push_back({origins.position_of(*blamed), std::string(*blamed), std::move(message)});
}

Error ConfigReading::to_error() const {
  std::vector<ConfigError> sorted = errors;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const ConfigError& a, const ConfigError& b) { return a.position < b.position; });
  std::string lines;
  for (size_t i = 0; i < sorted.size() && i < kErrorsMax; ++i) {
    const ConfigError& error = sorted[i];
    fmt::format_to(std::back_inserter(lines), "{}{}:{}:{}: {}{}", i == 0 ? "" : "\n", origins.file(),
                   error.position.line, error.position.column, path_for_message(error.path), error.message);
  }
  if (sorted.size() > kErrorsMax) {
    fmt::format_to(std::back_inserter(lines), "\n{}: and {} more errors", origins.file(), sorted.size() - kErrorsMax);
  }
  return invalid(std::move(lines));
}

ConfigReading read_config(std::string_view yaml, const ConfigSection& declaration, const ConfigContext& context) {
  ConfigReading reading{ConfigOrigins(context.file), {}};
  ConfigDocument document = parse_config_document(yaml);
  reading.errors = std::move(document.errors);
  if (document.root.kind == Kind::kMap)
    SectionReader(declaration, context, reading).read(declaration, document.root, "");
  resolve_paths(declaration, context.base_folder);
  return reading;
}

}  // namespace earshot
