// Finds what was meant by a mistyped name.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace earshot {

// Edits (insert, delete, replace, swap of neighbours) between the two; source: optimal string alignment distance,
// Damerau 1964. Only the first 64 bytes of each count.
size_t edit_distance(std::string_view a, std::string_view b);

// The candidate with the fewest edits to `name`, ignoring case and '-' against '_'; empty when none is close enough to
// be meant (more than one edit for each three letters).
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace earshot
