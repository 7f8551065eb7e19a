#include "schemas/mention.h"

#include "engine/base/json_cursor.h"
#include "engine/base/json_writer.h"

namespace earshot {

std::string_view to_string(SentimentLabel label) {
  switch (label) {
    case SentimentLabel::kNegative:
      return "negative";
    case SentimentLabel::kNeutral:
      return "neutral";
    case SentimentLabel::kPositive:
      return "positive";
    case SentimentLabel::kUnscored:
      return "unscored";
  }
  return "unscored";
}

std::string_view to_string(TriageClass kind) {
  switch (kind) {
    case TriageClass::kComplaint:
      return "complaint";
    case TriageClass::kQuestion:
      return "question";
    case TriageClass::kPraise:
      return "praise";
    case TriageClass::kSuggestion:
      return "suggestion";
    case TriageClass::kPurchaseIntent:
      return "purchase_intent";
    case TriageClass::kChurnThreat:
      return "churn_threat";
    case TriageClass::kAdvocate:
      return "advocate";
    case TriageClass::kMisinformation:
      return "misinformation";
    case TriageClass::kRager:
      return "rager";
    case TriageClass::kSpam:
      return "spam";
    case TriageClass::kPress:
      return "press";
    case TriageClass::kRisk:
      return "risk";
    case TriageClass::kOther:
      return "other";
  }
  return "other";
}

std::string_view to_string(TriageAction action) {
  switch (action) {
    case TriageAction::kMonitor:
      return "monitor";
    case TriageAction::kCorrect:
      return "correct";
    case TriageAction::kMakeRight:
      return "make_right";
    case TriageAction::kLetStand:
      return "let_stand";
    case TriageAction::kThankAndShare:
      return "thank_and_share";
    case TriageAction::kHandOver:
      return "hand_over";
  }
  return "monitor";
}

namespace {

size_t mention_json_bytes_max(const Mention& mention) {
  constexpr size_t kNames = 768;  // of all members, with punctuation and numbers
  size_t bytes = kNames + post_json_bytes_max(*mention.post) + JsonCursor::string_bytes_max(mention.listener->name) +
                 JsonCursor::string_bytes_max(mention.listener->spoke);
  constexpr size_t kClauseNames = 64;
  for (const ClauseMatch& clause : mention.clauses) bytes += kClauseNames + JsonCursor::string_bytes_max(clause.text);
  for (const std::string_view tag : mention.tags) bytes += JsonCursor::string_bytes_max(tag) + 1;
  bytes += JsonCursor::string_bytes_max(mention.triage.spoke);
  for (const std::string_view word : mention.triage.because) bytes += JsonCursor::string_bytes_max(word) + 1;
  return bytes;
}

char* write_mention_json(char* at, const Mention& mention, uint64_t rule_version) {
  JsonCursor json(at);
  json.begin_object().member("listener", mention.listener->name).member("spoke", mention.listener->spoke);
  json.key("rule_version").integer(rule_version);
  if (mention.post->change != PostChange::kCreated) json.member("change", to_string(mention.post->change));
  json.key("clauses").begin_array();
  for (const ClauseMatch& clause : mention.clauses) {
    json.begin_object().member("text", clause.text);
    json.member("start", clause.start).member("end", clause.end).end_object();
  }
  json.end_array();
  if (!mention.tags.empty()) {
    json.key("tags").begin_array();
    for (const std::string_view tag : mention.tags) json.string(tag);
    json.end_array();
  }
  if (mention.weight != 0) json.member("weight", mention.weight);
  json.key("sentiment").begin_object().key("compound").decimal_e4(mention.sentiment.compound_e4());
  json.member("label", to_string(mention.sentiment.label));
  if (const int32_t confidence_e4 = mention.sentiment.confidence_e4(); confidence_e4 > 0) {
    json.key("confidence").decimal_e4(confidence_e4);
  }
  json.end_object();
  json.key("triage").begin_object().member("class", to_string(mention.triage.kind));
  json.member("urgency", mention.triage.urgency).member("action", to_string(mention.triage.action));
  const std::string_view spoke = mention.triage.spoke;
  json.member("spoke", spoke.empty() ? std::string_view(mention.listener->spoke) : spoke).key("because").begin_array();
  for (const std::string_view word : mention.triage.because) json.string(word);
  json.end_array().end_object();
  json.key("post").raw([&](char* post) { return write_post_json(post, *mention.post); });
  json.end_object();
  return json.at();
}

}  // namespace

void append_retraction_json(std::string& out, const Retraction& retraction, uint64_t rule_version) {
  JsonWriter json(out);
  json.begin_object().member("listener", retraction.listener).member("spoke", retraction.spoke);
  json.key("rule_version").unsigned_integer(rule_version);
  json.member("change", retraction.cause == Retraction::Cause::kDeleted ? "deleted" : "retracted");
  json.key("post").begin_object().member("id", retraction.post_id).member("platform", retraction.platform);
  json.end_object().end_object();
}

void append_mention_json(std::string& out, const Mention& mention, uint64_t rule_version) {
  append_bounded(out, mention_json_bytes_max(mention),
                 [&](char* at) { return write_mention_json(at, mention, rule_version); });
}

}  // namespace earshot
