#pragma once

#include <memory>

#include "tests/contract/operators/subject.h"

namespace earshot::contract {

std::unique_ptr<Subject> dedup_subject();
std::unique_ptr<Subject> summarise_subject();
std::unique_ptr<Subject> window_subject();
std::unique_ptr<Subject> baseline_subject();
std::unique_ptr<Subject> spike_subject();
std::unique_ptr<Subject> incident_subject();
std::unique_ptr<Subject> silence_subject();
std::unique_ptr<Subject> sentiment_shift_subject();
std::unique_ptr<Subject> viral_post_subject();
std::unique_ptr<Subject> emerging_term_subject();
std::unique_ptr<Subject> queue_subject();
std::unique_ptr<Subject> advocates_subject();

}  // namespace earshot::contract
