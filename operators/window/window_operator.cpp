#include "operators/window/window_operator.h"

#include <algorithm>
#include <iterator>
#include <tuple>

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

std::string WindowOperator::pane_key(int64_t start_ms, std::string_view listener) {
  std::string bytes = "p";
  append_sortable(bytes, start_ms);
  return bytes.append(listener);
}

std::string WindowOperator::window_key(const WindowKey& key) const {
  std::string bytes = "w";
  append_sortable(bytes, key.end_ms);
  append_sortable(bytes, key.length_ms);
  return bytes + names_[key.listener];
}

WindowOperator::ListenerId WindowOperator::id_of(std::string_view listener) {
  const auto found = ids_.find(listener);
  if (found != ids_.end()) return found->second;
  const auto id = static_cast<ListenerId>(names_.size());
  ids_.emplace(names_.emplace_back(listener), id);
  return id;
}

size_t WindowOperator::panes_in_memory() const {
  size_t count = 0;
  for (const auto& [start_ms, panes] : panes_) count += panes.size();
  return count;
}

Result<void> WindowOperator::add(wire::Partial& partial) {
  for (wire::PanePartial& pane : *partial.mutable_panes()) {
    if (auto added = add_pane(pane); !added) return added;
  }
  progress_.observe(partial);
  advance();
  return {};
}

Result<void> WindowOperator::add_pane(wire::PanePartial& pane) {
  const int64_t start_ms = pane_start(pane.pane_start_ms(), options_.pane_ms);
  const int64_t expires_ms = start_ms + options_.pane_ms + options_.retention_ms;
  const bool is_closed = closed_until_ms_ != kNoWatermark && start_ms < closed_until_ms_;
  const bool is_correction = pane.correction() || is_closed;
  const ListenerId listener = id_of(pane.listener());
  if (is_correction) {
    if (closed_until_ms_ != kNoWatermark && expires_ms <= closed_until_ms_) {
      dropped_corrections_ += pane.counts().mentions();
      return {};
    }
  } else {
    PaneSum& sum = panes_[start_ms][listener];
    sum.counts.add(pane.counts());
    for (wire::RankedEvidence& evidence : *pane.mutable_evidence()) {
      offer_evidence(sum.evidence, take_evidence(evidence), options_.evidence_per_pane);
    }
    for (wire::SampledMention& mention : *pane.mutable_sample()) {
      offer_sampled(sum.sample, take_sampled(mention));
    }
    sum.is_dirty = true;
  }
  return add_to_windows(pane, listener, is_correction);
}

void WindowOperator::forget_evidence(const std::function<bool(uint64_t post)>& is_gone) {
  for (auto& [start_ms, panes] : panes_) {
    for (auto& [listener, pane] : panes) {
      const auto gone = std::erase_if(pane.evidence, [&](const auto& kept) { return is_gone(kept.place.tie); });
      pane.is_dirty = pane.is_dirty || gone > 0;
    }
  }
}

void WindowOperator::change_evidence(const wire::EvidenceChange& change) {
  const ListenerId listener = id_of(change.listener());
  for (auto& [start_ms, panes] : panes_) {
    const auto found = panes.find(listener);
    if (found == panes.end()) continue;
    PaneSum& pane = found->second;
    const auto gone = std::erase_if(pane.evidence, [&](const auto& kept) { return kept.place.tie == change.post(); });
    if (gone == 0) continue;
    pane.is_dirty = true;
    if (!change.has_evidence()) continue;
    offer_evidence(pane.evidence, copy_evidence(change.evidence()), options_.evidence_per_pane);
  }
}

Result<void> WindowOperator::add_to_windows(const wire::PanePartial& pane, ListenerId listener, bool is_correction) {
  for (const int64_t length_ms : options_.lengths_ms) {
    const int64_t end_ms = pane_start(pane.pane_start_ms(), length_ms) + length_ms;
    auto found = find_window({end_ms, length_ms, listener});
    if (!found) return found.error();
    WindowSum& window = **found;
    window.counts.add(pane.counts());
    if (is_correction) window.revision += pane.counts().mentions();
    window.is_dirty = true;
    window.is_mended = emitted_until_ms_ != kNoWatermark && end_ms <= emitted_until_ms_;
  }
  return {};
}

Result<WindowOperator::WindowSum*> WindowOperator::find_window(const WindowKey& key) {
  const auto [entry, is_new] = windows_.try_emplace(key);
  const bool is_closed = emitted_until_ms_ != kNoWatermark && key.end_ms <= emitted_until_ms_;
  if (is_new && is_closed) {
    const std::string bytes = window_key(key);
    auto stored = store_.get(bytes);
    if (!stored) return stored.error();
    if (stored->has_value()) {
      auto state = read_state<wire::WindowSum>(bytes, **stored);
      if (!state) return state.error();
      entry->second.counts.add(state->counts());
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
    int64_t latest_ms = kNoWatermark;
    for (const auto& [key, window] : windows_) latest_ms = std::max(latest_ms, key.end_ms);
    time_ms = latest_ms;
  }
  closable_until_ms_ = std::max(closable_until_ms_, pane_start(time_ms, options_.pane_ms));
}

std::optional<int64_t> WindowOperator::next_closed_pane() const {
  if (panes_.empty() || closable_until_ms_ == kNoWatermark) return std::nullopt;
  const int64_t start_ms = panes_.begin()->first;
  if (start_ms >= closable_until_ms_) return std::nullopt;
  return start_ms;
}

std::vector<NamedPane> WindowOperator::take_pane(int64_t pane_start_ms) {
  std::vector<NamedPane> taken;
  const auto found = panes_.find(pane_start_ms);
  if (found == panes_.end()) return taken;
  for (auto& [listener, pane] : found->second) {
    if (pane.is_stored) erased_keys_.push_back(pane_key(pane_start_ms, names_[listener]));
    taken.push_back({names_[listener], std::move(pane)});
  }
  panes_.erase(found);
  std::ranges::sort(taken, {}, &NamedPane::listener);
  return taken;
}

std::vector<WindowOperator::WindowKey> WindowOperator::windows_until(int64_t end_ms) const {
  std::vector<WindowKey> keys;
  for (const auto& [key, window] : windows_) {
    if (key.end_ms <= end_ms) keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end(), [&](const WindowKey& a, const WindowKey& b) {
    return std::tie(a.end_ms, a.length_ms, names_[a.listener]) < std::tie(b.end_ms, b.length_ms, names_[b.listener]);
  });
  return keys;
}

std::vector<ClosedWindow> WindowOperator::take_windows() {
  std::vector<ClosedWindow> closed;
  std::vector<ClosedWindow> mended;
  closed_until_ms_ = closable_until_ms_;
  if (closed_until_ms_ == kNoWatermark) return closed;
  for (const WindowKey& key : windows_until(closed_until_ms_)) {
    WindowSum& window = windows_.at(key);
    const bool was_emitted = emitted_until_ms_ != kNoWatermark && key.end_ms <= emitted_until_ms_;
    if ((was_emitted && !window.is_mended) || window.counts.mentions == 0) continue;
    auto& emitted = was_emitted ? mended : closed;
    emitted.push_back(
        {names_[key.listener], key.end_ms - key.length_ms, key.length_ms, window.counts, window.revision});
    window.is_mended = false;
  }
  emitted_until_ms_ = closed_until_ms_;
  closed.insert(closed.end(), std::make_move_iterator(mended.begin()), std::make_move_iterator(mended.end()));
  return closed;
}

Result<void> WindowOperator::checkpoint() {
  for (const std::string& key : erased_keys_) store_.erase(key);
  erased_keys_.clear();
  write_panes();
  write_windows();
  wire::WindowProgress state;
  state.set_version(kStateVersion);
  progress_.save(state);
  state.set_event_time_ms(closable_until_ms_);
  state.set_closed_until_ms(closed_until_ms_);
  state.set_dropped_corrections(dropped_corrections_);
  store_.put(kProgressKey, state.SerializeAsString());
  return expire_windows();
}

void WindowOperator::write_panes() {
  for (auto& [start_ms, panes] : panes_) {
    for (auto& [listener, pane] : panes) {
      if (!pane.is_dirty) continue;
      wire::OpenPane state;
      state.set_version(kStateVersion);
      pane.counts.write_to(*state.mutable_counts());
      for (const RankedEvidence& ranked : pane.evidence) write_evidence(ranked, *state.add_evidence());
      for (const SampledMention& mention : pane.sample) write_sampled(mention, *state.add_sample());
      store_.put(pane_key(start_ms, names_[listener]), state.SerializeAsString());
      pane.is_dirty = false;
      pane.is_stored = true;
    }
  }
}

void WindowOperator::write_windows() {
  for (auto& [key, window] : windows_) {
    if (!window.is_dirty) continue;
    wire::WindowSum state;
    state.set_version(kStateVersion);
    window.counts.write_to(*state.mutable_counts());
    state.set_revision(window.revision);
    store_.put(window_key(key), state.SerializeAsString());
    stored_window_ends_.insert(key.end_ms);
    window.is_dirty = false;
  }
  boost::unordered::erase_if(windows_, [&](const auto& entry) {
    const bool is_done = emitted_until_ms_ != kNoWatermark && entry.first.end_ms <= emitted_until_ms_;
    return is_done && !entry.second.is_mended;
  });
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
    PaneSum& pane = panes_[read_sortable(key.substr(1))][id_of(key.substr(9))];
    pane.counts.add(state->counts());
    for (const wire::RankedEvidence& evidence : state->evidence()) pane.evidence.push_back(copy_evidence(evidence));
    for (const wire::SampledMention& mention : state->sample()) pane.sample.push_back(copy_sampled(mention));
    pane.is_dirty = false;
    pane.is_stored = true;
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
    WindowSum& window = windows_[{end_ms, read_sortable(key.substr(9)), id_of(key.substr(17))}];
    window.counts.add(state->counts());
    window.revision = state->revision();
    window.is_dirty = false;
    return true;
  });
  return scanned ? outcome : scanned;
}

}  // namespace earshot::window
