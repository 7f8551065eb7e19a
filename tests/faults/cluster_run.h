// ClusterRun: engines that share the posts of a Kafka topic, each with a data folder of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/flow/log.h"
#include "tests/faults/committed_reader.h"
#include "tests/faults/numbered_posts.h"
#include "tests/faults/post_feed.h"
#include "tests/integration/pipeline/engine_process.h"

namespace earshot::faults {

inline constexpr int32_t kPostPartitions = 4;

class ClusterRun {
 public:
  // `servers`: bootstrap servers of a cluster that is up. Creates the topic of posts under a name of its own.
  explicit ClusterRun(std::string servers);

  // Configuration of one engine: members of the same `run` share its work and outputs; answers its path. It reads the
  // topic of posts, or `file`.
  std::string configure(const std::string& run, const std::string& member, const std::string& file = {}) const;

  // Writes posts in one transaction, trying until the brokers have it. A post goes to the partition of its id.
  void write(const std::vector<NumberedPost>& posts);

  OpenSource open_outputs(const std::string& run, bool until_end) const;

  // Holds what the run wrote, and what `reader` saw of it meanwhile, against the oracle of the first `posts`.
  void compare_outputs(const std::string& run, const PostScript& script, uint64_t posts, CommittedReader& reader);

  // Ends what is left of the run on one more engine, compares its outputs, and its alerts with those of a run that
  // nobody disturbed.
  void finish_and_compare(const std::string& run, const PostScript& script, uint64_t posts, CommittedReader& reader);

  // The hour in which event time begins: long ago enough for a test's posts, and inside the retention of topics.
  static int64_t start_ms();

 private:
  Result<void> write_once(const std::vector<NumberedPost>& posts);
  [[nodiscard]] OpenSource open_topics(const std::string& run, const std::vector<std::string>& topics,
                                       bool until_end) const;
  [[nodiscard]] std::string name_of(const std::string& run) const { return prefix_ + run; }

  std::string servers_;
  std::string prefix_;
  Workspace workspace_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<Producer> producer_;
};

}  // namespace earshot::faults
