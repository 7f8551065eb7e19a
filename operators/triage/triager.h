// Triager: what a post asks of us and how soon, by rules that a person can read. One per thread: it owns its scratch.
#pragma once

#include <memory>
#include <vector>

#include "operators/triage/triage_rules.h"
#include "schemas/mention.h"

namespace earshot::triage {

class Triager {
 public:
  explicit Triager(std::shared_ptr<const TriageRules> rules);

  // Classifies in linear time. The words in Triage::because are views of the post's text, or of literals when no word
  // but the sentiment decided: they live as long as the text. Allocates only when a text has more words than any
  // before.
  Triage classify(const Post& post, const Sentiment& sentiment);

 private:
  struct Found {
    uint16_t phrase;
    std::string_view words;
  };

  void find_phrases(std::string_view text);
  void add(std::span<const uint16_t> phrases, std::string_view words);
  void add_signals(const Post& post, const Sentiment& sentiment);
  [[nodiscard]] int points(Topic topic) const { return points_[static_cast<size_t>(topic)]; }
  [[nodiscard]] uint8_t urgency_of(TriageClass kind, const Post& post, const Sentiment& sentiment) const;
  void give_reasons(Topic topic, size_t count, Triage& triage) const;

  std::shared_ptr<const TriageRules> rules_;
  WordReader reader_;
  std::vector<Found> found_;
  std::vector<uint32_t> seen_in_;  // by phrase: the last post that had it
  uint32_t post_ = 0;
  std::array<int, kTopics> points_{};
};

}  // namespace earshot::triage
