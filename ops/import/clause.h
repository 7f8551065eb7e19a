// Clause: a query of another language as a tree whose leaves are terms of ours, and the text that says the same in
// ours.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace earshot::import {

struct Clause {
  enum class Kind : uint8_t { kTerm, kAll, kAny, kNot, kNear };
  Kind kind = Kind::kTerm;
  std::string term;  // as our language writes it
  std::vector<Clause> children;
  uint32_t words_between_max = 0;  // of kNear: between its two children
  bool is_ordered = false;         // of kNear
};

Clause term(std::string text);
Clause negation(Clause clause);

// One child stays what it is; children of the same kind are taken in.
Clause all_of(std::vector<Clause> children);
Clause any_of(std::vector<Clause> children);

// Both must be words, phrases or alternatives of them: that is what NEAR stands between.
Result<Clause> near(Clause first, Clause second, uint32_t words_between_max, bool is_ordered);

// The query, with the parentheses that it needs and no others.
std::string to_query(const Clause& clause);

// A word or phrase of ours for `text`: a word when it is one, else in quotes. Errors: a quote within, which a phrase
// cannot hold.
Result<std::string> phrase(std::string_view text);

// Words that are quoted only because they would be read as an operator or a sign: letters and digits stay bare.
bool is_plain_word(std::string_view text);

// A name that a post mentions. Written as a field, because "@name" may be a macro of the set that it comes into.
Result<std::string> mention(std::string_view name);

// A regular expression of ours for letters and signs as they are written, whole words of it whole.
Result<std::string> verbatim(std::string_view text);

// The clause with a mark such as "tag:outage": it goes with a mention when the clause holds.
Clause marked(const Clause& clause, std::string_view mark);

// "field:value", quoted when the value needs it. Errors as of phrase().
Result<std::string> field(std::string_view name, std::string_view value);

}  // namespace earshot::import
