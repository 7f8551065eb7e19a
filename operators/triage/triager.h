// Triager: what a post asks of us and how soon, by rules that a person can read. One per thread: it owns its scratch.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "operators/triage/text_shape.h"
#include "operators/triage/triage_rules.h"
#include "schemas/mention.h"

namespace earshot::triage {

class Triager {
 public:
  explicit Triager(std::shared_ptr<const TriageRules> rules);

  // Classifies in linear time. The words in Triage::because are views of the post's text, or of literals when no word
  // but the sentiment or the text's shape decided; Triage::spoke is a view of the rules.
  Triage classify(const Post& post, const Sentiment& sentiment);

  // What one rule had to say about the last post.
  struct Found {
    const Rule* rule;
    int points;
    std::string_view words;
  };
  [[nodiscard]] std::span<const Found> found() const { return found_; }
  [[nodiscard]] int points(TriageClass kind) const { return points_[static_cast<size_t>(kind)]; }
  // What the words of the last post say, in units (WordWeights); all 0 when the rules alone decide.
  [[nodiscard]] int word_units(TriageClass kind) const { return word_units_[static_cast<size_t>(kind)]; }

 private:
  void apply_query_rule(const Rule& rule, std::span<const ClauseMatch> clauses);
  void apply(const Rule& rule, int points, std::string_view words);
  [[nodiscard]] bool holds(const Conditions& conditions) const;
  [[nodiscard]] bool is_placed(const Conditions& conditions, const ClauseMatch& clause) const;
  [[nodiscard]] std::string_view words_of(std::span<const ClauseMatch> clauses) const;
  [[nodiscard]] uint16_t outranked() const;
  [[nodiscard]] TriageClass decide() const;
  [[nodiscard]] TriageClass decide_with_words() const;
  void give_reasons(Triage& triage) const;

  std::shared_ptr<const TriageRules> rules_;
  std::unique_ptr<QueryMatcher> matcher_;
  std::string_view text_;  // during classify(), as the two below
  double compound_ = 0;
  TextShape shape_;
  std::vector<Found> found_;
  std::array<int, kClasses> points_{};
  WordWeights::Scores word_units_{};
  int urgency_ = 0;
  const Rule* counted_rule_ = nullptr;  // the rule that counted_ phrases were found of so far
  uint8_t counted_ = 0;
};

}  // namespace earshot::triage
