// EmergingTerm: notices that a word which hardly anybody used is in many of a listener's mentions, however ordinary
// their number.
//
// It looks at the samples that panes bring: of every five minutes the mentions that are drawn first, for an hour. Of
// one author, and of texts that differ in a few words, one mention speaks, so that nobody makes a word emerge by
// repeating himself, nor a post by being passed on. A word emerges when its share is a multiple of the highest that it
// had in any hour before, which is learned an hour late so that a word does not hide itself, and when that is
// improbable (upper tail of the binomial). Constant memory (at most 10 KB, of which 5 KB are stored; less the fewer
// mentions there are). One thread at a time; the same panes give the same findings.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operators/emerging_term/peak_sketch.h"
#include "schemas/finding.h"
#include "schemas/mention_sample.h"
#include "schemas/proto/signal.pb.h"

namespace earshot::emerging_term {

struct EmergingTermOptions {
  double share_min = 0.15;               // of the last hour's mentions
  double critical_share = 0.5;           // the same, for a critical finding
  double multiple = 4;                   // of the highest share in any hour before
  double peak_min = 0.02;                // what any word may have had before
  double voices_min = 10;                // people who say it, each in words of their own
  double all_voices_min = 25;            // people who say anything
  double probability_max = 1e-6;         // of so many who say it, were the highest share before still its share
  double warm_up_hours = 24;             // in which something was heard, before anything is judged
  double warm_up_mentions = 200;         // the same
  int64_t accept_after_ms = 86'400'000;  // a word that is said for this long is no news
  EpisodeOptions episode;
};

struct EmergingTermFinding {
  Finding finding;
  std::vector<wire::Term> terms;  // at most kTermsTold, the one most said first
};

class EmergingTerm {
 public:
  static constexpr int64_t kBlockMs = 300'000;
  static constexpr int64_t kHourMs = 3'600'000;
  static constexpr size_t kTermsTold = 3;

  // `query`: the listener's own words say nothing new.
  EmergingTerm(std::string_view query, const EmergingTermOptions& options);

  // Takes the sample of a pane; panes come in order of time. What has ended before it is judged first. While the
  // listener `is_surging`, and for two hours more, nothing new is told: the surge tells its words.
  std::optional<EmergingTermFinding> observe(int64_t pane_start_ms, std::span<const SampledMention> sample,
                                             bool is_surging);

  // Nothing was said until `end_ms`: judges what has ended by then.
  std::optional<EmergingTermFinding> pass_quiet_until(int64_t end_ms, bool is_surging);

  // While it is, quiet stretches matter too.
  [[nodiscard]] bool is_active() const { return episode_.is_active(); }

  void save(wire::EmergingTermState& out) const;
  void restore(const wire::EmergingTermState& state);

 private:
  static constexpr size_t kBlocks = kHourMs / kBlockMs;
  static constexpr size_t kSaidPerBlock = 6;
  static constexpr size_t kTermsPerMention = 12;
  static constexpr size_t kWaitingMax = 128;
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::min() / 2;

  struct Said {
    uint64_t post = 0;
    uint32_t author = 0;
    uint32_t shape = 0;
    std::vector<uint32_t> terms;  // distinct; empty while its block is being filled
    std::string words;            // while its block is being filled
  };
  struct Count {
    uint32_t term;
    uint32_t voices;
  };
  struct Hour {
    double voices = 0;
    std::vector<Count> counts;  // by term
  };

  [[nodiscard]] static size_t slot(int64_t block);
  void add(const SampledMention& mention);
  std::optional<EmergingTermFinding> close_block();
  // Of one author, and of near copies, the mention that came first.
  [[nodiscard]] std::vector<const Said*> heard() const;
  [[nodiscard]] Hour hour() const;
  // As far as it is about `terms`, which are distinct and ascending.
  [[nodiscard]] Hour hour_of(const std::vector<uint32_t>& terms) const;
  [[nodiscard]] std::vector<uint32_t> terms_judged() const;
  [[nodiscard]] std::vector<Count> emerging(const Hour& hour) const;
  [[nodiscard]] bool is_emerging(const Count& count, double voices) const;
  [[nodiscard]] bool is_still_said(const Hour& hour) const;
  std::optional<EmergingTermFinding> judge(int64_t end_ms, const Hour& hour);
  void tell(const Hour& hour, const std::vector<Count>& found, EmergingTermFinding& told);
  [[nodiscard]] std::string_view word_of(uint32_t term) const;
  void learn(const Hour& hour);
  void skip_silence(int64_t end_block);

  EmergingTermOptions options_;
  FindingEpisode episode_;
  std::vector<uint32_t> own_terms_;  // ascending
  std::array<std::vector<Said>, kBlocks> blocks_;
  int64_t block_ = kNever;  // the one that is being filled
  int64_t last_surge_block_ = kNever;
  PeakSketch peaks_;
  std::vector<std::pair<uint32_t, uint8_t>> waiting_;  // terms of the hour before with their share, not learned yet
  double hours_ = 0;                                   // in which something was heard
  double mentions_ = 0;
  std::vector<uint32_t> told_;  // terms of the finding that goes on
  std::string reason_;          // of the same
};

}  // namespace earshot::emerging_term
