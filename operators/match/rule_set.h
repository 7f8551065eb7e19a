// RuleSet: the queries of a listener set, compiled. Immutable; shared by all threads and swapped whole.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/text/text_normaliser.h"
#include "operators/match/condition.h"
#include "operators/match/phrase_catalogue.h"
#include "operators/match/phrase_lookup.h"
#include "operators/match/regex_scanner.h"
#include "operators/match/rule_program.h"
#include "operators/match/text_plane.h"
#include "schemas/listener.h"
#include "schemas/listener_directory.h"

namespace earshot::match {

struct RuleOptions {
  PhraseFinder finder = PhraseFinder::kAuto;
  CaseFolding folding = CaseFolding::kUnicode;
  size_t phrases_max = 1'000'000;                      // distinct phrases of the whole set
  size_t phrase_bytes_max = size_t{64} * 1024 * 1024;  // all of them together
  size_t terms_max = 4'000'000;                        // of all rules, once macros and lists stand for what they hold
  std::shared_ptr<DatabaseCache> databases = {};       // of what was compiled before; null: nothing is kept
};

// A phrase, substring or regex of one listener that is reported when it matches.
struct RuleClause {
  std::string_view text;  // as the query has it; a view into the listener set
  uint32_t phrase = 0;    // id among the set's phrases
};

// A part of a rule that gives the mention tags and weight when it holds too.
struct RuleMark {
  uint32_t entry = 0;  // of its program
  uint32_t first_tag = 0;
  uint32_t tag_count = 0;
  int64_t weight = 0;
};

struct Rule {
  uint32_t entry = 0;  // of its program; not used by a rule that is any of some phrases
  uint32_t first_clause = 0;
  uint32_t clause_count = 0;
  uint32_t first_mark = 0;
  uint32_t mark_count = 0;
};

// What a term that holds means: for a rule that is any of some phrases the match of that clause, else a rule to be
// tested.
struct TermUse {
  static constexpr uint32_t kTestsRule = 0xFFFFFFFFU;
  static constexpr uint32_t kHoldsWithoutClause =
      0xFFFFFFFEU;                                      // of a rule that is any of some phrases: another field's
  static constexpr uint32_t kNoListener = 0xFFFFFFFFU;  // of a phrase that is only looked at by rules under test
  static constexpr uint32_t kOthersWait = 0xFFFFFFFEU;  // of one that no rule waits for, but that others go by
  uint32_t listener = 0;
  uint32_t clause = kTestsRule;
};

// What the matcher needs of a phrase that occurred, in a quarter of a cache line.
struct PhraseEntry {
  TermUse first_use;
  uint32_t bytes = 0;  // of the folded phrase with its two boundary spaces (of a substring as if it had them); 0 of
                       // a word with wildcards
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

// Terms of which one must hold: ids in ascending order, of phrases or of authors.
struct TermGroup {
  TermKind kind = TermKind::kPhrase;
  std::vector<uint32_t> ids;
};

class RuleSet {
 public:
  // Errors: every query at fault, one on a line with file, line and column (a hundred at most); too many phrases; what
  // Hyperscan refuses; faults of macros, whether a query uses them or not. A query must need at least one term besides
  // sentiment: one that is only negative would match nearly every post.
  static Result<std::shared_ptr<const RuleSet>> compile(std::shared_ptr<const ListenerSet> listeners,
                                                        const RuleOptions& options = {});

  [[nodiscard]] const std::shared_ptr<const ListenerSet>& listeners() const { return listeners_; }
  [[nodiscard]] const ListenerDirectory& directory() const { return *directory_; }
  // How most rules read the post's text, with ids from 0.
  [[nodiscard]] const TextPlane& main_plane() const { return planes_.front(); }
  [[nodiscard]] const TextNormaliser& normaliser() const { return main_plane().normaliser; }
  [[nodiscard]] const LiteralScanner& scanner() const { return main_plane().scanner; }
  [[nodiscard]] const PhraseIndex& index() const { return main_plane().index; }
  [[nodiscard]] const LiteralScanner& pattern_scanner() const { return main_plane().pattern_scanner; }
  // Whether the scanner finds phrases, or the index, or for kAuto either.
  [[nodiscard]] PhraseFinder finder() const { return main_plane().finder; }
  // Has the phrases of the main plane that nothing above finds, because no rule waits for them.
  [[nodiscard]] const PhraseLookup& lookup() const { return lookup_; }
  // The main plane and the others; ids of phrases go on from plane to plane, with those derived from the text's planes
  // before those of other texts, and regexes at the end.
  [[nodiscard]] std::span<const TextPlane> planes() const { return planes_; }
  [[nodiscard]] std::span<const DerivedPhrase> derived() const { return derived_; }
  [[nodiscard]] uint32_t first_derived() const { return first_derived_; }
  [[nodiscard]] bool has_derived(uint32_t base) const { return base < is_base_.size() && is_base_[base]; }
  // Indexes into derived() of the phrases that can only be where `base` is.
  [[nodiscard]] std::span<const uint32_t> derived_from(uint32_t base) const;
  [[nodiscard]] uint32_t first_late() const { return first_late_; }  // what is only looked at when it is asked for
  [[nodiscard]] uint32_t first_regex() const { return first_regex_; }
  [[nodiscard]] const RegexScanner& regex_scanner() const { return regex_scanner_; }
  [[nodiscard]] bool waits_for_regexes() const { return waits_for_regexes_; }
  // False when the main plane is all there is.
  [[nodiscard]] bool reads_further() const { return phrases_.size() > main_plane().end_phrase; }
  [[nodiscard]] size_t phrase_count() const { return phrases_.size(); }
  [[nodiscard]] const PhraseEntry& phrase(uint32_t id) const { return phrases_[id]; }
  [[nodiscard]] const Rule& rule(uint32_t listener) const { return rules_[listener]; }
  [[nodiscard]] std::span<const RuleClause> clauses(const Rule& rule) const {
    return std::span(clauses_).subspan(rule.first_clause, rule.clause_count);
  }
  [[nodiscard]] const RuleClause& clause(uint32_t index) const { return clauses_[index]; }
  [[nodiscard]] std::span<const RuleMark> marks(const Rule& rule) const {
    return std::span(marks_).subspan(rule.first_mark, rule.mark_count);
  }
  // Views into the listener set.
  [[nodiscard]] std::span<const std::string_view> tags(const RuleMark& mark) const {
    return std::span(tags_).subspan(mark.first_tag, mark.tag_count);
  }
  [[nodiscard]] const Instruction& instruction(uint32_t index) const { return program_[index]; }

  // Of an author or language: all rules to be tested. Of a phrase: what its entry leaves out.
  [[nodiscard]] std::span<const TermUse> uses(Term term) const;

  // Ids of authors and languages that some query names. `lowered` as append_lowered gives it.
  [[nodiscard]] bool names_authors() const { return !ids_of(TermKind::kFrom).empty(); }
  // Whether a language alone may make a rule hold or be what it waits for, so that each post's has to be known.
  [[nodiscard]] bool waits_for_languages() const { return !uses_[static_cast<size_t>(TermKind::kLang)].empty(); }
  [[nodiscard]] const Condition& condition(uint32_t id) const { return conditions_[id]; }
  // Those that alone may make a rule hold, so that each post has to be asked; and the columns where a look-up finds
  // them.
  [[nodiscard]] std::span<const uint32_t> triggering_conditions() const { return triggering_conditions_; }
  [[nodiscard]] std::span<const Condition::Column> triggering_columns() const { return triggering_columns_; }
  [[nodiscard]] std::optional<uint32_t> triggering_condition(Condition::Column column, std::string_view value) const;
  [[nodiscard]] const TermGroup& group(uint32_t id) const { return groups_[id]; }
  [[nodiscard]] const Nearness& nearness(uint32_t id) const { return nearnesses_[id]; }
  [[nodiscard]] std::optional<uint32_t> author(std::string_view lowered) const {
    return find(TermKind::kFrom, lowered);
  }
  [[nodiscard]] std::optional<uint32_t> language(std::string_view lowered) const {
    return find(TermKind::kLang, lowered);
  }

 private:
  friend class RuleSetBuilder;
  static constexpr size_t kTermKinds = 4;  // those that rules wait for

  RuleSet() = default;
  [[nodiscard]] const TextIds& ids_of(TermKind kind) const { return ids_[static_cast<size_t>(kind)]; }
  [[nodiscard]] std::optional<uint32_t> find(TermKind kind, std::string_view value) const;

  std::shared_ptr<const ListenerSet> listeners_;
  std::unique_ptr<const ListenerDirectory> directory_;
  std::vector<TextPlane> planes_;
  PhraseLookup lookup_;
  std::vector<DerivedPhrase> derived_;
  std::vector<bool> is_base_;  // by phrase
  std::vector<std::pair<uint32_t, uint32_t>> derived_by_base_;
  std::vector<uint32_t> derived_order_;  // the same without bases
  RegexScanner regex_scanner_;
  uint32_t first_derived_ = 0;
  uint32_t first_late_ = 0;
  uint32_t first_regex_ = 0;
  bool waits_for_regexes_ = false;
  std::vector<PhraseEntry> phrases_;
  std::vector<Rule> rules_;  // by listener
  std::vector<RuleClause> clauses_;
  std::vector<RuleMark> marks_;
  std::vector<std::string_view> tags_;
  std::vector<Instruction> program_;
  std::vector<Condition> conditions_;
  std::vector<uint32_t> triggering_conditions_;
  std::vector<Condition::Column> triggering_columns_;
  std::array<TextIds, Condition::kColumns> conditions_by_value_;
  std::vector<TermGroup> groups_;
  std::vector<Nearness> nearnesses_;
  std::array<TextIds, kTermKinds> ids_;                      // but of phrases
  std::array<std::vector<uint32_t>, kTermKinds> first_use_;  // by term, and one more
  std::array<std::vector<TermUse>, kTermKinds> uses_;
};

}  // namespace earshot::match
