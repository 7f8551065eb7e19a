// TriageRules: what a post asks of us, whom, and how soon, by rules in a file that a person can read (docs/triage.md).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "operators/triage/history_rules.h"
#include "operators/triage/query_matcher.h"
#include "operators/triage/word_weights.h"
#include "schemas/mention.h"

namespace earshot::triage {

inline constexpr size_t kClasses = static_cast<size_t>(TriageClass::kOther) + 1;

// What becomes of a class once it is given.
struct ClassPolicy {
  int points_min = 2;      // fewer points than this do not make the class
  uint8_t place = 0;       // in the file: among equal points the earlier goes first
  uint16_t outranked = 0;  // bit i: class i gives way to this one, however many points it has
  uint8_t urgency = 1;
  uint8_t urgency_max = 5;
  TriageAction action = TriageAction::kMonitor;
  std::string spoke;  // empty: the listener's own
};

enum class Place : uint8_t { kAnywhere, kOpening, kQuestion };

// All that is asked for must hold.
struct Conditions {
  double compound_min = -std::numeric_limits<double>::infinity();  // both ends belong to the range
  double compound_max = std::numeric_limits<double>::infinity();
  Place place = Place::kAnywhere;  // of a phrase
  bool affirmed = false;           // a phrase with a negation right before it does not count
  bool asks = false;
  bool exclaims = false;
  bool shouts = false;
  uint8_t hashtags_min = 0;
  uint8_t mentions_min = 0;
  uint8_t links_min = 0;
};

struct Rule {
  enum class Effect : uint8_t { kPoints, kUrgency, kException };
  Effect effect = Effect::kPoints;
  TriageClass kind = TriageClass::kOther;  // of kPoints and kException
  int points = 0;                          // of kPoints for each phrase found, of kUrgency once
  uint8_t phrases_max = 1;                 // how many phrases count
  bool has_query = false;                  // false: its conditions alone decide
  Conditions conditions;
  bool sets_action = false;  // of kException
  TriageAction action = TriageAction::kMonitor;
  std::string spoke;          // of kException; empty: as the class has it
  std::string_view reason{};  // of a rule without a query: the condition that says most; a literal
};

// Immutable; shared between threads.
class TriageRules {
 public:
  // The rules that were compiled in.
  static Result<std::shared_ptr<const TriageRules>> builtin(const QueryCompiler& compile);

  // Reads rules from a file, or the built-in ones for an empty path. Errors name file, line and column, a hundred of
  // them at most, each on a line.
  static Result<std::shared_ptr<const TriageRules>> load(const std::filesystem::path& path,
                                                         const QueryCompiler& compile);

  // Reads rules from `text`; `name` is the file's name for errors.
  static Result<std::shared_ptr<const TriageRules>> parse(std::string_view text, const std::string& name,
                                                          const QueryCompiler& compile);

  // The text of a file of rules. kNotFound: there is none that can be read.
  static Result<std::string> read_file(const std::filesystem::path& path);

  // Tells one text of rules from another.
  static uint64_t version_of(std::string_view text);
  [[nodiscard]] uint64_t version() const { return version_; }

  [[nodiscard]] const ClassPolicy& policy(TriageClass kind) const { return policies_[static_cast<size_t>(kind)]; }
  [[nodiscard]] std::span<const Rule> rules() const { return rules_; }
  [[nodiscard]] const Rule& rule_of(uint32_t query) const { return rules_[rule_of_query_[query]]; }
  [[nodiscard]] std::span<const uint32_t> rules_without_query() const { return rules_without_query_; }
  [[nodiscard]] const QuerySet& queries() const { return *queries_; }
  // Null when the rules alone decide.
  [[nodiscard]] const WordWeights* words() const { return words_.get(); }
  // They hold on the desk, where it is known what the author said before.
  [[nodiscard]] std::span<const HistoryRule> history() const { return history_; }
  [[nodiscard]] const std::vector<std::string>& negations() const { return negations_; }  // sorted

 private:
  friend class TriageFileReader;
  uint64_t version_ = 0;
  std::array<ClassPolicy, kClasses> policies_;
  std::vector<Rule> rules_;
  std::vector<uint32_t> rule_of_query_;
  std::vector<uint32_t> rules_without_query_;
  std::vector<HistoryRule> history_;
  std::vector<std::string> negations_;
  std::shared_ptr<const QuerySet> queries_;
  std::shared_ptr<const WordWeights> words_;
};

// The text of triage_rules.yaml.
std::string_view builtin_rules_text();

}  // namespace earshot::triage
