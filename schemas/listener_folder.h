// ListenerFolder: which files of a folder make a listener set, and their content. Links that lead out of the folder are
// refused: whoever may place them must not be able to make this process read, and quote in an error, what only it may.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace earshot {

// The *.yaml and *.yml under `path` in name order, hidden folders left out; or `path` itself when it is a file. Errors:
// nothing there, no such file in the folder, a link that leads out of it.
Result<std::vector<std::filesystem::path>> find_listener_files(const std::filesystem::path& path);

// The *.txt in the folder "lists" of `path`, or beside it when it is a file. None when there is no such folder.
Result<std::vector<std::filesystem::path>> find_list_files(const std::filesystem::path& path);

// Errors: too large, not readable.
Result<std::string> read_listener_content(const std::filesystem::path& path);

}  // namespace earshot
