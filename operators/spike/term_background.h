// TermBackground: which terms a listener's mentions usually hold, so that a surge can be told by the ones that are new.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/proto/signal.pb.h"
#include "schemas/proto/state_detect.pb.h"

namespace earshot::spike {

// Distinct terms of a text: normalised words of at least three letters that are no stop words, in byte order.
std::set<std::string> terms_of(std::string_view text);

class TermBackground {
 public:
  static constexpr size_t kTermsMax = 512;

  // Adds a text of a calm time. Counts are kept by Space-Saving (Metwally, Agrawal and El Abbadi, Efficient computation
  // of frequent and top-k elements in data streams, ICDT 2005), the rarer half thrown out at a time, and fade.
  void learn(std::string_view text);

  // Terms of `texts` whose share of texts is highest above their usual share, best first. A term must stand in at least
  // two texts; those in `excluded` (the listener's own words) say nothing new.
  [[nodiscard]] std::vector<wire::Term> rising(const std::vector<std::string_view>& texts,
                                               const std::set<std::string>& excluded, size_t count_max) const;

  void save(wire::ListenerState& out) const;
  void restore(const wire::ListenerState& state);

 private:
  [[nodiscard]] double usual_share(std::string_view term) const;
  void throw_out_rarest();

  boost::unordered_flat_map<uint64_t, float> counts_;  // by hash of the term
  float thrown_out_max_ = 0;                           // the most that a term which is not there may have
  double texts_ = 0;
};

}  // namespace earshot::spike
