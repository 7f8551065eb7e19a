// What deletions and edits of posts do to evidence.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "operators/incident/folded_evidence.h"
#include "schemas/proto/signal.pb.h"

namespace earshot::incident {

using PostHashes = std::unordered_set<uint64_t>;

PostHashes deleted_posts(const wire::Signal& changes);

// True: something was taken out.
bool erase_deleted(const PostHashes& deleted, EvidenceList& evidence);

// Puts what an edit makes of a post in its place, or takes it out when it no longer matches. True: it was there.
bool change_post(const wire::EvidenceChange& change, EvidenceList& evidence);

}  // namespace earshot::incident
