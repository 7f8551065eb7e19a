#include "schemas/listener_file.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <span>

#include "engine/config/nearest_name.h"
#include "engine/config/plain_scalar.h"
#include "engine/config/text_check.h"

namespace earshot {
namespace {

constexpr size_t kFaultsKept = 100;
constexpr size_t kNameBytesMax = 200;
constexpr size_t kSpokeBytesMax = 63;
constexpr int64_t kMinMentionsMax = 1'000'000'000;
constexpr double kSensitivityMin = 0.01;
constexpr double kSensitivityMax = 100;

constexpr auto kFileKeys = std::to_array<std::string_view>({"listeners", "macros"});
constexpr auto kListenerKeys = std::to_array<std::string_view>(
    {"name", "spoke", "owner", "query", "tags", "alert", "description", "fold_diacritics", "split_hashtags"});
constexpr auto kRequiredKeys = std::to_array<std::string_view>({"name", "spoke", "owner", "query"});
constexpr auto kAlertKeys = std::to_array<std::string_view>({"min_mentions", "sensitivity", "enabled"});

int count_characters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_text(const YAML::Node& node) {
  if (!node.IsScalar()) return false;
  return node.Tag() != "?" || std::holds_alternative<PlainText>(resolve_plain_scalar(node.Scalar()));
}

bool is_spoke_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

std::string kind_of(const YAML::Node& node) {
  if (node.IsMap()) return "a map";
  if (node.IsSequence()) return "a list";
  if (node.IsNull()) return "nothing";
  return fmt::format("'{}'", node.Scalar().substr(0, 60));
}

class FileReader {
 public:
  FileReader(const std::string& file, std::string_view content, ListenerFileContent& out, ListenerFaults& faults)
      : file_(file), out_(out), faults_(faults) {
    for (size_t begin = 0; begin <= content.size();) {
      const size_t end = std::min(content.find('\n', begin), content.size());
      lines_.push_back(content.substr(begin, end - begin));
      if (lines_.back().ends_with('\r')) lines_.back().remove_suffix(1);
      begin = end + 1;
    }
  }

  void read(const YAML::Node& root) {
    if (!root.IsMap()) {
      return fault(root, fmt::format("expected a map with the key 'listeners', found {}", kind_of(root)));
    }
    bool is_empty = true;
    for_each_entry(root, kFileKeys, "a file of listeners", [&](const std::string& key, const YAML::Node& value) {
      is_empty = false;
      if (key == "macros") return read_macros(value);
      if (!value.IsSequence()) return fault(value, fmt::format("'listeners' must be a list, found {}", kind_of(value)));
      for (const YAML::Node& item : value) read_listener(item);
    });
    if (is_empty) fault(root, "the key 'listeners' is missing");
  }

 private:
  using Entry = std::function<void(const std::string& key, const YAML::Node& value)>;

  // Calls `entry` for the known keys, once each; faults for all others.
  void for_each_entry(const YAML::Node& map, std::span<const std::string_view> known, std::string_view owner,
                      const Entry& entry) {
    std::set<std::string> seen;
    for (const auto& pair : map) {
      const YAML::Node& key_node = pair.first;
      if (!key_node.IsScalar()) {
        fault(key_node, fmt::format("a key of {} must be a plain name", owner));
        continue;
      }
      const std::string& key = key_node.Scalar();
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        const std::string_view nearest = nearest_name(key, known);
        const std::string hint = nearest.empty() ? fmt::format("known keys are {}", fmt::join(known, ", "))
                                                 : fmt::format("did you mean '{}'?", nearest);
        fault(key_node, fmt::format("unknown key '{}' of {}; {}", key, owner, hint));
      } else if (!seen.insert(key).second) {
        fault(key_node, fmt::format("the key '{}' is given twice", key));
      } else {
        entry(key, pair.second);
      }
    }
  }

  void read_macros(const YAML::Node& macros) {
    if (!macros.IsMap()) {
      return fault(macros, fmt::format("'macros' must be a map of names and queries, found {}", kind_of(macros)));
    }
    for (const auto& pair : macros) {
      const std::string name = pair.first.IsScalar() ? pair.first.Scalar() : std::string();
      if (!is_library_name(name)) {
        fault(pair.first,
              fmt::format("a macro's name begins with a letter and goes on with letters, digits and '_', at "
                          "most {} in all, found {}",
                          kLibraryNameBytesMax, kind_of(pair.first)));
        continue;
      }
      std::string query;
      if (!read_filled_text(pair.second, name, query)) continue;
      out_.macros.push_back({name, {std::move(query), origin_of(pair.second)}, place(pair.first)});
    }
  }

  void read_listener(const YAML::Node& item) {
    if (!item.IsMap()) return fault(item, fmt::format("a listener must be a map, found {}", kind_of(item)));
    PlacedListener placed;
    Listener& listener = placed.listener;
    std::set<std::string> given;
    is_faultless_ = true;
    for_each_entry(item, kListenerKeys, "a listener", [&](const std::string& key, const YAML::Node& value) {
      given.insert(key);
      if (key == "name") {
        placed.name_place = place(value);
        read_name(value, listener.name);
      } else if (key == "spoke") {
        read_spoke(value, listener.spoke);
      } else if (key == "owner") {
        read_filled_text(value, key, listener.owner);
      } else if (key == "query") {
        if (read_filled_text(value, key, listener.query)) listener.origin = origin_of(value);
      } else if (key == "tags") {
        read_tags(value, listener.tags);
      } else if (key == "alert") {
        read_alert(value, listener.alert);
      } else if (key == "fold_diacritics") {
        read_truth(value, key, listener.fold_diacritics);
      } else if (key == "split_hashtags") {
        read_truth(value, key, listener.split_hashtags);
      } else {
        read_text(value, key, listener.description);
      }
    });
    for (const std::string_view key : kRequiredKeys) {
      if (given.count(std::string(key)) == 0) fault(item, fmt::format("this listener has no '{}'", key));
    }
    if (is_faultless_) out_.listeners.push_back(std::move(placed));
  }

  bool read_text(const YAML::Node& value, std::string_view key, std::string& out) {
    if (!is_text(value)) {
      const std::string_view hint = value.IsScalar() ? "; put it in quotes" : "";
      fault(value, fmt::format("'{}' must be text, found {}{}", key, kind_of(value), hint));
      return false;
    }
    out = value.Scalar();
    return true;
  }

  bool read_filled_text(const YAML::Node& value, std::string_view key, std::string& out) {
    if (!read_text(value, key, out)) return false;
    if (out.find_first_not_of(" \t\r\n") != std::string::npos) return true;
    fault(value, fmt::format("'{}' is empty", key));
    return false;
  }

  void read_name(const YAML::Node& value, std::string& out) {
    if (!read_filled_text(value, "name", out)) return;
    if (out.size() > kNameBytesMax) return fault(value, fmt::format("a name has at most {} bytes", kNameBytesMax));
    const bool has_control = std::any_of(out.begin(), out.end(), [](char c) { return c >= 0 && c < ' '; });
    if (has_control || out.front() == ' ' || out.back() == ' ') {
      fault(value, "a name is one line that neither begins nor ends with a space");
    }
  }

  void read_spoke(const YAML::Node& value, std::string& out) {
    if (!read_filled_text(value, "spoke", out)) return;
    if (out.size() <= kSpokeBytesMax && std::all_of(out.begin(), out.end(), is_spoke_character)) return;
    fault(value,
          fmt::format("spoke '{}' becomes part of topic names: use only a to z, 0 to 9 and '-', at most {} of them",
                      out, kSpokeBytesMax));
  }

  void read_tags(const YAML::Node& value, std::vector<std::string>& out) {
    if (!value.IsSequence()) return fault(value, fmt::format("'tags' must be a list, found {}", kind_of(value)));
    for (const YAML::Node& tag : value) read_filled_text(tag, "tags", out.emplace_back());
  }

  void read_alert(const YAML::Node& value, AlertPolicy& out) {
    if (!value.IsMap()) return fault(value, fmt::format("'alert' must be a map, found {}", kind_of(value)));
    for_each_entry(value, kAlertKeys, "alert", [&](const std::string& key, const YAML::Node& entry) {
      const PlainScalar scalar = scalar_of(entry);
      if (key == "enabled") {
        read_truth(entry, key, out.enabled);
      } else if (key == "min_mentions") {
        const int64_t* number = std::get_if<int64_t>(&scalar);
        if (number != nullptr && *number >= 1 && *number <= kMinMentionsMax) {
          out.min_mentions = *number;
        } else {
          fault(entry, fmt::format("'min_mentions' must be a whole number from 1 to {}, found {}", kMinMentionsMax,
                                   kind_of(entry)));
        }
      } else {
        read_sensitivity(entry, scalar, out.sensitivity);
      }
    });
  }

  static PlainScalar scalar_of(const YAML::Node& entry) {
    return entry.IsScalar() && entry.Tag() == "?" ? resolve_plain_scalar(entry.Scalar()) : PlainText{};
  }

  void read_truth(const YAML::Node& entry, std::string_view key, bool& out) {
    const PlainScalar scalar = scalar_of(entry);
    const bool* truth = std::get_if<bool>(&scalar);
    if (truth == nullptr) return fault(entry, fmt::format("'{}' must be true or false, found {}", key, kind_of(entry)));
    out = *truth;
  }

  void read_sensitivity(const YAML::Node& entry, const PlainScalar& scalar, double& out) {
    double number = 0;
    if (const int64_t* whole = std::get_if<int64_t>(&scalar)) number = static_cast<double>(*whole);
    if (const double* decimal = std::get_if<double>(&scalar)) number = *decimal;
    if (number >= kSensitivityMin && number <= kSensitivityMax) {
      out = number;
      return;
    }
    fault(entry, fmt::format("'sensitivity' must be a number from {} to {}, found {}", kSensitivityMin, kSensitivityMax,
                             kind_of(entry)));
  }

  // Where the query's own text begins: after a quote, or below the '|' of a block. It is verbatim when each of its
  // lines is found in the file at that column.
  [[nodiscard]] QueryOrigin origin_of(const YAML::Node& value) const {
    const auto line = static_cast<size_t>(value.Mark().line);
    auto column = static_cast<size_t>(value.Mark().column);
    const std::string& query = value.Scalar();
    const std::string_view first_line = line < lines_.size() ? lines_[line] : std::string_view();
    const char opening = column < first_line.size() ? first_line[column] : '\0';
    const bool is_block = value.Tag() == "!" && (opening == '|' || opening == '>');
    const size_t begin = is_block ? line + 1 : line;
    if (is_block) {
      column = indentation_of_block(begin, query);
    } else if (value.Tag() == "!") {
      ++column;
    }
    if (has_lines_at(query, begin, column)) {
      const int characters_before =
          is_block ? static_cast<int>(column) : count_characters(first_line.substr(0, column));
      return {file_, static_cast<int>(begin) + 1, characters_before + 1, true};
    }
    const auto [place_line, place_column] = position(value);
    return {file_, place_line, place_column, false};
  }

  // The column of the first line that is not blank, less the spaces that are part of the query.
  [[nodiscard]] size_t indentation_of_block(size_t begin, std::string_view query) const {
    query.remove_prefix(std::min(query.find_first_not_of('\n'), query.size()));
    const std::string_view first = query.substr(0, query.find('\n'));
    while (begin < lines_.size() && lines_[begin].find_first_not_of(' ') == std::string_view::npos) ++begin;
    if (begin >= lines_.size() || !lines_[begin].ends_with(first)) return 0;
    return lines_[begin].size() - first.size();
  }

  [[nodiscard]] bool has_lines_at(std::string_view query, size_t line, size_t column) const {
    for (bool is_first = true; is_first || !query.empty(); ++line, is_first = false) {
      const size_t end = std::min(query.find('\n'), query.size());
      const std::string_view expected = query.substr(0, end);
      if (line >= lines_.size()) return false;
      const std::string_view found = lines_[line].substr(std::min(column, lines_[line].size()));
      if (found.substr(0, expected.size()) != expected) return false;
      query.remove_prefix(std::min(end + 1, query.size()));
    }
    return true;
  }

  // 1-based line and column, the column in characters (yaml-cpp counts bytes).
  [[nodiscard]] std::pair<int, int> position(const YAML::Node& node) const {
    const YAML::Mark mark = node.Mark();
    if (mark.is_null()) return {1, 1};
    const auto line = static_cast<size_t>(mark.line);
    const std::string_view text = line < lines_.size() ? lines_[line] : std::string_view();
    const auto column = std::min(static_cast<size_t>(mark.column), text.size());
    return {mark.line + 1, count_characters(text.substr(0, column)) + 1};
  }

  [[nodiscard]] std::string place(const YAML::Node& node) const {
    const auto [line, column] = position(node);
    return fmt::format("{}:{}:{}", file_, line, column);
  }

  void fault(const YAML::Node& node, std::string_view message) {
    is_faultless_ = false;
    faults_.add(place(node), message);
  }

  const std::string& file_;
  std::vector<std::string_view> lines_;
  ListenerFileContent& out_;
  ListenerFaults& faults_;
  bool is_faultless_ = true;  // of the listener being read
};

}  // namespace

void ListenerFaults::add(std::string_view where, std::string_view message) {
  if (++count_ > kFaultsKept) return;
  if (count_ > 1) lines_ += '\n';
  lines_.append(where).append(": ").append(message);
}

std::string ListenerFaults::text() const {
  return count_ <= kFaultsKept ? lines_ : fmt::format("{}\n… and {} more errors", lines_, count_ - kFaultsKept);
}

void read_listener_file(const std::string& file, std::string_view content, ListenerFileContent& out,
                        ListenerFaults& faults) {
  if (const auto bad = find_non_text(content)) {
    return faults.add(fmt::format("{}:{}:{}", file, bad->position.line, bad->position.column), bad->message);
  }
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(content));
    if (documents.empty())
      return faults.add(fmt::format("{}:1:1", file), "the file is empty; expected the key 'listeners'");
    if (documents.size() > 1) {
      return faults.add(fmt::format("{}:1:1", file), "the file holds several documents; remove the '---' lines");
    }
    FileReader(file, content, out, faults).read(documents.front());
  } catch (const YAML::Exception& error) {
    const int line = error.mark.is_null() ? 1 : error.mark.line + 1;
    const int column = error.mark.is_null() ? 1 : error.mark.column + 1;
    faults.add(fmt::format("{}:{}:{}", file, line, column), fmt::format("this is not YAML: {}", error.msg));
  }
}

}  // namespace earshot
