// Phrases: the short way to write many phrases into a query.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace earshot::triage {

inline constexpr size_t kFormsMax = 10'000;  // of one rule's phrases, all alternatives written out

// Stands in a phrase for the name of any competitor.
inline constexpr std::string_view kCompetitor = "{competitor}";

// Appends every form of one phrase: words parted by spaces or line breaks, "a/b" either word in that place, a word with
// an apostrophe also without it, and {competitor} each of `competitors` (no form at all when there is none). Errors,
// without the place: no word, a word that a text cannot have, too many forms.
Result<void> append_forms(std::string_view phrase, std::span<const std::string> competitors,
                          std::vector<std::string>& forms);

// A name of one or several words, as a phrase may have it. The error is without the place.
Result<void> check_name(std::string_view name);

// The query that finds any of them.
std::string any_of(std::span<const std::string> forms);

}  // namespace earshot::triage
