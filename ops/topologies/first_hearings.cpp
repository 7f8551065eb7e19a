#include "ops/topologies/first_hearings.h"

#include <charconv>
#include <utility>

#include "ops/topologies/detect_keys.h"

namespace earshot {
namespace {

using namespace detect_keys;

constexpr size_t kLookUpsPerCheckpoint = 1'000;

int64_t read_time(std::string_view text) {
  int64_t time_ms = 0;
  std::from_chars(text.data(), text.data() + text.size(), time_ms);
  return time_ms;
}

}  // namespace

void FirstHearings::adopt(std::shared_ptr<const ListenerDirectory> listeners) {
  listeners_ = std::move(listeners);
  has_begun_ = false;
  unwritten_since_ms_.reset();
  next_unwritten_ = 0;
}

Result<void> FirstHearings::hear_pane(int64_t pane_start_ms) {
  return has_begun_ ? Result<void>() : begin(pane_start_ms);
}

Result<void> FirstHearings::begin(int64_t pane_start_ms) {
  has_begun_ = true;
  const std::string version = std::to_string(listeners_->listeners()->version);
  const auto written = store_.get(kHeardVersionKey);
  if (!written) return written.error();
  if (written->has_value() && **written == version) return {};
  const auto begun = store_.get(kHeardBegunKey);
  if (!begun) return begun.error();
  const std::string prefix = version + ' ';
  if (begun->has_value() && (*begun)->starts_with(prefix)) {  // a process before this one did not come to the end
    unwritten_since_ms_ = read_time(std::string_view(**begun).substr(prefix.size()));
  } else {
    unwritten_since_ms_ = pane_start_ms;
    store_.put(kHeardBegunKey, prefix + std::to_string(pane_start_ms));
  }
  return {};
}

Result<std::optional<int64_t>> FirstHearings::since(std::string_view listener) const {
  const auto written = store_.get(key_of(kHeardPrefix, listener));
  if (!written) return written.error();
  if (written->has_value()) return std::optional(read_time(**written));
  return listeners_->find(listener) != nullptr ? unwritten_since_ms_ : std::nullopt;
}

Result<void> FirstHearings::checkpoint() {
  if (!unwritten_since_ms_) return {};
  const std::vector<Listener>& all = listeners_->listeners()->listeners;
  for (size_t looked_up = 0; next_unwritten_ < all.size() && looked_up < kLookUpsPerCheckpoint; ++next_unwritten_) {
    const std::string& name = all[next_unwritten_].name;
    if (partition_of_listener(name, partitions_) != store_.partition()) continue;
    ++looked_up;
    const std::string key = key_of(kHeardPrefix, name);
    const auto known = store_.get(key);
    if (!known) return known.error();
    if (!known->has_value()) store_.put(key, std::to_string(*unwritten_since_ms_));
  }
  if (next_unwritten_ < all.size()) return {};
  unwritten_since_ms_.reset();
  store_.put(kHeardVersionKey, std::to_string(listeners_->listeners()->version));
  store_.erase(kHeardBegunKey);
  return {};
}

}  // namespace earshot
