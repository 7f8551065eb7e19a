#include "schemas/listener_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <system_error>

#include "schemas/listener.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

// Where a file really lies, when that is outside. A broken link lies nowhere; reading it says so.
std::optional<fs::path> place_outside(const fs::path& file, const fs::path& root) {
  std::error_code fault;
  const fs::path real = fs::canonical(file, fault);
  if (fault || std::ranges::mismatch(root, real).in1 == root.end()) return std::nullopt;
  return real;
}

Result<void> check_inside(const std::vector<fs::path>& files, const fs::path& root) {
  for (const fs::path& file : files) {
    if (const auto outside = place_outside(file, root)) {
      return invalid(
          fmt::format("leads out of the listeners' folder, to {}: put the file itself there", outside->string()),
          file.string());
    }
  }
  return {};
}

Error unreadable_folder(const std::error_code& error, const fs::path& path) {
  return failed("cannot read the folder: " + error.message(), path.string());
}

}  // namespace

Result<std::vector<fs::path>> find_listener_files(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return Error{ErrorCode::kNotFound, "no such file or folder", path.string()};
  if (!fs::is_directory(status)) return std::vector{path};
  std::vector<fs::path> files;
  const fs::path root = fs::canonical(path, error);
  // Hidden folders are left out: a mounted Kubernetes ConfigMap keeps a second copy of every file in one.
  for (fs::recursive_directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (is_hidden(it->path())) {
      it.disable_recursion_pending();
    } else if (const fs::path ending = it->path().extension();
               (ending == ".yaml" || ending == ".yml") && !it->is_directory(ignored)) {
      files.push_back(it->path());  // a broken link too: reading it says so
    }
  }
  if (auto checked = check_inside(files, root); !checked) return checked.error();
  if (error) return unreadable_folder(error, path);
  if (files.empty()) {
    return Error{ErrorCode::kNotFound, "the folder holds no listeners: expected files ending in .yaml or .yml",
                 path.string()};
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<fs::path>> find_list_files(const fs::path& path) {
  std::error_code error;
  const fs::path parent = fs::is_directory(path, error) ? path : path.parent_path();
  const fs::path folder = parent / "lists";
  std::vector<fs::path> files;
  if (!fs::is_directory(folder, error)) return files;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (!is_hidden(it->path()) && it->path().extension() == ".txt") files.push_back(it->path());
  }
  if (error) return unreadable_folder(error, folder);
  if (auto checked = check_inside(files, fs::canonical(parent.empty() ? "." : parent, error)); !checked) {
    return checked.error();
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::string> read_listener_content(const fs::path& path) {
  std::error_code error;
  const uintmax_t bytes = fs::file_size(path, error);
  if (error) return failed("cannot read the file: " + error.message(), path.string());
  if (bytes > kListenerFileBytesMax) {
    return invalid(fmt::format("the file has {} bytes; the most is {}. Split it", bytes, kListenerFileBytesMax),
                   path.string());
  }
  std::string content(bytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(content.data(), static_cast<std::streamsize>(bytes));
  if (!file) return failed("cannot read the file; check its permissions", path.string());
  return content;
}

}  // namespace earshot
