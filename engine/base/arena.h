// Arena: memory that lives as long as its batch. Strings copied in stay put until the arena is reset or destroyed.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace earshot {

class Arena {
 public:
  explicit Arena(size_t chunk_bytes = 256 * 1024) : chunk_bytes_(chunk_bytes) {}

  // Returns `bytes` of uninitialised memory, aligned to 1.
  char* allocate(size_t bytes) {
    if (bytes > static_cast<size_t>(end_ - next_)) grow(bytes);
    char* at = next_;
    next_ += bytes;
    return at;
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* at = allocate(text.size());
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }

  // Frees all but the first chunk; every view into the arena is invalid afterwards.
  void reset() {
    if (chunks_.size() > 1) chunks_.resize(1);
    next_ = chunks_.empty() ? nullptr : chunks_[0].memory.get();
    end_ = chunks_.empty() ? nullptr : next_ + chunks_[0].bytes;
  }

 private:
  struct Chunk {
    std::unique_ptr<char[]> memory;
    size_t bytes;
  };

  void grow(size_t bytes) {
    const size_t size = bytes > chunk_bytes_ ? bytes : chunk_bytes_;
    chunks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
    next_ = chunks_.back().memory.get();
    end_ = next_ + size;
  }

  size_t chunk_bytes_;
  std::vector<Chunk> chunks_;
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace earshot
