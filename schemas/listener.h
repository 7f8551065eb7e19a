// Listener: a named query with an owner and a spoke; the unit that users write. A set of them is immutable and
// versioned.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/result.h"
#include "schemas/query_library.h"

namespace earshot {

struct AlertPolicy {
  int64_t min_mentions = 10;  // fewer mentions than this in the detection window never open an incident
  double sensitivity = 1.0;   // multiplies the false-alarm budget; above 1 alerts sooner
  bool enabled = true;
};

struct Listener {
  std::string name;   // unique in the set
  std::string spoke;  // department: its topics are mentions.<spoke> and alerts.<spoke>
  std::string owner;
  std::string query;
  std::vector<std::string> tags;
  AlertPolicy alert;
  QueryOrigin origin;
  std::string description;       // for the people who read the set
  bool fold_diacritics = false;  // "cafe" and "café" are the same word to this query
  bool split_hashtags = false;   // "#BankFail" also reads as "bank fail"
};

struct ListenerSet {
  std::vector<Listener> listeners;
  QueryLibrary library;  // macros and lists that the queries may use
  uint64_t version = 0;  // hash of what the files say; the same set has the same version everywhere
};

// Of the internal topics and stores, which of `partitions` a listener belongs to.
inline int32_t partition_of_listener(std::string_view name, int32_t partitions) {
  return static_cast<int32_t>(hash_64(name) % static_cast<uint64_t>(partitions));
}

inline constexpr size_t kListenerFileBytesMax = size_t{64} * 1024 * 1024;
inline constexpr size_t kListenersMax = 1'000'000;

// Reads every *.yaml and *.yml under `path` (a folder, read recursively in name order without hidden files, or one
// file), and the lists beside it (see load_lists). The error holds every fault found, each on a line with file, line
// and column, a hundred at most; unknown keys name the nearest known one. Faults: what schemas/listener.schema.json
// does not allow, a listener's or macro's name given twice in the set, a key given twice, a file or folder that cannot
// be read, no listener at all. Queries and macros are not parsed here.
Result<std::shared_ptr<const ListenerSet>> load_listeners(const std::filesystem::path& path);

}  // namespace earshot
