// StateStore: a task's keyed state, as of the last commit plus the changes since. Reads see the pending changes; the
// log makes them final in its commit. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace earshot {

// Pending changes in key order; nullopt erases.
using StateChanges = std::map<std::string, std::optional<std::string>, std::less<>>;

// What a log offers beneath a store: reads of committed state.
class StateBackend {
 public:
  virtual ~StateBackend() = default;
  virtual Result<std::optional<std::string>> get(std::string_view key) const = 0;
  // Calls `visit` for each committed entry whose key starts with `prefix`, in key order, until it answers false.
  virtual Result<void> scan(std::string_view prefix,
                            const std::function<bool(std::string_view key, std::string_view value)>& visit) const = 0;
};

class StateStore {
 public:
  StateStore(std::string name, int32_t partition, std::unique_ptr<StateBackend> backend)
      : name_(std::move(name)), partition_(partition), backend_(std::move(backend)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int32_t partition() const { return partition_; }

  Result<std::optional<std::string>> get(std::string_view key) const {
    if (const auto found = pending_.find(key); found != pending_.end()) return found->second;
    return backend_->get(key);
  }
  void put(std::string_view key, std::string value) { pending_.insert_or_assign(std::string(key), std::move(value)); }
  void erase(std::string_view key) { pending_.insert_or_assign(std::string(key), std::nullopt); }

  // Committed and pending entries with the prefix, in key order.
  Result<void> scan(std::string_view prefix,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

  [[nodiscard]] const StateChanges& pending() const { return pending_; }
  [[nodiscard]] StateBackend& backend() { return *backend_; }

  // The log calls the first after its commit; the runtime the second after an abort.
  void mark_committed() { pending_.clear(); }
  void discard_pending() { pending_.clear(); }

 private:
  std::string name_;
  int32_t partition_;
  std::unique_ptr<StateBackend> backend_;
  StateChanges pending_;
};

}  // namespace earshot
