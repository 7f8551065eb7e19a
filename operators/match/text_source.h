// TextSource: which text of a post a phrase is looked for in.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/text/folding_table.h"

namespace earshot::match {

enum class TextSource : uint8_t { kText, kBio, kName, kPlace, kUrlTitles };

// The source that a field such as "bio" names; nullopt for other fields.
std::optional<TextSource> text_source_of(std::string_view field);

// How a listener reads text: by the pipeline's folding, or without accents whatever that is.
constexpr CaseFolding folding_for(CaseFolding folding, bool folds_diacritics) {
  return folds_diacritics ? CaseFolding::kUnicodeWithoutDiacritics : folding;
}

}  // namespace earshot::match
