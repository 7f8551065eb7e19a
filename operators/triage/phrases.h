// Phrases: the short way to write many phrases into a query.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace earshot::triage {

inline constexpr size_t kFormsMax = 10'000;  // of one rule's phrases, all alternatives written out

// Appends every form of one phrase: words parted by spaces or line breaks, "a/b" either word in that place, and a word
// with an apostrophe also without it. Errors, without the place: no word, a word that a text cannot have, too many
// forms.
Result<void> append_forms(std::string_view phrase, std::vector<std::string>& forms);

// The query that finds any of them.
std::string any_of(std::span<const std::string> forms);

}  // namespace earshot::triage
