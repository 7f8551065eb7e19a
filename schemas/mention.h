// Mention: a post that matched a listener, enriched. Views and pointers are good as long as the batch.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "schemas/listener.h"
#include "schemas/post.h"

namespace earshot {

// One clause (a word or phrase of the query) and its first place in the text; bytes, end exclusive.
struct ClauseMatch {
  std::string_view text;  // the clause as the rule wrote it; lives as long as the rule set
  uint32_t start = 0;
  uint32_t end = 0;
};

// kUnscored: in a language that is not read, with no emoji either; all numbers are then 0.
enum class SentimentLabel : uint8_t { kNegative, kNeutral, kPositive, kUnscored };

struct Sentiment {
  double neg = 0;  // shares of the text, 0 to 1, which add up to 1
  double neu = 0;
  double pos = 0;
  double compound = 0;  // -1 to 1, rounded to four digits
  SentimentLabel label = SentimentLabel::kNeutral;
  double confidence = 0;  // share of such texts for which the label is right, 0 to 1; 0 when the model does not say

  // The compound in ten-thousandths, for sums that do not depend on their order.
  [[nodiscard]] int32_t compound_e4() const {
    return static_cast<int32_t>(compound * 10000 + (compound < 0 ? -0.5 : 0.5));
  }
  [[nodiscard]] int32_t confidence_e4() const { return static_cast<int32_t>(confidence * 10000 + 0.5); }
};

enum class TriageClass : uint8_t {
  kComplaint,
  kQuestion,
  kPraise,
  kSuggestion,
  kPurchaseIntent,
  kChurnThreat,
  kAdvocate,
  kMisinformation,
  kRager,
  kSpam,
  kPress,
  kRisk,  // to someone's safety, or a legal one
  kOther
};

// What a response-assessment chart asks for.
enum class TriageAction : uint8_t { kMonitor, kCorrect, kMakeRight, kLetStand, kThankAndShare, kHandOver };

// The words that decided a class, the weightiest first. Held in place: nothing is allocated for a post.
class Reasons {
 public:
  using value_type = std::string_view;
  using const_iterator = const std::string_view*;
  static constexpr size_t kCountMax = 4;

  Reasons() = default;
  Reasons(std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) push_back(word);
  }

  // Leaves out a word that is there already, and any beyond kCountMax.
  void push_back(std::string_view word) {
    if (count_ < kCountMax && std::find(begin(), end(), word) == end()) words_[count_++] = word;
  }
  [[nodiscard]] const_iterator begin() const { return words_.data(); }
  [[nodiscard]] const_iterator end() const { return words_.data() + count_; }
  [[nodiscard]] size_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::string_view operator[](size_t i) const { return words_[i]; }

 private:
  std::array<std::string_view, kCountMax> words_;
  size_t count_ = 0;
};

struct Triage {
  TriageClass kind = TriageClass::kOther;
  uint8_t urgency = 1;  // 1 (can wait) to 5 (now)
  TriageAction action = TriageAction::kMonitor;
  std::string_view spoke;  // who should take it up; empty: the listener's own
  Reasons because;         // views of the post's text, or literals
};

struct Mention {
  const Post* post = nullptr;
  const Listener* listener = nullptr;
  std::span<const ClauseMatch> clauses;    // distinct clauses, by place in the text
  std::span<const std::string_view> tags;  // of the clauses that hold, each once
  int64_t weight = 0;                      // of those clauses, added up
  Sentiment sentiment;
  Triage triage;
};

std::string_view to_string(SentimentLabel label);
std::string_view to_string(TriageClass kind);
std::string_view to_string(TriageAction action);

// A mention that was told and holds no more.
struct Retraction {
  enum class Cause : uint8_t {
    kDeleted,    // the post was deleted
    kRetracted,  // it was edited, and no longer matches
  };
  Cause cause = Cause::kDeleted;
  std::string_view listener;
  std::string_view spoke;
  std::string_view post_id;
  std::string_view platform;
};

// Appends it as JSON (schemas/mention.schema.json) without a newline.
void append_retraction_json(std::string& out, const Retraction& retraction, uint64_t rule_version);

// Appends the mention as JSON (schemas/mention.schema.json) without a newline.
void append_mention_json(std::string& out, const Mention& mention, uint64_t rule_version);

}  // namespace earshot
