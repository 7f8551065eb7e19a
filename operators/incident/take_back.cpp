// What deletions and edits of posts do to the evidence of incidents.
#include <algorithm>
#include <unordered_set>

#include "operators/incident/incident_operator.h"
#include "schemas/evidence.h"

namespace earshot::incident {
namespace {

uint64_t hash_of(const wire::Evidence& post) {
  return post_hash(post.post_id(), post.platform());
}

}  // namespace

void IncidentOperator::take_back(const wire::Signal& changes) {
  const std::unordered_set<uint64_t> deleted(changes.deleted().begin(), changes.deleted().end());
  for (auto& [id, incident] : incidents_) {
    auto& evidence = *incident.state.mutable_evidence();
    const int before = evidence.size();
    const auto gone = std::remove_if(evidence.begin(), evidence.end(),
                                     [&](const wire::Evidence& post) { return deleted.contains(hash_of(post)); });
    evidence.erase(gone, evidence.end());
    incident.is_dirty |= evidence.size() != before;
  }
  for (const wire::EvidenceChange& change : changes.changes()) {
    const auto id = incident_ids_.find({changes.hub(), change.listener()});
    Incident* incident = id == incident_ids_.end() ? nullptr : find(id->second);
    if (incident == nullptr) continue;
    auto& evidence = *incident->state.mutable_evidence();
    const auto piece = std::find_if(evidence.begin(), evidence.end(),
                                    [&](const wire::Evidence& post) { return hash_of(post) == change.post(); });
    if (piece == evidence.end()) continue;
    incident->is_dirty = true;
    if (change.has_evidence()) {
      *piece = read_evidence(copy_evidence(change.evidence()));
    } else {
      evidence.erase(piece);
    }
  }
}

}  // namespace earshot::incident
