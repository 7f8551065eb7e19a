#include "tests/contract/operators/stateful_subjects.h"
#include "tests/contract/operators/stateless_subjects.h"
#include "tests/contract/operators/subject.h"

namespace earshot::contract {

const std::vector<NamedSubject>& subjects() {
  static const std::vector<NamedSubject> all{
      {"parse", parse_subject},
      {"match", match_subject},
      {"sentiment", sentiment_subject},
      {"triage", triage_subject},
      {"dedup", dedup_subject},
      {"summarise", summarise_subject},
      {"window", window_subject},
      {"baseline", baseline_subject},
      {"spike", spike_subject},
      {"silence", silence_subject},
      {"sentiment_shift", sentiment_shift_subject},
      {"viral_post", viral_post_subject},
      {"emerging_term", emerging_term_subject},
      {"incident", incident_subject},
      {"queue", queue_subject},
      {"advocates", advocates_subject},
  };
  return all;
}

}  // namespace earshot::contract
