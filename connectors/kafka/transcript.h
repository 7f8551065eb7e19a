// Transcript: copies of what the open transaction produced, so that it can be produced again when a rebalance of the
// group made its commit stale. Bounded: a transaction that outgrows it cannot be repeated.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/arena.h"
#include "engine/base/result.h"
#include "engine/flow/log.h"

namespace earshot::kafka {

class Transcript {
 public:
  explicit Transcript(size_t bytes_max) : bytes_max_(bytes_max) {}

  void clear();
  void add(const OutputRecord& record);
  [[nodiscard]] bool is_complete() const { return bytes_ <= bytes_max_; }
  // Precondition: is_complete(). Stops at the first error.
  Result<void> repeat(const std::function<Result<void>(const OutputRecord&)>& produce) const;

 private:
  using Header = std::pair<std::string_view, std::string_view>;
  struct Entry {
    OutputRecord record;  // its views point into memory_; its headers are named by the two numbers
    size_t first_header;
    size_t header_count;
  };

  std::string_view copy(std::string_view bytes);

  size_t bytes_max_;
  size_t bytes_ = 0;
  Arena memory_;
  std::vector<Entry> entries_;
  std::vector<Header> headers_;
};

}  // namespace earshot::kafka
