// LocalStateBackend: reads of the committed state of one partition of a store, in the column family `state`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/local/database.h"
#include "connectors/local/keys.h"
#include "engine/state/state_store.h"

namespace earshot::local {

class LocalStateBackend final : public StateBackend {
 public:
  LocalStateBackend(std::shared_ptr<Database> database, std::string_view store, int32_t partition)
      : database_(std::move(database)), prefix_(state_prefix(store, partition)) {}

  Result<std::optional<std::string>> get(std::string_view key) const override;
  Result<void> scan(std::string_view prefix,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit) const override;

 private:
  const std::shared_ptr<Database> database_;
  const std::string prefix_;
};

}  // namespace earshot::local
