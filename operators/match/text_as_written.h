// TextAsWritten: what of a phrase folding takes away, and some terms ask for: case, the sign before a name, joined
// emoji.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/text/normalised_text.h"
#include "engine/text/text_normaliser.h"
#include "operators/match/query.h"

namespace earshot::match {

// What '#', '@' and '$' before a word ask for; kFolded for anything else.
QueryNode::Form form_of_sign(char sign);

// How many bytes at the begin of `text` can be the name after the sign of a hashtag, mention or cashtag.
size_t name_length(QueryNode::Form form, std::string_view text);

// How many bytes the sign takes when a hashtag begins at `at`, else 0.
size_t hashtag_sign_length(std::string_view text, size_t at);

// Emoji that are joined (families, skin tones, flags) and nothing else.
bool is_emoji_sequence(std::string_view text);

// A phrase that must also stand in the text as a query writes it.
struct WrittenPhrase {
  QueryNode::Form form = QueryNode::Form::kFolded;
  std::string written;             // without sign or braces
  std::vector<std::string> words;  // of kCased: the bytes of each
};
WrittenPhrase written_phrase(const QueryNode& node, const TextNormaliser& normaliser);

// True when the folded phrase at normalised.text()[begin, end), without its boundary spaces, stands so in `original`,
// the text that was normalised.
bool is_as_written(const WrittenPhrase& phrase, std::string_view original, const NormalisedText& normalised,
                   uint32_t begin, uint32_t end);

}  // namespace earshot::match
