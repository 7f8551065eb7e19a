#include "engine/runtime/outputs.h"

#include <charconv>
#include <utility>

#include "engine/base/kill_point.h"

namespace earshot {

void Outputs::mirror(const std::vector<std::string>& topics, const std::string& name, std::unique_ptr<Sink> sink) {
  mirrors_.push_back(std::make_unique<Mirror>(Mirror{name, std::move(sink)}));
  for (const std::string& topic : topics) mirrors_of_topic_.emplace(topic, mirrors_.back().get());
}

Result<void> Outputs::recover() {
  for (const auto& mirror : mirrors_) {
    const auto stored = positions_->get(mirror->name);
    if (!stored) return stored.error();
    int64_t position = 0;
    if (const auto& digits = *stored) std::from_chars(digits->data(), digits->data() + digits->size(), position);
    if (auto recovered = mirror->sink->recover(position); !recovered) return recovered;
  }
  return {};
}

Result<void> Outputs::open() {
  if (is_open_) return {};
  auto begun = producer_->begin();
  if (begun) is_open_ = true;
  return begun;
}

Result<void> Outputs::produce(const OutputRecord& record) {
  if (auto opened = open(); !opened) return opened;
  const auto [first, last] = mirrors_of_topic_.equal_range(record.topic);
  for (auto mirror = first; mirror != last; ++mirror) {
    if (auto written = mirror->second->sink->write(record.value); !written) return written;
    mirror->second->is_dirty = true;
  }
  return producer_->produce(record);
}

Result<void> Outputs::commit(CommitRequest request) {
  if (auto opened = open(); !opened) return opened;
  for (const auto& mirror : mirrors_) {
    if (!std::exchange(mirror->is_dirty, false)) continue;
    const auto position = mirror->sink->flush();
    if (!position) return position.error();
    if (*position >= 0) positions_->put(mirror->name, std::to_string(*position));
  }
  if (positions_ && !positions_->pending().empty()) request.stores.push_back(positions_.get());
  EARSHOT_KILL_POINT("outputs-before-commit");
  auto committed = producer_->commit(request);
  EARSHOT_KILL_POINT("outputs-after-commit");
  if (committed) is_open_ = false;
  return committed;
}

void Outputs::abort() {
  if (positions_) positions_->discard_pending();
  // A producer that cannot abort is closed next, and the log drops its open transaction.
  if (std::exchange(is_open_, false)) static_cast<void>(producer_->abort().ok());
}

}  // namespace earshot
