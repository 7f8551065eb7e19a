// Mention: a post that matched a listener, enriched. Views and pointers are good as long as the batch.
#pragma once

#include <cstdint>
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

enum class SentimentLabel : uint8_t { kNegative, kNeutral, kPositive };

struct Sentiment {
  double neg = 0;       // shares of the text, 0 to 1, which add up to 1
  double neu = 0;
  double pos = 0;
  double compound = 0;  // -1 to 1, rounded to four digits
  SentimentLabel label = SentimentLabel::kNeutral;

  // The compound in ten-thousandths, for sums that do not depend on their order.
  [[nodiscard]] int32_t compound_e4() const { return static_cast<int32_t>(compound * 10000 + (compound < 0 ? -0.5 : 0.5)); }
};

enum class TriageClass : uint8_t { kComplaint, kQuestion, kPraise, kPurchaseIntent, kOther };

struct Triage {
  TriageClass kind = TriageClass::kOther;
  uint8_t urgency = 1;                        // 1 (can wait) to 5 (now)
  std::span<const std::string_view> because;  // the words that decided it
};

struct Mention {
  const Post* post = nullptr;
  const Listener* listener = nullptr;
  std::span<const ClauseMatch> clauses;  // distinct clauses, by place in the text
  Sentiment sentiment;
  Triage triage;
};

std::string_view to_string(SentimentLabel label);
std::string_view to_string(TriageClass kind);

// Appends the mention as JSON (schemas/mention.schema.json) without a newline.
void append_mention_json(std::string& out, const Mention& mention, uint64_t rule_version);

}  // namespace earshot
