// RuleProgram: a query as tests that each say where to go next, and the terms of which one must hold for the query to
// hold.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "operators/match/query.h"

namespace earshot::match {

enum class TermKind : uint8_t { kPhrase, kFrom, kLang, kCondition, kNearness, kAnyOf };

// A distinct phrase (or what else is found in texts), author, language, condition, nearness or group among all rules of
// a set; ids count from 0 for each kind.
struct Term {
  TermKind kind = TermKind::kPhrase;
  uint32_t id = 0;
  friend bool operator==(const Term&, const Term&) = default;
};

TermKind kind_of(const QueryNode& term);

// Where a test leads: another instruction, or one of these ends.
inline constexpr uint32_t kAccept = 0xFFFFFFFEU;
inline constexpr uint32_t kReject = 0xFFFFFFFFU;

struct Instruction {
  Term term;
  uint32_t on_true;
  uint32_t on_false;
};

// Gives a term node its id.
class TermRegistry {
 public:
  virtual ~TermRegistry() = default;
  virtual Term register_term(const QueryNode& node) = 0;
  // A group of which one must hold: all found in the post's text, or all authors.
  virtual Term register_any_of(std::span<const QueryNode* const> nodes) = 0;
};

// So many alternatives are tested as one.
inline constexpr size_t kGroupedTermsMin = 8;

// Appends the tests of `query`; each term once, short-circuited. Returns where to begin.
uint32_t append_program(const QueryNode& query, TermRegistry& registry, std::vector<Instruction>& program);

// The terms to wait for (never sentiment, which is known last): the query can only hold for a post in which one of them
// does. Of the sets that qualify, the one least often met: rarity is estimated from the kind of term and the length of
// phrases.
struct Triggers {
  std::vector<const QueryNode*> terms;  // empty when the query can hold without any term that must be there
  double frequency = 0;                 // a rough share of posts
  const QueryNode* negative = nullptr;  // with no terms: the part of the query that is only negative
};
Triggers find_triggers(const QueryNode& query);

// What counts as the share of a regex or a phrase of another field, rare or not: a text more has to be scanned for it.
inline constexpr double kLateTermFrequency = 0.2;

// What is wrong with a query without terms to wait for, whose part is `negative`.
std::string refusal_without_triggers(const QueryNode& part);

// Terms that are not under an odd number of negations, in the order of the query.
void collect_positive_terms(const QueryNode& query, std::vector<const QueryNode*>& terms);

// True for one phrase, or phrases with nothing but OR between them.
bool is_any_of_phrases(const QueryNode& query);

// The same of all that is found in texts: phrases, substrings, regexes, phrases of other fields.
bool is_any_of_texts(const QueryNode& query);
bool is_found_in_texts(const QueryNode& term);

// True when the term asks how the post feels.
bool asks_for_sentiment(const QueryNode& term);

// The parts of a query that carry tags or a weight.
void collect_marked(const QueryNode& query, std::vector<const QueryNode*>& marked);

}  // namespace earshot::match
