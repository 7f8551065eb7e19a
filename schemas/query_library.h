// QueryLibrary: what the queries of a listener set share: macros and lists. docs/rules.md says how queries name them.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

// Where a query's text begins in its file, so that an error inside it names line and column.
struct QueryOrigin {
  std::string file;
  int line = 0;             // 1-based, of the query's first character
  int column = 0;           // 1-based
  bool is_verbatim = true;  // false when YAML folded or unescaped the text: columns inside it are then not known
};

// A part of queries with a name: @name stands for it, as if it were there in parentheses.
struct QueryMacro {
  std::string query;
  QueryOrigin origin;
};

struct QueryList {
  std::string file;
  std::vector<std::string> entries;  // each with a '"' before and after, as a query would write it
};

struct QueryLibrary {
  std::map<std::string, QueryMacro, std::less<>> macros;
  std::map<std::string, QueryList, std::less<>> lists;
};

inline constexpr size_t kLibraryNameBytesMax = 63;  // of a macro's or list's name
inline constexpr size_t kMacrosMax = 10'000;
inline constexpr size_t kListsMax = 1'000;
inline constexpr size_t kListEntriesMax = 100'000;  // of one list
inline constexpr size_t kListEntryBytesMax = 1'000;

class ListenerFaults;

// A letter, then letters, digits and '_'.
bool is_library_name(std::string_view name);

// Reads NAME.txt of the folder "lists" that lies in `path` (a folder of listeners) or beside it (a file of them): an
// entry on a line; blank lines and those that begin with "# " are left out. No such folder: no lists.
void load_lists(const std::filesystem::path& path, QueryLibrary& library, ListenerFaults& faults);

}  // namespace earshot
