// RuleSet: the queries of a listener set, compiled. Immutable; shared by all threads and swapped whole.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/result.h"
#include "engine/text/text_normaliser.h"
#include "operators/match/condition.h"
#include "operators/match/literal_scanner.h"
#include "operators/match/phrase_index.h"
#include "operators/match/phrase_lookup.h"
#include "operators/match/rule_program.h"
#include "schemas/listener.h"

namespace earshot::match {

// How phrases are found. Both ways give the same matches; kAuto takes the one that is faster for the set
// (finder_trial.h).
enum class PhraseFinder : uint8_t { kAuto, kHyperscan, kIndex };

struct RuleOptions {
  PhraseFinder finder = PhraseFinder::kAuto;
  CaseFolding folding = CaseFolding::kUnicode;
  size_t phrases_max = 1'000'000;                      // distinct phrases of the whole set
  size_t phrase_bytes_max = size_t{64} * 1024 * 1024;  // all of them together
  std::shared_ptr<DatabaseCache> databases = {};       // of what was compiled before; null: nothing is kept
};

// A phrase of one listener that is reported when it matches.
struct RuleClause {
  std::string_view text;  // as the query has it; a view into the listener set
  uint32_t phrase = 0;    // id among the set's phrases
};

struct Rule {
  uint32_t entry = 0;  // of its program; not used by a rule that is any of some phrases
  uint32_t first_clause = 0;
  uint32_t clause_count = 0;
};

// What a term that holds means: for a rule that is any of some phrases the match of that clause, else a rule to be
// tested.
struct TermUse {
  static constexpr uint32_t kTestsRule = 0xFFFFFFFFU;
  static constexpr uint32_t kNoListener = 0xFFFFFFFFU;  // of a phrase that is only looked at by rules under test
  uint32_t listener = 0;
  uint32_t clause = kTestsRule;
};

// What the matcher needs of a phrase that occurred, in a quarter of a cache line.
struct PhraseEntry {
  TermUse first_use;
  uint32_t bytes = 0;         // of the normalised phrase with its two boundary spaces; 0 of a word with wildcards
  uint32_t further_uses = 0;  // 0 when there is none
};

// Phrases that must stand near each other: two, or for `kAll` words with how often each is wanted.
struct Nearness {
  enum class Kind : uint8_t { kEitherOrder, kInOrder, kAll };
  Kind kind = Kind::kEitherOrder;
  uint32_t words_between_max = 0;
  std::vector<uint32_t> phrases;
  std::vector<uint32_t> counts;  // of kAll, by phrase
};

class RuleSet {
 public:
  // Errors: every query at fault, one on a line with file, line and column (a hundred at most); too many phrases; what
  // Hyperscan refuses. A query must need at least one term: one that is only negative would match nearly every post.
  static Result<std::shared_ptr<const RuleSet>> compile(std::shared_ptr<const ListenerSet> listeners,
                                                        const RuleOptions& options = {});

  [[nodiscard]] const std::shared_ptr<const ListenerSet>& listeners() const { return listeners_; }
  [[nodiscard]] const TextNormaliser& normaliser() const { return normaliser_; }
  [[nodiscard]] const LiteralScanner& scanner() const { return scanner_; }  // finds nothing when the index serves
  [[nodiscard]] const PhraseIndex& index() const { return index_; }
  // Has the phrases that neither of those finds, because no rule waits for them.
  [[nodiscard]] const PhraseLookup& lookup() const { return lookup_; }
  [[nodiscard]] const LiteralScanner& pattern_scanner() const { return pattern_scanner_; }
  [[nodiscard]] uint32_t first_pattern() const { return first_pattern_; }  // words with wildcards follow the phrases
  [[nodiscard]] bool uses_index() const { return uses_index_; }
  [[nodiscard]] size_t phrase_count() const { return phrases_.size(); }
  [[nodiscard]] const PhraseEntry& phrase(uint32_t id) const { return phrases_[id]; }
  [[nodiscard]] const Rule& rule(uint32_t listener) const { return rules_[listener]; }
  [[nodiscard]] std::span<const RuleClause> clauses(const Rule& rule) const {
    return std::span(clauses_).subspan(rule.first_clause, rule.clause_count);
  }
  [[nodiscard]] const RuleClause& clause(uint32_t index) const { return clauses_[index]; }
  [[nodiscard]] const Instruction& instruction(uint32_t index) const { return program_[index]; }

  // Of an author or language: all rules to be tested. Of a phrase: what its entry leaves out.
  [[nodiscard]] std::span<const TermUse> uses(Term term) const;

  // Ids of authors and languages that some query names. `lowered` as append_lowered gives it.
  [[nodiscard]] bool names_authors() const { return !ids_of(TermKind::kFrom).empty(); }
  [[nodiscard]] bool names_languages() const { return !ids_of(TermKind::kLang).empty(); }
  [[nodiscard]] const Condition& condition(uint32_t id) const { return conditions_[id]; }
  // Those that alone may make a rule hold, so that each post has to be asked.
  [[nodiscard]] std::span<const uint32_t> triggering_conditions() const { return triggering_conditions_; }
  [[nodiscard]] const Nearness& nearness(uint32_t id) const { return nearnesses_[id]; }
  [[nodiscard]] std::optional<uint32_t> author(std::string_view lowered) const {
    return find(TermKind::kFrom, lowered);
  }
  [[nodiscard]] std::optional<uint32_t> language(std::string_view lowered) const {
    return find(TermKind::kLang, lowered);
  }

 private:
  friend class RuleSetBuilder;
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return hash_64(text); }
  };
  using Ids = std::unordered_map<std::string, uint32_t, TextHash, std::equal_to<>>;
  static constexpr size_t kTermKinds = 4;  // those that rules wait for

  explicit RuleSet(const RuleOptions& options) : normaliser_(options.folding) {}
  [[nodiscard]] const Ids& ids_of(TermKind kind) const { return ids_[static_cast<size_t>(kind)]; }
  [[nodiscard]] std::optional<uint32_t> find(TermKind kind, std::string_view value) const;

  std::shared_ptr<const ListenerSet> listeners_;
  TextNormaliser normaliser_;
  LiteralScanner scanner_;
  PhraseIndex index_;
  PhraseLookup lookup_;
  bool uses_index_ = false;
  LiteralScanner pattern_scanner_;
  uint32_t first_pattern_ = 0;
  std::vector<PhraseEntry> phrases_;
  std::vector<Rule> rules_;  // by listener
  std::vector<RuleClause> clauses_;
  std::vector<Instruction> program_;
  std::vector<Condition> conditions_;
  std::vector<uint32_t> triggering_conditions_;
  std::vector<Nearness> nearnesses_;
  std::array<Ids, kTermKinds> ids_;                          // phrases are dropped once compiled
  std::array<std::vector<uint32_t>, kTermKinds> first_use_;  // by term, and one more
  std::array<std::vector<TermUse>, kTermKinds> uses_;
};

}  // namespace earshot::match
