// TextBlock: moves the strings of one record from the JSON parser's buffer to the batch's memory.
#pragma once

#include <cstring>
#include <string_view>

#include "operators/parse/chunk_pool.h"

namespace earshot::parse {

// The JSON parser lays the strings of a record side by side, in the record's order. So a record of ordinary size moves
// in one copy, keys and all, and where a string will be is known at once. From a large record, where much may be
// unread, strings are copied one by one.
class TextBlock {
 public:
  // `first` is the first string of the record in the JSON parser's buffer.
  TextBlock(ChunkPool<char>& pool, const char* first, size_t record_bytes) : pool_(pool), first_(first), last_(first) {
    constexpr size_t kMostBytesAtOnce = 4096;
    if (record_bytes > kMostBytesAtOnce) return;
    // At worst each string takes three bytes in the record ("",) and five in the buffer (length and NUL).
    room_bytes_ = record_bytes * 5 / 3 + 8;
    block_ = pool_.allocate(room_bytes_);
  }

  // Where the string will be after finish(). It must come from the same buffer, behind the strings kept before.
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    if (block_ == nullptr) {
      char* const at = pool_.allocate(text.size());
      std::memcpy(at, text.data(), text.size());
      return {at, text.size()};
    }
    last_ = text.data() + text.size();
    return {block_ + (text.data() - first_), text.size()};
  }

  void finish() {
    if (block_ == nullptr) return;
    const auto used_bytes = static_cast<size_t>(last_ - first_);
    std::memcpy(block_, first_, used_bytes);
    pool_.give_back(block_, room_bytes_, used_bytes);
  }

 private:
  ChunkPool<char>& pool_;
  const char* first_;
  const char* last_;
  char* block_ = nullptr;
  size_t room_bytes_ = 0;
};

}  // namespace earshot::parse
