// Words with wildcards: `*` stands for any letters and digits, none too, `?` for exactly one.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/text/text_normaliser.h"

namespace earshot::match {

inline constexpr size_t kWildcardsMax = 8;          // of one word
inline constexpr size_t kPatternCharactersMin = 2;  // besides wildcards
inline constexpr size_t kPatternsMax = 10'000;      // of a listener set

bool has_wildcard(std::string_view word);

// The word folded as texts are, with its wildcards: "Cancel*" as "cancel*". Errors say what was expected, without the
// place.
Result<std::string> normalise_pattern(std::string_view word, const TextNormaliser& normaliser);

// True for what normalise_pattern() gives: a phrase begins with a space.
inline bool is_pattern(std::string_view normalised) {
  return !normalised.starts_with(' ');
}

// A regular expression in Hyperscan's syntax that matches the pattern's words in a normalised text, both their spaces
// included.
std::string to_expression(std::string_view pattern);

// One that matches these bytes and nothing else.
std::string to_literal_expression(std::string_view bytes);

}  // namespace earshot::match
