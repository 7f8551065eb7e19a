#pragma once

#include <memory>

#include "tests/contract/operators/subject.h"

namespace earshot::contract {

std::unique_ptr<Subject> parse_subject();
std::unique_ptr<Subject> match_subject();
std::unique_ptr<Subject> sentiment_subject();
std::unique_ptr<Subject> triage_subject();

}  // namespace earshot::contract
