#include "ops/plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/base/utf8_prefix.h"
#include "engine/config/comparison.h"

namespace earshot::plan {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string policy_text(const AlertPolicy& policy) {
  return fmt::format("{} mentions, sensitivity {}{}", policy.min_mentions, policy.sensitivity,
                     policy.enabled ? "" : ", off");
}

void compare_listener(const Listener& before, const Listener& after, std::vector<Edit>& edits) {
  const auto compare = [&](std::string_view what, std::string was, std::string is, EditEffect effect,
                           std::string reason) {
    if (was == is) return;
    edits.push_back(
        {fmt::format("listener {}: {}", after.name, what), std::move(was), std::move(is), effect, std::move(reason)});
  };
  const std::string usual = "taken up while earshot runs, within listeners_reload";
  compare("query", before.query, after.query, EditEffect::kLive,
          usual + "; the baseline was learned from the old query and adapts within days");
  const auto reading = [](const Listener& listener) {
    return fmt::format("{}{}", listener.fold_diacritics ? "fold_diacritics " : "",
                       listener.split_hashtags ? "split_hashtags " : "");
  };
  compare("reading", reading(before), reading(after), EditEffect::kLive, usual);
  compare("spoke", before.spoke, after.spoke, EditEffect::kLive,
          usual + "; the next mentions and alerts go to the new spoke's topics, those that are written stay");
  compare("alert", policy_text(before.alert), policy_text(after.alert), EditEffect::kLive, usual);
  compare("owner", before.owner, after.owner, EditEffect::kLive, usual);
  compare("tags", joined(before.tags), joined(after.tags), EditEffect::kLive, usual);
  compare("description", before.description, after.description, EditEffect::kLive,
          "for people: nothing that runs reads it");
}

// Macros and lists change every query that names them.
void compare_library(const QueryLibrary& before, const QueryLibrary& after, std::vector<Edit>& edits) {
  const auto compare = [&](const std::string& subject, const std::string& was, const std::string& is) {
    if (was == is) return;
    edits.push_back({subject, was, is, EditEffect::kLive,
                     "taken up while earshot runs, within listeners_reload, by all listeners that name it"});
  };
  const auto query_of = [](const QueryLibrary& library, const std::string& name) {
    const auto macro = library.macros.find(name);
    return macro == library.macros.end() ? std::string() : macro->second.query;
  };
  const auto entries_of = [](const QueryLibrary& library, const std::string& name) {
    const auto list = library.lists.find(name);
    return list == library.lists.end() ? std::string() : joined(list->second.entries);
  };
  std::set<std::string> macros;
  std::set<std::string> lists;
  for (const QueryLibrary* library : {&before, &after}) {
    for (const auto& [name, macro] : library->macros) macros.insert(name);
    for (const auto& [name, list] : library->lists) lists.insert(name);
  }
  for (const std::string& name : macros) compare("macro " + name, query_of(before, name), query_of(after, name));
  for (const std::string& name : lists) compare("list " + name, entries_of(before, name), entries_of(after, name));
}

std::string shortened(const std::string& text) {
  constexpr size_t kShownBytes = 60;
  if (text.empty()) return "-";
  if (text.size() <= kShownBytes) return text;
  return std::string(utf8_prefix(text, kShownBytes)) + "…";
}

}  // namespace

bool is_unused(std::string_view path, const Settings& settings) {
  const bool reads_file = settings.source.connector == SourceConnector::kFile;
  const bool has_local_log = settings.log.connector == LogConnector::kLocal;
  if (path == "source.topics" || path == "source.start") return reads_file;
  if (path == "source.path" || path == "source.paths" || path == "source.follow") return !reads_file;
  if (path == "log.path" || path == "log.sync") return !has_local_log;
  if (path == "log.replication_factor") return has_local_log;
  if (path.starts_with("kafka")) return has_local_log && settings.source.connector != SourceConnector::kKafka;
  return false;
}

std::vector<Edit> compare_settings(Settings before, const std::filesystem::path& before_folder, Settings after,
                                   const std::filesystem::path& after_folder) {
  const ConfigSection old_section = declare_settings(before);
  const ConfigSection new_section = declare_settings(after);
  std::vector<Edit> edits;
  for (ConfigEdit& edit : compare_configs({old_section, before_folder}, {new_section, after_folder})) {
    if (is_unused(edit.path, before) && is_unused(edit.path, after)) {
      edit.effect = EditEffect::kLive;
      edit.reason = "neither configuration uses it";
    }
    edits.push_back({edit.path, edit.before, edit.after, edit.effect, edit.reason});
  }
  return edits;
}

std::vector<Edit> compare_listeners(const ListenerSet& before, const ListenerSet& after) {
  std::map<std::string_view, const Listener*> gone;
  for (const Listener& listener : before.listeners) gone.emplace(listener.name, &listener);
  std::vector<Edit> edits;
  for (const Listener& listener : after.listeners) {
    const auto found = gone.find(listener.name);
    if (found == gone.end()) {
      edits.push_back({"listener " + listener.name, "", listener.query, EditEffect::kLive,
                       "taken up while earshot runs, within listeners_reload; it is judged after detect.warm_up"});
      continue;
    }
    compare_listener(*found->second, listener, edits);
    gone.erase(found);
  }
  compare_library(before.library, after.library, edits);
  for (const auto& [name, listener] : gone) {
    edits.push_back({"listener " + std::string(name), listener->query, "", EditEffect::kLive,
                     "let go while earshot runs, within listeners_reload; its baseline is kept under its name; under "
                     "another name it begins anew"});
  }
  return edits;
}

bool needs_reset(const std::vector<Edit>& edits) {
  return std::ranges::any_of(edits, [](const Edit& edit) { return edit.effect == EditEffect::kStateReset; });
}

std::string to_table(const std::vector<Edit>& edits) {
  if (edits.empty()) return "no edits\n";
  std::string table;
  for (const Edit& edit : edits) {
    table += fmt::format("{:<12} {}: {} -> {}\n             {}\n", to_string(edit.effect), edit.subject,
                         shortened(edit.before), shortened(edit.after), edit.reason);
  }
  return table;
}

}  // namespace earshot::plan
