// PostChangeBatch: what one task of LISTEN tells POST-CHANGES with its next commit: whom posts were told to, and what
// became of posts. Gathered, so that a post that matched costs some ten bytes. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "ops/topologies/listener_numbers.h"
#include "ops/topologies/told_sets.h"
#include "schemas/post.h"
#include "schemas/proto/post_changes.pb.h"

namespace earshot {

inline constexpr uint32_t kPostChangesVersion = 1;

// Whether POST-CHANGES takes a post's mentions back. An id may be as long as a record; those that no platform gives
// stay with their input partition.
[[nodiscard]] bool is_taken_back_elsewhere(const Post& post);

class PostChangeBatch {
 public:
  // `partitions`: of the topic. A larger record is sent as several.
  explicit PostChangeBatch(int32_t partitions, size_t record_bytes_max = 256 * 1024)
      : record_bytes_max_(record_bytes_max), parts_(static_cast<size_t>(partitions)) {}

  // A post that nothing was known of was told to these listeners, numbered by `names`, in ascending order.
  void add_told(uint64_t post, std::span<const uint32_t> listeners, const ListenerNumbers& names);

  struct Change {
    const Post* post = nullptr;
    uint64_t post_id = 0;                   // hash
    std::span<const uint32_t> before = {};  // whom this input partition had told, ascending
    std::span<const uint32_t> after = {};   // of an edit: whom it was told to
    int64_t time_ms = 0;
    uint64_t rule_version = 0;
  };
  void add_change(const Change& change, const ListenerNumbers& names);

  // Hands out everything added since the last drain, in the order in which it was added. Good during the call.
  using Emit = std::function<Result<void>(int32_t partition, std::string_view record)>;
  Result<void> drain(const Emit& emit);

 private:
  struct Part {
    wire::PostChanges open;
    ToldSetsWriter sets;
    size_t bytes = 0;
    std::vector<std::string> full;  // records
  };
  [[nodiscard]] Part& part_of(uint64_t post) { return parts_[post % parts_.size()]; }
  static void close(Part& part);
  void close_when_full(Part& part) const;

  size_t record_bytes_max_;
  std::vector<Part> parts_;
};

}  // namespace earshot
