// The posts that an alert shows: those of the newest signal first, then earlier ones, of near copies only the first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "schemas/proto/partial.pb.h"

namespace earshot::incident {

using EvidenceList = google::protobuf::RepeatedPtrField<wire::Evidence>;

// At most `count_max`. Both lists come best first.
EvidenceList fold_evidence(const EvidenceList& newest, const EvidenceList& kept, size_t count_max);

// Hashes of the words of a text and of their neighbourships, in order, each once. Words with a digit are left out.
std::vector<uint64_t> wording_of(std::string_view text);

// Share of the wording that two texts have in common (Jaccard's index), 0 to 1; 0 when one of them has none.
double resemblance(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b);

}  // namespace earshot::incident
