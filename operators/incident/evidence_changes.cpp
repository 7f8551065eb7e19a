#include "operators/incident/evidence_changes.h"

#include <algorithm>

#include "schemas/evidence.h"

namespace earshot::incident {
namespace {

uint64_t hash_of(const wire::Evidence& post) {
  return post_hash(post.post_id(), post.platform());
}

}  // namespace

PostHashes deleted_posts(const wire::Signal& changes) {
  return {changes.deleted().begin(), changes.deleted().end()};
}

bool erase_deleted(const PostHashes& deleted, EvidenceList& evidence) {
  const int before = evidence.size();
  const auto gone = std::remove_if(evidence.begin(), evidence.end(),
                                   [&](const wire::Evidence& post) { return deleted.contains(hash_of(post)); });
  evidence.erase(gone, evidence.end());
  return evidence.size() != before;
}

bool change_post(const wire::EvidenceChange& change, EvidenceList& evidence) {
  const auto piece = std::find_if(evidence.begin(), evidence.end(),
                                  [&](const wire::Evidence& post) { return hash_of(post) == change.post(); });
  if (piece == evidence.end()) return false;
  if (change.has_evidence()) {
    *piece = read_evidence(copy_evidence(change.evidence()));
  } else {
    evidence.erase(piece);
  }
  return true;
}

}  // namespace earshot::incident
