#include "engine/state/state_store.h"

namespace earshot {

Result<void> StateStore::scan(std::string_view prefix,
                              const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  auto pending = pending_.lower_bound(prefix);
  const auto is_ours = [&] { return pending != pending_.end() && pending->first.starts_with(prefix); };
  bool wanted = true;
  const auto visit_pending_before = [&](const std::string_view* limit) {
    for (; wanted && is_ours() && (limit == nullptr || pending->first < *limit); ++pending) {
      if (pending->second) wanted = visit(pending->first, *pending->second);
    }
  };
  const auto scanned = backend_->scan(prefix, [&](std::string_view key, std::string_view value) {
    visit_pending_before(&key);
    if (!wanted) return false;
    if (is_ours() && pending->first == key) {
      if (pending->second) wanted = visit(key, *pending->second);
      ++pending;
      return wanted;
    }
    wanted = visit(key, value);
    return wanted;
  });
  if (!scanned) return scanned;
  visit_pending_before(nullptr);
  return {};
}

}  // namespace earshot
