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

namespace earshot {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

// Where a file of the folder really lies, when that is outside: whoever may place links there must not be able to make
// this process read, and quote in an error, what only it may read. A broken link lies nowhere; reading it says so.
std::optional<fs::path> place_outside(const fs::path& file, const fs::path& root) {
  std::error_code fault;
  const fs::path real = fs::canonical(file, fault);
  if (fault || std::ranges::mismatch(root, real).in1 == root.end()) return std::nullopt;
  return real;
}

Result<std::vector<fs::path>> find_files(const fs::path& path) {
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
  for (const fs::path& file : files) {
    if (const auto outside = place_outside(file, root)) {
      return invalid(
          fmt::format("leads out of the listeners' folder, to {}: put the file itself there", outside->string()),
          file.string());
    }
  }
  if (error) return Error{ErrorCode::kFailed, "cannot read the folder: " + error.message(), path.string()};
  if (files.empty()) {
    return Error{ErrorCode::kNotFound, "the folder holds no listeners: expected files ending in .yaml or .yml",
                 path.string()};
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::string> read_content(const fs::path& path) {
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

void append_field(std::string& out, std::string_view field) {
  out += fmt::format("{}:", field.size());
  out += field;
}

// The same for the same listeners, whatever their order, files and YAML style.
uint64_t version_of(const std::vector<Listener>& listeners) {
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
    version = hash_64(content, version);
  }
  return version >> 11;  // 53 bits: exact in every JSON reader
}

// Moves the listeners whose names are new into the set; the others are faults.
void add_unique(std::vector<PlacedListener>& placed, ListenerSet& set, ListenerFaults& faults) {
  std::unordered_map<std::string_view, const PlacedListener*> by_name;
  for (const PlacedListener& each : placed) {
    const auto [first, is_new] = by_name.try_emplace(each.listener.name, &each);
    if (is_new) continue;
    faults.add(each.name_place, fmt::format("a listener named '{}' is already at {}; names are unique in the whole set",
                                            each.listener.name, first->second->name_place));
  }
  if (!faults.empty()) return;
  set.listeners.reserve(placed.size());
  for (PlacedListener& each : placed) set.listeners.push_back(std::move(each.listener));
}

}  // namespace

Result<std::shared_ptr<const ListenerSet>> load_listeners(const fs::path& path) {
  const auto files = find_files(path);
  if (!files) return files.error();
  ListenerFaults faults;
  std::vector<PlacedListener> placed;
  for (const fs::path& file : *files) {
    const auto content = read_content(file);
    if (!content) {
      faults.add(content.error().where, content.error().message);
      continue;
    }
    read_listener_file(file.string(), *content, placed, faults);
  }
  if (placed.size() > kListenersMax) {
    return invalid(fmt::format("{} listeners; the most is {}", placed.size(), kListenersMax), path.string());
  }
  auto set = std::make_shared<ListenerSet>();
  add_unique(placed, *set, faults);
  if (!faults.empty()) return invalid(faults.text());
  if (set->listeners.empty()) return invalid("the list of listeners is empty; write at least one", path.string());
  set->version = version_of(set->listeners);
  return std::shared_ptr<const ListenerSet>(std::move(set));
}

}  // namespace earshot
