// What a surge is about, as far as its mentions tell: which surges belong together, because they hold the same posts or
// are told by the same new words, and whether more than their number is unusual.
#pragma once

#include "schemas/proto/signal.pb.h"
#include "schemas/proto/state_incident.pb.h"

namespace earshot::incident {

// The surge that `signal` begins is part of what `state` is about.
bool is_related(const wire::Signal& signal, const wire::IncidentState& state);

// Its words say that it has a reason of its own, whatever else surges at the same time.
bool has_own_words(const google::protobuf::RepeatedPtrField<wire::Term>& terms);

// Many more mentions than usual and far more negative ones, however often this listener deviates of its own accord.
bool is_negative_surge(const wire::Signal& signal);

// More than its volume says that something is the matter: more negative mentions than the listener is used to, words of
// its own, or the same words again and again.
bool is_corroborated(const wire::Signal& signal);

}  // namespace earshot::incident
