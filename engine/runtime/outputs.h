// Outputs: the open transaction on the log, and the sinks that mirror some of its topics. Sinks become final with the
// commit: their positions are state of the commit, and recovery cuts what lies beyond.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/flow/log.h"
#include "engine/flow/sink.h"
#include "engine/runtime/topology.h"

namespace earshot {

class Outputs : public Outbox {
 public:
  explicit Outputs(std::unique_ptr<Producer> producer) : producer_(std::move(producer)) {}

  // Copies every record of `topics` to `sink`, in the order of produce(). Its position is kept under `name` in the
  // store given to keep_positions_in(), which must follow when there is a mirror.
  void mirror(const std::vector<std::string>& topics, const std::string& name, std::unique_ptr<Sink> sink);
  [[nodiscard]] bool has_mirrors() const { return !mirrors_.empty(); }
  void keep_positions_in(std::unique_ptr<StateStore> positions) { positions_ = std::move(positions); }

  // Cuts each sink back to its committed position; call once before the first produce().
  Result<void> recover();

  Result<void> produce(const OutputRecord& record) override;
  [[nodiscard]] bool is_open() const { return is_open_; }

  // Adds the sinks' positions to the request and commits; opens a transaction first when none is open.
  Result<void> commit(CommitRequest request);
  void abort();

 private:
  struct Mirror {
    std::string name;
    std::unique_ptr<Sink> sink;
    bool is_dirty = false;
  };

  Result<void> open();

  std::unique_ptr<Producer> producer_;
  std::unique_ptr<StateStore> positions_;
  std::vector<std::unique_ptr<Mirror>> mirrors_;
  std::multimap<std::string, Mirror*, std::less<>> mirrors_of_topic_;
  bool is_open_ = false;
};

}  // namespace earshot
