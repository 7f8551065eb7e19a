// LogView: what a source reads from: the writer's own database, or a secondary that follows another process.
#pragma once

#include <chrono>
#include <memory>

#include "connectors/local/catalog.h"
#include "connectors/local/database.h"
#include "engine/base/result.h"

namespace earshot::local {

class LogView {
 public:
  virtual ~LogView() = default;

  [[nodiscard]] const Catalog& catalog() const { return catalog_; }
  [[nodiscard]] virtual std::shared_ptr<Database> database() const = 0;

  // Takes in what was committed elsewhere.
  virtual Result<void> refresh() = 0;

  // How long a reader may wait on the catalog before it must refresh().
  [[nodiscard]] virtual std::chrono::milliseconds refresh_interval() const = 0;

 protected:
  Catalog catalog_;
};

}  // namespace earshot::local
