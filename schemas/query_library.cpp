#include "schemas/query_library.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/text_check.h"
#include "schemas/listener_file.h"
#include "schemas/listener_folder.h"

namespace earshot {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  const size_t first = line.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlank) - first + 1);
}

// Appends the entries of one file.
void read_list(std::string_view content, QueryList& list, ListenerFaults& faults) {
  size_t line_number = 0;
  for (size_t begin = 0; begin < content.size();) {
    const size_t end = std::min(content.find('\n', begin), content.size());
    const std::string_view entry = trimmed(content.substr(begin, end - begin));
    begin = end + 1;
    ++line_number;
    if (entry.empty() || entry == "#" || entry.starts_with("# ")) continue;
    const auto fault = [&](std::string_view message) {
      faults.add(fmt::format("{}:{}:1", list.file, line_number), message);
    };
    if (entry.find('"') != std::string_view::npos) {
      fault("an entry has no '\"': each line is a word or phrase as it is");
    } else if (entry.size() > kListEntryBytesMax) {
      fault(fmt::format("this entry has {} bytes; the most is {}", entry.size(), kListEntryBytesMax));
    } else if (list.entries.size() == kListEntriesMax) {
      return fault(fmt::format("a list has at most {} entries; split it", kListEntriesMax));
    } else {
      list.entries.push_back(fmt::format("\"{}\"", entry));
    }
  }
  if (list.entries.empty()) faults.add(list.file, "the list is empty; write at least one entry, each on a line");
}

}  // namespace

bool is_library_name(std::string_view name) {
  return !name.empty() && name.size() <= kLibraryNameBytesMax && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

void load_lists(const std::filesystem::path& path, QueryLibrary& library, ListenerFaults& faults) {
  const auto files = find_list_files(path);
  if (!files) return faults.add(files.error().where, files.error().message);
  if (files->size() > kListsMax) {
    return faults.add(path.string(), fmt::format("{} lists; the most is {}", files->size(), kListsMax));
  }
  for (const std::filesystem::path& file : *files) {
    const std::string name = file.stem().string();
    if (!is_library_name(name)) {
      faults.add(file.string(),
                 fmt::format("a list's name begins with a letter and goes on with letters, digits and '_', "
                             "at most {} in all",
                             kLibraryNameBytesMax));
      continue;
    }
    const auto content = read_listener_content(file);
    if (!content) {
      faults.add(content.error().where, content.error().message);
      continue;
    }
    if (const auto bad = find_non_text(*content)) {
      faults.add(fmt::format("{}:{}:{}", file.string(), bad->position.line, bad->position.column), bad->message);
      continue;
    }
    QueryList& list = library.lists[name];
    list.file = file.string();
    read_list(*content, list, faults);
  }
}

}  // namespace earshot
