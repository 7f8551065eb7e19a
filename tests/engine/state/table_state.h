// TableState: committed state in a map, for operators under test; commit_to() is what a log does with a store's
// changes.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/state/state_store.h"

namespace earshot {

using Table = std::map<std::string, std::string, std::less<>>;

class TableState : public StateBackend {
 public:
  explicit TableState(const Table& table) : table_(table) {}
  Result<std::optional<std::string>> get(std::string_view key) const override {
    const auto found = table_.find(key);
    return found == table_.end() ? std::optional<std::string>() : std::optional(found->second);
  }
  Result<void> scan(std::string_view prefix,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    for (auto at = table_.lower_bound(prefix); at != table_.end() && at->first.starts_with(prefix); ++at) {
      if (!visit(at->first, at->second)) break;
    }
    return {};
  }

 private:
  const Table& table_;
};

inline void commit_to(Table& table, StateStore& store) {
  for (const auto& [key, value] : store.pending()) {
    if (value) {
      table[key] = *value;
    } else {
      table.erase(key);
    }
  }
  store.mark_committed();
}

}  // namespace earshot
