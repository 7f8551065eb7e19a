// A sample of a listener's mentions in a pane, without bias and of a bounded size: those whose posts have the least
// hashes (bottom-k: Cohen and Kaplan, Summarizing data using bottom-k sketches, PODC 2007). However the pane is cut and
// whatever the order, the sample of all of it is the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/post.h"
#include "schemas/proto/partial.pb.h"

namespace earshot {

struct SampledMention {
  uint64_t post = 0;              // hash of its id, by which it is drawn
  uint64_t author = 0;            // hash
  uint64_t text = 0;              // of the normalised text, equal for copies
  uint64_t shape = 0;             // of the same, mostly equal for near copies
  uint64_t reference = 0;         // hash of the post that it repeats, quotes or answers; 0: none
  uint64_t reported_reposts = 0;  // of the post that it repeats, as the platform counts them
  std::string reference_handle;   // of that post's author
  std::string words;              // normalised, cut between words
};

inline constexpr size_t kSampledPerPane = 8;
inline constexpr size_t kSampledWordsBytes = 200;

// Whether a post with this hash belongs to the sample.
bool is_drawn(const std::vector<SampledMention>& sample, uint64_t post);

// Puts it in its place if it belongs there; what is too much leaves. Of two sightings of a post the one stays of which
// the platform counts more, whichever came first.
void offer_sampled(std::vector<SampledMention>& sample, SampledMention mention);

// Fills what follows from the post itself: what it refers to, and what the platform counts.
void set_reference(SampledMention& mention, const Post& post);

// `normalised` (words parted by single spaces) without its outer spaces, at most kSampledWordsBytes, cut between words.
std::string_view sampled_words(std::string_view normalised);

SampledMention take_sampled(wire::SampledMention& wire);
SampledMention copy_sampled(const wire::SampledMention& wire);
void write_sampled(const SampledMention& mention, wire::SampledMention& out);

}  // namespace earshot
