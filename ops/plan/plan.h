// Plan: what the edits between two configurations and their listeners do to a running earshot. The effect of each
// option is declared where the option is (ops/settings/declaration.cpp).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/declaration.h"
#include "ops/settings/settings.h"
#include "schemas/listener.h"

namespace earshot::plan {

struct Edit {
  std::string subject;  // "windows.pane", "listener acme: query"
  std::string before;   // empty: not there
  std::string after;
  EditEffect effect = EditEffect::kRestart;
  std::string reason;
};

// The folders are those of the two files: paths that are equal seen from there are no edit. An option that neither of
// the two uses is live.
[[nodiscard]] std::vector<Edit> compare_settings(Settings before, const std::filesystem::path& before_folder,
                                                 Settings after, const std::filesystem::path& after_folder);

[[nodiscard]] std::vector<Edit> compare_listeners(const ListenerSet& before, const ListenerSet& after);

[[nodiscard]] bool needs_reset(const std::vector<Edit>& edits);

// Whether the configuration makes nothing of the option, such as of source.topics when posts come from a file.
[[nodiscard]] bool is_unused(std::string_view path, const Settings& settings);

// A table for a person; says so when there is nothing to do.
[[nodiscard]] std::string to_table(const std::vector<Edit>& edits);

}  // namespace earshot::plan
