// Which words of a text tell what it is about.
#pragma once

#include <string_view>

namespace earshot {

// A normalised word of at least three letters and at most 48 bytes that is no stop word (English, German, French,
// Spanish, Italian) and no number.
bool is_term(std::string_view word);

}  // namespace earshot
