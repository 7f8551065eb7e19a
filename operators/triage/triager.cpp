#include "operators/triage/triager.h"

#include <algorithm>

namespace earshot::triage {
namespace {

constexpr int kPointsMin = 2;  // fewer points than this make no class
constexpr double kVeryNegative = -0.35;
constexpr double kVeryPositive = 0.35;
constexpr int kClearIntentPoints = 3;  // from here on a question is one that a buyer asks
constexpr int64_t kManyFollowers = 100'000;

constexpr struct {
  Topic topic;
  TriageClass kind;
  int urgency;  // before anything urgent is found
  int urgency_max;
} kClasses[] = {{Topic::kPurchaseIntent, TriageClass::kPurchaseIntent, 2, 4},
                {Topic::kComplaint, TriageClass::kComplaint, 2, 5},
                {Topic::kQuestion, TriageClass::kQuestion, 2, 5},
                {Topic::kPraise, TriageClass::kPraise, 1, 2}};
constexpr int kOtherUrgency = 1;
constexpr int kOtherUrgencyMax = 4;

}  // namespace

Triager::Triager(std::shared_ptr<const TriageRules> rules)
    : rules_(std::move(rules)), seen_in_(rules_->phrase_count()) {}

Triage Triager::classify(const Post& post, const Sentiment& sentiment) {
  if (++post_ == 0) {  // the count went round: what it was is no longer known
    std::ranges::fill(seen_in_, 0);
    post_ = 1;
  }
  points_.fill(0);
  found_.clear();
  find_phrases(post.text);
  add_signals(post, sentiment);
  if (points(Topic::kPurchaseIntent) >= kClearIntentPoints) points_[static_cast<size_t>(Topic::kQuestion)] = 0;
  Triage triage;
  int most = kPointsMin - 1;
  std::optional<Topic> decided;
  for (const auto& each : kClasses) {
    if (points(each.topic) <= most) continue;
    most = points(each.topic);
    triage.kind = each.kind;
    decided = each.topic;
  }
  triage.urgency = urgency_of(triage.kind, post, sentiment);
  if (decided) give_reasons(*decided, 3, triage);
  give_reasons(Topic::kUrgency, 1, triage);
  return triage;
}

void Triager::find_phrases(std::string_view text) {
  const std::span<const TextWord> words = reader_.read(text, rules_->vocabulary());
  const TriageRules& rules = *rules_;
  for (size_t first = 0; first < words.size(); ++first) {
    uint32_t node = rules.first_node(words[first].number);
    for (size_t last = first; node != TriageRules::kNoNode;) {
      const auto phrases = rules.phrases_at(node);
      if (!phrases.empty()) {
        const size_t begin = words[words[first].number == kClauseStart && last > first ? first + 1 : first].begin;
        add(phrases, text.substr(begin, words[last].end - begin));
      }
      if (++last == words.size()) break;
      node = rules.next_node(node, words[last].number);
    }
  }
}

void Triager::add(std::span<const uint16_t> phrases, std::string_view words) {
  for (const uint16_t number : phrases) {
    if (seen_in_[number] == post_) continue;
    seen_in_[number] = post_;
    points_[static_cast<size_t>(rules_->phrase(number).topic)] += rules_->phrase(number).points;
    found_.push_back({number, words});
  }
}

void Triager::add_signals(const Post& post, const Sentiment& sentiment) {
  const auto add_if = [this](bool is_so, Signal signal) {
    if (is_so) add(rules_->phrases_of(signal), to_string(signal));
  };
  add_if(sentiment.label == SentimentLabel::kNegative, Signal::kNegative);
  add_if(sentiment.compound <= kVeryNegative, Signal::kVeryNegative);
  add_if(sentiment.label == SentimentLabel::kPositive, Signal::kPositive);
  add_if(sentiment.compound >= kVeryPositive, Signal::kVeryPositive);
  add_if(post.kind == PostKind::kReply, Signal::kReply);
}

uint8_t Triager::urgency_of(TriageClass kind, const Post& post, const Sentiment& sentiment) const {
  int urgency = kOtherUrgency;
  int most = kOtherUrgencyMax;
  for (const auto& each : kClasses) {
    if (each.kind != kind) continue;
    urgency = each.urgency;
    most = each.urgency_max;
  }
  if (kind == TriageClass::kComplaint) {
    urgency += sentiment.compound <= kVeryNegative ? 1 : 0;
    urgency += post.followers >= kManyFollowers ? 1 : 0;
  }
  return static_cast<uint8_t>(std::clamp(urgency + points(Topic::kUrgency), 1, most));
}

// Adds the `count` phrases that weigh most, the earlier first among equals.
void Triager::give_reasons(Topic topic, size_t count, Triage& triage) const {
  const auto weight = [&](const Found& found) {
    const Phrase& phrase = rules_->phrase(found.phrase);
    return phrase.topic == topic ? phrase.points : 0;
  };
  const Found* before = nullptr;
  for (; count > 0; --count) {
    const Found* best = nullptr;
    for (const Found& found : found_) {
      const bool comes_after =
          before == nullptr || weight(found) < weight(*before) || (weight(found) == weight(*before) && &found > before);
      if (weight(found) > 0 && comes_after && (best == nullptr || weight(found) > weight(*best))) best = &found;
    }
    if (best == nullptr) return;
    triage.because.push_back(best->words);
    before = best;
  }
}

}  // namespace earshot::triage
