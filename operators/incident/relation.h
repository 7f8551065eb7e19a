// Which surges belong together: those that hold the same posts, or are told by the same new words.
#pragma once

#include "schemas/proto/signal.pb.h"
#include "schemas/proto/state_incident.pb.h"

namespace earshot::incident {

// The surge that `signal` begins is part of what `state` is about.
bool is_related(const wire::Signal& signal, const wire::IncidentState& state);

// Its words say that it has a reason of its own, whatever else surges at the same time.
bool has_own_words(const google::protobuf::RepeatedPtrField<wire::Term>& terms);

}  // namespace earshot::incident
