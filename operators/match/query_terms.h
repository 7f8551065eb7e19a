// QueryTerms: what one term of a query asks for.
#pragma once

#include "engine/base/result.h"
#include "engine/text/text_normaliser.h"
#include "operators/match/query.h"
#include "operators/match/query_lexer.h"

namespace earshot::match {

// Fills kind, value, form and source from a word, phrase, {…}, /…/ or field that is no list. Errors, without the place:
// what was expected and what to write instead.
Result<void> fill_term(const QueryToken& token, const TextNormaliser& normaliser, QueryNode& node);

// Tags and a weight from what is between '[' and ']'. Errors as above.
Result<void> fill_marks(std::string_view marks, QueryNode& node);

// The fields of the language.
std::vector<std::string_view> query_fields();

}  // namespace earshot::match
