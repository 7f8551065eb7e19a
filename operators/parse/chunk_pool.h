// ChunkPool: memory for runs of T that stay put until clear(), which keeps the chunks for the next batch.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace earshot::parse {

template <class T>
class ChunkPool {
 public:
  explicit ChunkPool(size_t chunk_items) : chunk_items_(chunk_items) {}
  ChunkPool(ChunkPool&& other) noexcept
      : chunk_items_(other.chunk_items_),
        chunks_(std::move(other.chunks_)),
        used_chunks_(std::exchange(other.used_chunks_, 0)),
        next_(std::exchange(other.next_, nullptr)),
        end_(std::exchange(other.end_, nullptr)) {
    other.chunks_.clear();
  }
  ChunkPool& operator=(ChunkPool&& other) noexcept {
    ChunkPool taken(std::move(other));
    std::swap(chunk_items_, taken.chunk_items_);
    std::swap(chunks_, taken.chunks_);
    std::swap(used_chunks_, taken.used_chunks_);
    std::swap(next_, taken.next_);
    std::swap(end_, taken.end_);
    return *this;
  }
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;
  ~ChunkPool() = default;

  // Returns `count` items side by side. What they hold at first is whatever an earlier batch left there.
  T* allocate(size_t count) {
    if (count > static_cast<size_t>(end_ - next_)) advance(count);
    T* at = next_;
    next_ += count;
    return at;
  }

  // Takes back the end of a run of `count` items of which `used` are wanted, if nothing was allocated since.
  void give_back(const T* run, size_t count, size_t used) {
    if (next_ == run + count) next_ -= count - used;
  }

  // Every run handed out is invalid afterwards. Runs larger than a chunk are freed: one giant must not stay for ever.
  void clear() {
    std::erase_if(chunks_, [this](const Chunk& chunk) { return chunk.items > chunk_items_; });
    used_chunks_ = 0;
    next_ = nullptr;
    end_ = nullptr;
  }

 private:
  struct Chunk {
    std::unique_ptr<T[]> memory;
    size_t items;
  };

  void advance(size_t count) {
    while (used_chunks_ < chunks_.size() && chunks_[used_chunks_].items < count) ++used_chunks_;
    if (used_chunks_ == chunks_.size()) {
      const size_t items = count > chunk_items_ ? count : chunk_items_;
      chunks_.push_back({std::unique_ptr<T[]>(new T[items]), items});
    }
    next_ = chunks_[used_chunks_].memory.get();
    end_ = next_ + chunks_[used_chunks_].items;
    ++used_chunks_;
  }

  size_t chunk_items_;
  std::vector<Chunk> chunks_;
  size_t used_chunks_ = 0;
  T* next_ = nullptr;
  T* end_ = nullptr;
};

}  // namespace earshot::parse
