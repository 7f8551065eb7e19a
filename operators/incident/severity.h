// How bad what a signal shows is: volume, sentiment, reach and breadth of authors, each from 0 to 1.
#pragma once

#include "schemas/alert.h"
#include "schemas/proto/signal.pb.h"
#include "schemas/proto/state_incident.pb.h"

namespace earshot::incident {

Severity severity_of(const wire::Signal& signal);

// The worst so far.
Severity severity_of(const wire::IncidentState& state);

// Mentions a millisecond in the signal's window.
double rate_of(const wire::Signal& signal);

// Event time at which a signal came about: the end of its pane.
int64_t end_of(const wire::Signal& signal);

}  // namespace earshot::incident
