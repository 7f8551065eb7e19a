#include "operators/parse/post_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/base/utf8_prefix.h"
#include "engine/time/timestamp.h"

namespace earshot::parse {

namespace dom = simdjson::dom;

void PostWriter::begin(PostBatch& batch, uint32_t record, size_t record_bytes, int64_t record_time_ms) {
  batch_ = &batch;
  record_ = record;
  record_bytes_ = record_bytes;
  record_time_ms_ = record_time_ms;
  items_.clear();
}

std::string_view PostWriter::keep(std::string_view text) {
  if (text.empty()) return {};
  char* at = batch_->text.allocate(text.size());
  std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}

std::string_view PostWriter::keep_handle(std::string_view handle) {
  return keep(handle.starts_with('@') ? handle.substr(1) : handle);
}

std::string_view PostWriter::keep_joined(std::initializer_list<std::string_view> parts) {
  size_t bytes = 0;
  for (const std::string_view part : parts) bytes += part.size();
  char* at = batch_->text.allocate(bytes);
  char* next = at;
  for (const std::string_view part : parts) next = std::copy(part.begin(), part.end(), next);
  return {at, bytes};
}

std::string_view PostWriter::keep_unescaped(std::string_view text) {
  if (text.find('&') == std::string_view::npos) return keep(text);
  static constexpr std::pair<std::string_view, char> kEntities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};
  char* const at = batch_->text.allocate(text.size());
  char* next = at;
  while (!text.empty()) {
    const size_t plain = std::min(text.find('&'), text.size());
    next = std::copy_n(text.data(), plain, next);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto* entity = std::find_if(std::begin(kEntities), std::end(kEntities),
                                      [&](const auto& e) { return text.starts_with(e.first); });
    *next++ = entity == std::end(kEntities) ? '&' : entity->second;
    text.remove_prefix(entity == std::end(kEntities) ? 1 : entity->first.size());
  }
  return {at, static_cast<size_t>(next - at)};
}

std::string_view PostWriter::keep_id(dom::element id) {
  std::string_view text;
  if (id.get(text) == simdjson::SUCCESS) return keep(text);
  int64_t number = 0;
  if (id.get(number) == simdjson::SUCCESS) {
    const fmt::format_int digits(number);
    return keep({digits.data(), digits.size()});
  }
  uint64_t large = 0;
  if (id.get(large) == simdjson::SUCCESS) {
    const fmt::format_int digits(large);
    return keep({digits.data(), digits.size()});
  }
  return {};
}

void PostWriter::add_item(std::string_view item) {
  // Past this length a list is somebody's attack, and looking for copies would take the square of it.
  constexpr size_t kSearchedItems = 64;
  if (item.empty()) return;
  if (items_.size() < kSearchedItems && std::find(items_.begin(), items_.end(), item) != items_.end()) return;
  items_.push_back(item);
}

std::span<const std::string_view> PostWriter::take_items() {
  if (items_.empty()) return {};
  std::string_view* at = batch_->lists.allocate(items_.size());
  std::copy(items_.begin(), items_.end(), at);
  const std::span<const std::string_view> list(at, items_.size());
  items_.clear();
  return list;
}

Verdict PostWriter::add(Post post, std::string_view where) {
  if (post.id.empty()) return refuse(fmt::format("{}id is missing", where));
  const std::string_view absurdity = absurdity_of(post.created_at_ms);
  if (!absurdity.empty()) return refuse(fmt::format("{}created_at {}", where, absurdity));
  post.record = record_;
  batch_->posts.push_back(post);
  return Verdict::kPosts;
}

std::optional<int64_t> PostWriter::record_time_ms() const {
  return record_time_ms_ == kNoTimestamp ? std::nullopt : std::optional(record_time_ms_);
}

Verdict PostWriter::add_deletion(Post post, std::initializer_list<std::optional<int64_t>> times_ms,
                                 std::string_view where) {
  const auto is_sound = [](const std::optional<int64_t>& time_ms) { return time_ms && absurdity_of(*time_ms).empty(); };
  const auto* known = std::find_if(times_ms.begin(), times_ms.end(), is_sound);
  const std::optional<int64_t> time_ms = known == times_ms.end() ? record_time_ms() : *known;
  if (!is_sound(time_ms)) return refuse(fmt::format("{}id tells no time of the deletion, and its record neither", where));
  post.change = PostChange::kDeleted;
  post.created_at_ms = *time_ms;
  return add(post, where);
}

Post& PostWriter::begin_post() {
  Post& post = batch_->posts.emplace_back();
  post.record = record_;
  return post;
}

void PostWriter::end_post(bool is_wanted) {
  if (!is_wanted) batch_->posts.pop_back();
}

Verdict PostWriter::refuse(std::string reason) {
  reason_ = std::move(reason);
  return Verdict::kRefused;
}

std::string quoted(std::string_view text) {
  constexpr size_t kShownBytes = 64;
  std::string shown = "\"";
  const bool is_cut = text.size() > kShownBytes;
  text = utf8_prefix(text, kShownBytes);
  for (const char c : text) shown.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
  return shown + (is_cut ? "…\"" : "\"");
}

}  // namespace earshot::parse
