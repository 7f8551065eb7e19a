#include "operators/incident/relation.h"

#include <algorithm>
#include <cmath>

#include "schemas/origin.h"

namespace earshot::incident {
namespace {

using Terms = google::protobuf::RepeatedPtrField<wire::Term>;

// A word that many of the sampled posts hold and few usually do.
bool is_telling(const wire::Term& term) {
  constexpr uint32_t kPostsMin = 4;
  constexpr double kLiftMin = 4;
  return term.count() >= kPostsMin && term.lift() >= kLiftMin;
}

int shared_posts(const wire::Signal& signal, const wire::IncidentState& state) {
  return static_cast<int>(std::ranges::count_if(signal.evidence(), [&](const wire::Evidence& post) {
    return std::ranges::any_of(state.evidence(), [&](const wire::Evidence& other) {
      const bool is_same = !post.post_id().empty() && post.post_id() == other.post_id();
      return (is_same && post.platform() == other.platform()) ||
             (post.text_hash() != 0 && post.text_hash() == other.text_hash());
    });
  }));
}

int shared_words(const Terms& terms, const Terms& others) {
  constexpr int kFirst = 5;
  int shared = 0;
  for (int i = 0; i < std::min(terms.size(), kFirst); ++i) {
    for (int j = 0; j < std::min(others.size(), kFirst); ++j) {
      shared += is_telling(terms[i]) && is_telling(others[j]) && terms[i].text() == others[j].text();
    }
  }
  return shared;
}

}  // namespace

bool is_related(const wire::Signal& signal, const wire::IncidentState& state) {
  constexpr int kPostsMin = 2;
  constexpr double kPostsShareMin = 0.5;
  constexpr int kWordsMin = 2;
  const int posts = shared_posts(signal, state);
  const int fewer = std::min(signal.evidence_size(), state.evidence_size());
  if (posts >= kPostsMin && posts >= kPostsShareMin * fewer) return true;
  return shared_words(signal.terms(), state.terms()) >= kWordsMin;
}

bool has_own_words(const Terms& terms) {
  constexpr int kWordsMin = 2;
  return std::ranges::count_if(terms, is_telling) >= kWordsMin;
}

bool is_negative_surge(const wire::Signal& signal) {
  constexpr double kMultiple = 3;
  constexpr double kNegativeMultiple = 9;
  constexpr double kNegativeMin = 14;
  constexpr double kNegativeShareOfAnyone = 0.2;
  const double usual = signal.usual_negative_share() < 0 ? kNegativeShareOfAnyone : signal.usual_negative_share();
  const auto negative = static_cast<double>(signal.counts().negative());
  return signal.observed() >= kMultiple * signal.expected() && negative >= kNegativeMin &&
         negative >= kNegativeMultiple * usual * signal.expected();
}

bool is_corroborated(const wire::Signal& signal) {
  constexpr double kNegativeShift = 0.15;
  constexpr double kDeviations = 3;
  constexpr double kNegativeShareOfAnyone = 0.2;
  constexpr double kSameWords = 0.5;
  if (has_own_words(signal.terms())) return true;
  if (signal.counts().mentions() == 0) return false;
  const auto mentions = static_cast<double>(signal.counts().mentions());
  const double usual = signal.usual_negative_share() < 0 ? kNegativeShareOfAnyone : signal.usual_negative_share();
  const double shift = static_cast<double>(signal.counts().negative()) / mentions - usual;
  const double spread = std::sqrt((usual * (1 - usual) + 1 / mentions) / mentions);
  if (shift >= kNegativeShift && shift >= kDeviations * spread) return true;
  return read_origin(signal.counts()).near_copies >= kSameWords;
}

}  // namespace earshot::incident
