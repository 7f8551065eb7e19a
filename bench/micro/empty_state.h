// EmptyState: state that nobody reads back, so that the operator's own work is measured.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/state/state_store.h"

namespace earshot {

class EmptyState : public StateBackend {
 public:
  Result<std::optional<std::string>> get(std::string_view) const override { return std::optional<std::string>(); }
  Result<void> scan(std::string_view, const std::function<bool(std::string_view, std::string_view)>&) const override {
    return {};
  }
};

}  // namespace earshot
