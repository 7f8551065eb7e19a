// ViralPost: notices that one post is passed on and answered far more often than any post around this listener has
// been, however ordinary the number of mentions.
//
// Each pane's sample of mentions names the posts that they repeat, quote or answer. A bounded set of those posts is
// kept with what was counted of each over the last hour, in blocks of five minutes: references, which stand for as many
// mentions as the sample was drawn from, and how much the platform's own count of its reposts has grown. Both are held
// against the highest that any post had in 15 minutes and in an hour before: the record, which fades over weeks. How
// often posts are passed on has a power tail (Goel, Anderson, Hofman and Watts, The structural virality of online
// diffusion, Management Science 2016), so that a record of few hours says little: the multiple of it that is asked for
// follows from the tail. Which posts are kept follows Space-Saving (Metwally, Agrawal and El Abbadi, ICDT 2005).
// Constant memory (at most 7 KB) and time for each pane. One thread at a time; the same panes give the same findings.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schemas/finding.h"
#include "schemas/mention_sample.h"

namespace earshot::viral_post {

struct ViralPostOptions {
  double references_min = 40;    // in 15 minutes, twice as many in an hour; fewer are never told
  double sampled_min = 12;       // of those, seen themselves: what an estimate must rest on
  double reported_min = 400;     // growth of the platform's count in 15 minutes, twice as much in an hour
  double multiple = 8;           // of the record, once that is a week old
  double tail_exponent = 1.5;    // of the number of times that posts are passed on
  double critical_multiple = 4;  // of what is told, for a critical finding
  double warm_up_hours = 24;     // heard before anything is judged
  double record_hours = 168;     // that a record must be old to be taken at its word
  double record_keep = 0.99875;  // of it, from hour to hour: 3 % fade in a day
  double lesson_max = 2;         // multiple of the record that one hour can teach
  EpisodeOptions episode;
};

struct ViralPostFinding {
  Finding finding;
  uint64_t post = 0;  // hash of its id, as EvidencePlace::tie
  uint64_t text = 0;  // of its text, as far as reposts tell; 0: not known
};

class ViralPost {
 public:
  static constexpr int64_t kBlockMs = 300'000;
  static constexpr int64_t kHourMs = 3'600'000;
  static constexpr size_t kPostsMax = 24;

  explicit ViralPost(const ViralPostOptions& options) : options_(options), episode_(options.episode) {}

  // Takes a pane of `mentions` of which `sample` was drawn; panes come in order of time.
  std::optional<ViralPostFinding> observe(int64_t pane_start_ms, int64_t pane_ms, uint64_t mentions,
                                          std::span<const SampledMention> sample);

  // Nothing was said until `end_ms`.
  std::optional<ViralPostFinding> pass_quiet_until(int64_t end_ms);

  // While it is, quiet stretches matter too.
  [[nodiscard]] bool is_active() const { return episode_.is_active(); }

  void save(wire::ViralPostState& out) const;
  void restore(const wire::ViralPostState& state);

 private:
  static constexpr size_t kBlocks = kHourMs / kBlockMs;
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::min() / 2;
  enum Gauge : size_t { kQuarter, kHour, kReportedQuarter, kReportedHour, kGauges };

  struct Block {
    float counted = 0;            // references, as many as the sample stands for
    float sampled = 0;            // references in the sample
    uint32_t reported_first = 0;  // the platform's count of reposts; 0: not told
    uint32_t reported_last = 0;
  };
  struct Reference {
    uint64_t post = 0;
    uint64_t text = 0;
    std::string handle;
    bool is_named = false;  // in the pane that is looked at
    float credit = 0;       // what the one that left for it was counted, until the block ends
    std::array<Block, kBlocks> blocks{};
  };
  struct Reading {
    std::array<double, kGauges> values{};
    double sampled_quarter = 0;
    double sampled_hour = 0;
  };
  struct Highest {
    const Reference* post = nullptr;
    Gauge gauge = kQuarter;
    double value = 0;
    double times = 0;  // what is told at 1
  };

  static size_t slot(int64_t block);
  void move_to(int64_t block);
  void clear_slot(size_t slot);
  void end_hour();
  Reference& reference_of(const SampledMention& mention);
  float make_room();
  void add(const SampledMention& mention, float weight);
  [[nodiscard]] Reading read(const Reference& reference) const;
  [[nodiscard]] double record_min(Gauge gauge) const;
  [[nodiscard]] double threshold(Gauge gauge) const;
  [[nodiscard]] Highest highest();
  std::optional<ViralPostFinding> judge(int64_t end_ms);
  [[nodiscard]] std::string reason_of(const Highest& highest) const;

  ViralPostOptions options_;
  FindingEpisode episode_;
  std::vector<Reference> posts_;  // by post
  int64_t block_ = kNever;        // the one that is being added up
  double hours_ = 0;              // heard
  std::array<double, kGauges> records_{};
  std::array<double, kGauges> peaks_{};  // of the hour that goes on
};

}  // namespace earshot::viral_post
