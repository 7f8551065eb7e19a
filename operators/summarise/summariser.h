// Summariser: sums the mentions of one input partition by listener and pane between two commits, so that a listener
// which takes 20 % of all mentions costs a few records a commit and not a hot partition.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/result.h"
#include "schemas/counts.h"
#include "schemas/evidence.h"
#include "schemas/listener.h"
#include "schemas/mention.h"
#include "schemas/mention_sample.h"
#include "schemas/proto/partial.pb.h"

namespace earshot::summarise {

struct SummariseOptions {
  int32_t partitions = 1;        // of the partials topic
  size_t evidence_per_pane = 3;  // mentions kept for each listener, pane and commit
  size_t evidence_text_bytes = 500;
  size_t record_bytes_max = 512 * 1024;  // a larger partial is sent as several records
};

struct MentionHashes {
  uint64_t post_id;
  uint64_t author;
  uint64_t text;       // of the normalised text, equal for copies
  uint64_t shape = 0;  // of the same, mostly equal for near copies
};

// What a partial says of its input partition besides the panes.
struct InputProgress {
  int32_t source_partition = 0;
  int32_t source_partitions = 1;
  int64_t watermark_ms = 0;           // after everything in this drain
  int64_t previous_watermark_ms = 0;  // as the last drain said it; all but the last record of a split partial carry it
  bool idle = false;
};

class Summariser {
 public:
  using Emit = std::function<Result<void>(int32_t partition, const wire::Partial& partial)>;

  Summariser(std::shared_ptr<const ListenerSet> listeners, const SummariseOptions& options);

  // Adds a mention of listener number `listener` to the pane that starts at `pane_start_ms`. `words`: what of it goes
  // into a sample.
  void add(uint32_t listener, const Mention& mention, const MentionHashes& hashes, int64_t pane_start_ms,
           bool is_correction, std::string_view words = {});

  // A post is deleted, whoever had matched it.
  void remove(uint64_t post_id) { deleted_.push_back(post_id); }

  // An edited post stands for listener number `listener` as it is now, or no longer.
  void replace_evidence(uint32_t listener, const Mention& mention, const MentionHashes& hashes);
  void withdraw_evidence(uint32_t listener, uint64_t post_id);

  // Hands out everything added since the last drain, at least one partial for each internal partition, in an order that
  // depends on the content alone.
  Result<void> drain(const InputProgress& progress, const Emit& emit);

  [[nodiscard]] bool empty() const { return panes_.empty() && deleted_.empty() && changes_.empty(); }

 private:
  struct Key {
    int64_t pane_start_ms;
    uint32_t listener;
    bool is_correction;
    friend auto operator<=>(const Key&, const Key&) = default;
    friend size_t hash_value(const Key& key) {
      const uint64_t who = uint64_t{key.listener} << 1 | uint64_t{key.is_correction};
      return mix_64(static_cast<uint64_t>(key.pane_start_ms) ^ 0x9e3779b97f4a7c15ULL, who ^ 0xe7037ed1a0b428dbULL);
    }
  };
  struct Pane {
    CountSums counts;
    std::vector<RankedEvidence> evidence;  // best first
    std::vector<SampledMention> sample;    // by post
  };

  struct Change {
    uint32_t listener;
    int32_t partition;
    uint64_t post_id;
    RankedEvidence evidence;  // without bytes when it is withdrawn
  };

  using Send = std::function<Result<void>(int64_t watermark_ms)>;
  Result<void> drain_changes(int32_t partition, wire::Partial& partial, size_t& bytes, const Send& send,
                             int64_t previous_watermark_ms) const;
  [[nodiscard]] static EvidencePlace place_of(const Mention& mention, const MentionHashes& hashes);
  static void add_to_sample(Pane& pane, const Post& post, const MentionHashes& hashes, std::string_view words);
  void add_evidence(Pane& pane, const Mention& mention, const MentionHashes& hashes);
  [[nodiscard]] int32_t partition_of(uint32_t listener) const;
  void write_pane(const Key& key, const Pane& pane, wire::PanePartial& out) const;

  std::shared_ptr<const ListenerSet> listeners_;
  SummariseOptions options_;
  boost::unordered_flat_map<Key, uint32_t> index_;  // into panes_
  std::vector<Pane> panes_;
  std::vector<uint64_t> deleted_;
  std::vector<Change> changes_;  // in the order of the input
  std::string scratch_;          // keeps its memory
};

}  // namespace earshot::summarise
