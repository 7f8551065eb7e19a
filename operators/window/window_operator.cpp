#include "operators/window/window_operator.h"

#include <algorithm>

#include "schemas/counts.h"

namespace earshot::window {
namespace {

constexpr uint32_t kStateVersion = 1;
constexpr std::string_view kProgressKey = "m";

// Big-endian with the sign flipped: bytes sort as the numbers do.
void append_sortable(std::string& out, int64_t number) {
  const uint64_t bits = static_cast<uint64_t>(number) ^ (uint64_t{1} << 63);
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>((bits >> shift) & 0xFF));
}

int64_t read_sortable(std::string_view bytes) {
  uint64_t bits = 0;
  for (const char byte : bytes.substr(0, 8)) bits = bits << 8 | static_cast<unsigned char>(byte);
  return static_cast<int64_t>(bits ^ (uint64_t{1} << 63));
}

template <class Message>
Result<Message> read_state(std::string_view key, std::string_view bytes) {
  Message message;
  if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) && message.version() == kStateVersion) {
    return message;
  }
  return Error{ErrorCode::kCorrupt, "window state is not a record of version 1",
               "key of kind '" + std::string(key.substr(0, 1)) + "'"};
}

}  // namespace

std::string WindowOperator::pane_key(const PaneKey& key) {
  std::string bytes = "p";
  append_sortable(bytes, key.first);
  return bytes + key.second;
}

std::string WindowOperator::window_key(const WindowKey& key) {
  std::string bytes = "w";
  append_sortable(bytes, std::get<0>(key));
  append_sortable(bytes, std::get<1>(key));
  return bytes + std::get<2>(key);
}

Result<void> WindowOperator::add(const wire::Partial& partial) {
  for (const wire::PanePartial& pane : partial.panes()) {
    if (auto added = add_pane(pane, partial.watermark_ms()); !added) return added;
  }
  progress_.observe(partial);
  advance();
  return {};
}

Result<void> WindowOperator::add_pane(const wire::PanePartial& pane, int64_t source_watermark_ms) {
  const int64_t start_ms = pane_start(pane.pane_start_ms(), options_.pane_ms);
  const int64_t expires_ms = start_ms + options_.pane_ms + options_.retention_ms;
  const bool is_closed = closed_until_ms_ != kNoWatermark && start_ms < closed_until_ms_;
  const bool is_correction = pane.correction() || is_closed;
  if (is_correction) {
    const bool is_past_source = source_watermark_ms != kEndOfTime && expires_ms <= source_watermark_ms;
    const bool is_past_state = closed_until_ms_ != kNoWatermark && expires_ms <= closed_until_ms_;
    if (is_past_source || is_past_state) {
      dropped_corrections_ += pane.counts().mentions();
      return {};
    }
  } else {
    PaneSum& sum = panes_[{start_ms, pane.listener()}];
    add_counts(sum.counts, pane.counts());
    for (const wire::Evidence& evidence : pane.evidence()) {
      offer_evidence(sum.evidence, evidence, options_.evidence_per_pane);
    }
    sum.is_dirty = true;
  }
  return add_to_windows(pane, is_correction);
}

Result<void> WindowOperator::add_to_windows(const wire::PanePartial& pane, bool is_correction) {
  for (const int64_t length_ms : options_.lengths_ms) {
    const int64_t end_ms = pane_start(pane.pane_start_ms(), length_ms) + length_ms;
    auto found = find_window({end_ms, length_ms, pane.listener()});
    if (!found) return found.error();
    WindowSum& window = **found;
    add_counts(window.counts, pane.counts());
    if (is_correction) window.revision += pane.counts().mentions();
    window.is_dirty = true;
    window.is_mended = emitted_until_ms_ != kNoWatermark && end_ms <= emitted_until_ms_;
  }
  return {};
}

Result<WindowOperator::WindowSum*> WindowOperator::find_window(const WindowKey& key) {
  const auto [entry, is_new] = windows_.try_emplace(key);
  const bool is_closed = emitted_until_ms_ != kNoWatermark && std::get<0>(key) <= emitted_until_ms_;
  if (is_new && is_closed) {
    const std::string bytes = window_key(key);
    auto stored = store_.get(bytes);
    if (!stored) return stored.error();
    if (stored->has_value()) {
      auto state = read_state<wire::WindowSum>(bytes, **stored);
      if (!state) return state.error();
      entry->second.counts = std::move(*state->mutable_counts());
      entry->second.revision = state->revision();
    }
  }
  return &entry->second;
}

void WindowOperator::advance() {
  int64_t time_ms = progress_.event_time_ms();
  if (time_ms == kNoWatermark) return;
  if (time_ms == kEndOfTime) {
    // The end of the input closes what has begun and no more: nobody knows what time it is then.
    if (windows_.empty()) return;
    time_ms = std::get<0>(windows_.rbegin()->first);
  }
  closable_until_ms_ = std::max(closable_until_ms_, pane_start(time_ms, options_.pane_ms));
}

std::optional<int64_t> WindowOperator::next_closed_pane() const {
  if (panes_.empty() || closable_until_ms_ == kNoWatermark) return std::nullopt;
  const int64_t start_ms = panes_.begin()->first.first;
  if (start_ms >= closable_until_ms_) return std::nullopt;
  return start_ms;
}

std::map<std::string, PaneSum> WindowOperator::take_pane(int64_t pane_start_ms) {
  std::map<std::string, PaneSum> taken;
  const auto first = panes_.lower_bound({pane_start_ms, std::string()});
  auto next = first;
  for (; next != panes_.end() && next->first.first == pane_start_ms; ++next) {
    erased_keys_.push_back(pane_key(next->first));
    taken.emplace_hint(taken.end(), next->first.second, std::move(next->second));
  }
  panes_.erase(first, next);
  return taken;
}

std::vector<ClosedWindow> WindowOperator::take_windows() {
  std::vector<ClosedWindow> closed;
  std::vector<ClosedWindow> mended;
  closed_until_ms_ = closable_until_ms_;
  if (closed_until_ms_ == kNoWatermark) return closed;
  for (auto& [key, window] : windows_) {
    const auto& [end_ms, length_ms, listener] = key;
    if (end_ms > closed_until_ms_) break;
    const bool was_emitted = emitted_until_ms_ != kNoWatermark && end_ms <= emitted_until_ms_;
    if ((was_emitted && !window.is_mended) || window.counts.mentions() == 0) continue;
    auto& emitted = was_emitted ? mended : closed;
    emitted.push_back({listener, end_ms - length_ms, length_ms, window.counts, window.revision});
    window.is_mended = false;
  }
  emitted_until_ms_ = closed_until_ms_;
  closed.insert(closed.end(), std::make_move_iterator(mended.begin()), std::make_move_iterator(mended.end()));
  return closed;
}

Result<void> WindowOperator::checkpoint() {
  for (const std::string& key : erased_keys_) store_.erase(key);
  erased_keys_.clear();
  for (auto& [key, pane] : panes_) {
    if (!pane.is_dirty) continue;
    wire::OpenPane state;
    state.set_version(kStateVersion);
    *state.mutable_counts() = pane.counts;
    state.mutable_evidence()->Assign(pane.evidence.begin(), pane.evidence.end());
    store_.put(pane_key(key), state.SerializeAsString());
    pane.is_dirty = false;
  }
  for (auto entry = windows_.begin(); entry != windows_.end();) {
    auto& [key, window] = *entry;
    if (window.is_dirty) {
      wire::WindowSum state;
      state.set_version(kStateVersion);
      *state.mutable_counts() = window.counts;
      state.set_revision(window.revision);
      store_.put(window_key(key), state.SerializeAsString());
      stored_window_ends_.insert(std::get<0>(key));
      window.is_dirty = false;
    }
    const bool is_done = emitted_until_ms_ != kNoWatermark && std::get<0>(key) <= emitted_until_ms_;
    entry = is_done && !window.is_mended ? windows_.erase(entry) : std::next(entry);
  }
  wire::WindowProgress state;
  state.set_version(kStateVersion);
  progress_.save(state);
  state.set_event_time_ms(closable_until_ms_);
  state.set_closed_until_ms(closed_until_ms_);
  state.set_dropped_corrections(dropped_corrections_);
  store_.put(kProgressKey, state.SerializeAsString());
  return expire_windows();
}

Result<void> WindowOperator::expire_windows() {
  while (!stored_window_ends_.empty() && closed_until_ms_ != kNoWatermark &&
         *stored_window_ends_.begin() + options_.retention_ms < closed_until_ms_) {
    std::string prefix = "w";
    append_sortable(prefix, *stored_window_ends_.begin());
    std::vector<std::string> expired;
    auto scanned = store_.scan(prefix, [&](std::string_view key, std::string_view) {
      expired.emplace_back(key);
      return true;
    });
    if (!scanned) return scanned;
    for (const std::string& key : expired) store_.erase(key);
    stored_window_ends_.erase(stored_window_ends_.begin());
  }
  return {};
}

Result<void> WindowOperator::restore() {
  auto stored = store_.get(kProgressKey);
  if (!stored) return stored.error();
  if (stored->has_value()) {
    auto state = read_state<wire::WindowProgress>(kProgressKey, **stored);
    if (!state) return state.error();
    progress_.restore(*state);
    closable_until_ms_ = state->event_time_ms();
    closed_until_ms_ = emitted_until_ms_ = state->closed_until_ms();
    dropped_corrections_ = state->dropped_corrections();
  }
  if (auto restored = restore_panes(); !restored) return restored;
  return restore_windows();
}

Result<void> WindowOperator::restore_panes() {
  Result<void> outcome;
  auto scanned = store_.scan("p", [&](std::string_view key, std::string_view value) {
    auto state = read_state<wire::OpenPane>(key, value);
    if (!state) {
      outcome = state.error();
      return false;
    }
    PaneSum& pane = panes_[{read_sortable(key.substr(1)), std::string(key.substr(9))}];
    pane.counts = std::move(*state->mutable_counts());
    pane.evidence.assign(state->evidence().begin(), state->evidence().end());
    pane.is_dirty = false;
    return true;
  });
  return scanned ? outcome : scanned;
}

Result<void> WindowOperator::restore_windows() {
  Result<void> outcome;
  auto scanned = store_.scan("w", [&](std::string_view key, std::string_view value) {
    const int64_t end_ms = read_sortable(key.substr(1));
    stored_window_ends_.insert(end_ms);
    if (emitted_until_ms_ != kNoWatermark && end_ms <= emitted_until_ms_) return true;  // closed: read when needed
    auto state = read_state<wire::WindowSum>(key, value);
    if (!state) {
      outcome = state.error();
      return false;
    }
    WindowSum& window = windows_[{end_ms, read_sortable(key.substr(9)), std::string(key.substr(17))}];
    window.counts = std::move(*state->mutable_counts());
    window.revision = state->revision();
    window.is_dirty = false;
    return true;
  });
  return scanned ? outcome : scanned;
}

}  // namespace earshot::window
