#include "schemas/listener.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <optional>
#include <system_error>
#include <unordered_map>

#include "engine/base/hash.h"
#include "schemas/listener_file.h"
#include "schemas/listener_folder.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;

void append_field(std::string& out, std::string_view field) {
  out += fmt::format("{}:", field.size());
  out += field;
}

uint64_t version_of(const QueryLibrary& library, uint64_t version) {
  std::string content;
  for (const auto& [name, macro] : library.macros) {
    append_field(content, name);
    append_field(content, macro.query);
  }
  for (const auto& [name, list] : library.lists) {
    append_field(content, name);
    for (const std::string& entry : list.entries) append_field(content, entry);
  }
  return content.empty() ? version : hash_64(content, version);
}

// The same for the same listeners, macros and lists, whatever their order, files and YAML style.
uint64_t version_of(const ListenerSet& set) {
  const std::vector<Listener>& listeners = set.listeners;
  std::vector<size_t> order(listeners.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return listeners[a].name < listeners[b].name; });
  uint64_t version = 0;
  std::string content;
  for (const size_t i : order) {
    const Listener& listener = listeners[i];
    content.clear();
    for (const std::string_view field :
         {std::string_view(listener.name), std::string_view(listener.spoke), std::string_view(listener.owner),
          std::string_view(listener.query), std::string_view(listener.description)}) {
      append_field(content, field);
    }
    for (const std::string& tag : listener.tags) append_field(content, tag);
    content +=
        fmt::format("|{} {} {}", listener.alert.min_mentions, listener.alert.sensitivity, listener.alert.enabled);
    if (listener.fold_diacritics) content += " fold_diacritics";
    if (listener.split_hashtags) content += " split_hashtags";
    version = hash_64(content, version);
  }
  version = version_of(set.library, version);
  return version >> 11;  // 53 bits: exact in every JSON reader
}

// Moves the listeners and macros whose names are new into the set; the others are faults.
void add_unique(ListenerFileContent& content, ListenerSet& set, ListenerFaults& faults) {
  std::unordered_map<std::string_view, const PlacedListener*> by_name;
  for (const PlacedListener& each : content.listeners) {
    const auto [first, is_new] = by_name.try_emplace(each.listener.name, &each);
    if (is_new) continue;
    faults.add(each.name_place, fmt::format("a listener named '{}' is already at {}; names are unique in the whole set",
                                            each.listener.name, first->second->name_place));
  }
  std::unordered_map<std::string_view, std::string_view> macro_places;
  for (PlacedMacro& each : content.macros) {
    const auto [first, is_new] = macro_places.try_emplace(each.name, each.name_place);
    if (!is_new) {
      faults.add(each.name_place, fmt::format("a macro named '{}' is already at {}; names are unique in the whole set",
                                              each.name, first->second));
    } else {
      set.library.macros.emplace(each.name, std::move(each.macro));
    }
  }
  if (!faults.empty()) return;
  set.listeners.reserve(content.listeners.size());
  for (PlacedListener& each : content.listeners) set.listeners.push_back(std::move(each.listener));
}

}  // namespace

Result<std::shared_ptr<const ListenerSet>> load_listeners(const fs::path& path) {
  const auto files = find_listener_files(path);
  if (!files) return files.error();
  ListenerFaults faults;
  ListenerFileContent read;
  for (const fs::path& file : *files) {
    const auto content = read_listener_content(file);
    if (!content) {
      faults.add(content.error().where, content.error().message);
      continue;
    }
    read_listener_file(file.string(), *content, read, faults);
  }
  if (read.listeners.size() > kListenersMax) {
    return invalid(fmt::format("{} listeners; the most is {}", read.listeners.size(), kListenersMax), path.string());
  }
  if (read.macros.size() > kMacrosMax) {
    return invalid(fmt::format("{} macros; the most is {}", read.macros.size(), kMacrosMax), path.string());
  }
  auto set = std::make_shared<ListenerSet>();
  load_lists(path, set->library, faults);
  add_unique(read, *set, faults);
  if (!faults.empty()) return invalid(faults.text());
  if (set->listeners.empty()) return invalid("the list of listeners is empty; write at least one", path.string());
  set->version = version_of(*set);
  return std::shared_ptr<const ListenerSet>(std::move(set));
}

}  // namespace earshot
