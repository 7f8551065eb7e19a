// TriageRules: the phrases that say what a post asks of us, read from a text file (its grammar: triage_rules.txt).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "operators/triage/words.h"

namespace earshot::triage {

// What a phrase adds points to: the classes in the order that decides between equals, then urgency.
enum class Topic : uint8_t { kPurchaseIntent, kComplaint, kQuestion, kPraise, kUrgency };
inline constexpr size_t kTopics = 5;

// What is known of a post besides its words.
enum class Signal : uint8_t { kNegative, kVeryNegative, kPositive, kVeryPositive, kReply };
inline constexpr size_t kSignals = 5;

struct Phrase {
  Topic topic;
  int points;
};

// Immutable; shared between threads.
class TriageRules {
 public:
  // The rules that were compiled in.
  static std::shared_ptr<const TriageRules> builtin();

  // Reads rules from a file. Errors name file and line.
  static Result<std::shared_ptr<const TriageRules>> load(const std::filesystem::path& path);

  // Reads rules from `text`; `name` is the file's name for errors.
  static Result<std::shared_ptr<const TriageRules>> parse(std::string_view text, const std::string& name);

  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }
  [[nodiscard]] size_t phrase_count() const { return phrases_.size(); }
  [[nodiscard]] const Phrase& phrase(uint16_t number) const { return phrases_[number]; }
  [[nodiscard]] std::span<const uint16_t> phrases_of(Signal signal) const {
    return signal_phrases_[static_cast<size_t>(signal)];
  }

  // The words of a phrase are a path from the root, each step a word.
  static constexpr uint32_t kNoNode = 0;
  [[nodiscard]] uint32_t first_node(uint16_t word) const { return first_nodes_[word]; }
  [[nodiscard]] uint32_t next_node(uint32_t node, uint16_t word) const {
    const uint64_t step = step_of(node, word);
    for (size_t slot = slot_of(step);; ++slot) {
      const Step& taken = steps_[slot & (steps_.size() - 1)];
      if (taken.step == step || taken.node == kNoNode) return taken.node;
    }
  }
  // The phrases that end at a node.
  [[nodiscard]] std::span<const uint16_t> phrases_at(uint32_t node) const {
    return std::span(ending_phrases_).subspan(nodes_[node].first_phrase, nodes_[node].phrase_count);
  }

 private:
  friend class TriageRulesParser;
  struct Node {
    uint32_t first_phrase = 0;
    uint32_t phrase_count = 0;
  };
  struct Step {
    uint64_t step = 0;
    uint32_t node = kNoNode;
  };

  static uint64_t step_of(uint32_t node, uint16_t word) { return uint64_t{node} << 16 | word; }
  static size_t slot_of(uint64_t step) { return static_cast<size_t>(step * 0x9e3779b97f4a7c15ULL >> 32); }

  Vocabulary vocabulary_;
  std::vector<Phrase> phrases_;
  std::vector<uint32_t> first_nodes_;  // by word
  std::vector<Node> nodes_;
  std::vector<Step> steps_;  // a power of two of slots, at most a quarter taken
  std::vector<uint16_t> ending_phrases_;
  std::array<std::vector<uint16_t>, kSignals> signal_phrases_;
};

std::string_view to_string(Signal signal);

// The text of triage_rules.txt.
std::string_view builtin_rules_text();

}  // namespace earshot::triage
