// ConfigDocument: a YAML file as a tree whose every node knows its line and column. Bounded: what is too large, too
// deep or made of aliases is refused before it costs anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace earshot {

struct ConfigPosition {
  int line = 1;    // 1-based
  int column = 1;  // 1-based, in characters
  friend auto operator<=>(const ConfigPosition&, const ConfigPosition&) = default;
};

struct ConfigError {
  ConfigPosition position;
  std::string path;  // "source.connector", "topics[2]"; empty when the document as a whole is meant
  std::string message;
};

struct ConfigEntry;

struct ConfigNode {
  enum class Kind { kNull, kScalar, kSequence, kMap };
  Kind kind = Kind::kNull;
  ConfigPosition position = {};
  std::string text = {};   // of a scalar, unescaped, variables not filled
  bool is_quoted = false;  // the scalar is a string whatever it looks like: quoted, a block, or tagged !!str
  std::vector<ConfigNode> items;     // of a sequence
  std::vector<ConfigEntry> entries;  // of a map, in the order of the file, without duplicates
};

struct ConfigEntry {
  std::string key;
  ConfigPosition position;  // of the key
  ConfigNode value;
};

struct ConfigDocument {
  ConfigNode root;  // a map, or empty when `errors` says why not
  std::vector<ConfigError> errors;
};

inline constexpr size_t kConfigBytesMax = 1024 * 1024;
inline constexpr int kConfigDepthMax = 32;

// Reads one document. Errors: bytes that are not UTF-8 or not text, broken YAML (the first fault only: what follows
// cannot be told), duplicate keys, keys that are not plain names, anchors, aliases and tags, a second document, no map
// at the root.
ConfigDocument parse_config_document(std::string_view yaml);

}  // namespace earshot
