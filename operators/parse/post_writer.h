// PostWriter: where the reader of a format puts what it found in one record. It copies the strings that are kept,
// checks what every post must have, and holds the reason when the record is refused.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operators/parse/parser.h"
#include "operators/parse/text_block.h"

namespace earshot::parse {

enum class Verdict { kPosts, kNotAPost, kRefused };

// A post outside of these is refused as absurd; the pipeline bounds posts from the future by their record's time.
inline constexpr int64_t kEarliestPostMs = 946'684'800'000;  // 2000-01-01T00:00:00Z
inline constexpr int64_t kLatestPostMs = 4'102'444'800'000;  // 2100-01-01T00:00:00Z

class PostWriter {
 public:
  // `record_time_ms` is the record's own time, or kNoTimestamp.
  void begin(PostBatch& batch, uint32_t record, size_t record_bytes, int64_t record_time_ms);

  // Copies into the batch's memory.
  std::string_view keep(std::string_view text);
  std::string_view keep_joined(std::initializer_list<std::string_view> parts);
  // The same without a leading '@'.
  std::string_view keep_handle(std::string_view handle);
  // Keeps a text with &amp; &lt; &gt; turned into what they stand for.
  std::string_view keep_unescaped(std::string_view text);
  // A string as it is, a whole number as its digits; empty for anything else.
  std::string_view keep_id(simdjson::dom::element id);
  // Keeps the strings of one record together; `first` is the first of them in the JSON parser's buffer.
  TextBlock keep_block(const char* first) { return {batch_->text, first, record_bytes_}; }
  // Memory of the batch for a text; giving it back is possible as long as nothing was kept since.
  std::span<char> allocate_text(size_t bytes) { return {batch_->text.allocate(bytes), bytes}; }
  void give_back_text(std::span<char> text) { batch_->text.give_back(text.data(), text.size(), 0); }
  std::span<std::string_view> allocate_list(size_t count) { return {batch_->lists.allocate(count), count}; }
  // Takes back what is behind the first `used`, as long as no list was made since.
  void give_back_list(std::span<std::string_view> list, size_t used) {
    batch_->lists.give_back(list.data(), list.size(), used);
  }

  // Collects one list at a time; items already in it and empty ones are left out. The items must be kept already.
  void add_item(std::string_view item);
  std::span<const std::string_view> take_items();

  // Adds the post if it has an id and a time within bounds, otherwise refuses the record. `where` is the place of the
  // post in the record ("data[3]."), for the reason.
  Verdict add(Post post, std::string_view where);
  // Adds the notice that the post is gone. `post` has platform, id and what else is known; its time is the first of
  // `times_ms` that is known and not absurd, and otherwise that of the record.
  Verdict add_deletion(Post post, std::initializer_list<std::optional<int64_t>> times_ms, std::string_view where);
  [[nodiscard]] std::optional<int64_t> record_time_ms() const;
  // For a reader that fills the post in its place: end_post() follows, and says whether the post stays.
  Post& begin_post();
  void end_post(bool is_wanted);

  Verdict refuse(std::string reason);
  [[nodiscard]] std::string& reason() { return reason_; }

 private:
  PostBatch* batch_ = nullptr;
  uint32_t record_ = 0;
  size_t record_bytes_ = 0;
  int64_t record_time_ms_ = kNoTimestamp;
  std::vector<std::string_view> items_;
  std::string reason_;
};

// Empty when `time_ms` is within the bounds, otherwise what is wrong with it, as in "is before 2000".
inline std::string_view absurdity_of(int64_t time_ms) {
  if (time_ms < kEarliestPostMs) return "is before 2000";
  return time_ms < kLatestPostMs ? std::string_view() : "is after 2099";
}

// `text` between quotes, cut to a length that fits a reason and free of control characters.
std::string quoted(std::string_view text);

}  // namespace earshot::parse
