// SourceProgress: how far each partition of the input has come, and the event time that follows from it.
#pragma once

#include <cstdint>
#include <map>

#include "engine/time/watermark.h"
#include "schemas/proto/state_window.pb.h"

namespace earshot::window {

class SourceProgress {
 public:
  void observe(const wire::Partial& partial);

  // No earlier on-time mention is expected: the minimum over the partitions that are not idle, or where the furthest
  // idle one stood when all are. kNoWatermark until every partition was heard; kEndOfTime when the whole input has
  // ended.
  [[nodiscard]] int64_t event_time_ms() const;

  void save(wire::WindowProgress& out) const;
  void restore(const wire::WindowProgress& state);

 private:
  struct Source {
    int64_t watermark_ms = kNoWatermark;
    bool is_idle = false;
  };
  std::map<int32_t, Source> sources_;
  int32_t source_partitions_ = 0;
};

}  // namespace earshot::window
