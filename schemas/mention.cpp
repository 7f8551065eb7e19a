#include "schemas/mention.h"

#include "engine/base/json_cursor.h"

namespace earshot {

std::string_view to_string(SentimentLabel label) {
  switch (label) {
    case SentimentLabel::kNegative:
      return "negative";
    case SentimentLabel::kNeutral:
      return "neutral";
    case SentimentLabel::kPositive:
      return "positive";
  }
  return "neutral";
}

std::string_view to_string(TriageClass kind) {
  switch (kind) {
    case TriageClass::kComplaint:
      return "complaint";
    case TriageClass::kQuestion:
      return "question";
    case TriageClass::kPraise:
      return "praise";
    case TriageClass::kPurchaseIntent:
      return "purchase_intent";
    case TriageClass::kOther:
      return "other";
  }
  return "other";
}

namespace {

size_t mention_json_bytes_max(const Mention& mention) {
  constexpr size_t kNames = 512;  // of all members, with punctuation and numbers
  size_t bytes = kNames + post_json_bytes_max(*mention.post) + JsonCursor::string_bytes_max(mention.listener->name) +
                 JsonCursor::string_bytes_max(mention.listener->spoke);
  constexpr size_t kClauseNames = 64;
  for (const ClauseMatch& clause : mention.clauses) bytes += kClauseNames + JsonCursor::string_bytes_max(clause.text);
  for (const std::string_view word : mention.triage.because) bytes += JsonCursor::string_bytes_max(word) + 1;
  return bytes;
}

char* write_mention_json(char* at, const Mention& mention, uint64_t rule_version) {
  JsonCursor json(at);
  json.begin_object().member("listener", mention.listener->name).member("spoke", mention.listener->spoke);
  json.key("rule_version").integer(rule_version);
  json.key("clauses").begin_array();
  for (const ClauseMatch& clause : mention.clauses) {
    json.begin_object().member("text", clause.text);
    json.member("start", clause.start).member("end", clause.end).end_object();
  }
  json.end_array();
  json.key("sentiment").begin_object().key("compound").decimal_e4(mention.sentiment.compound_e4());
  json.member("label", to_string(mention.sentiment.label)).end_object();
  json.key("triage").begin_object().member("class", to_string(mention.triage.kind));
  json.member("urgency", mention.triage.urgency).key("because").begin_array();
  for (const std::string_view word : mention.triage.because) json.string(word);
  json.end_array().end_object();
  json.key("post").raw([&](char* post) { return write_post_json(post, *mention.post); });
  json.end_object();
  return json.at();
}

}  // namespace

void append_mention_json(std::string& out, const Mention& mention, uint64_t rule_version) {
  append_bounded(out, mention_json_bytes_max(mention),
                 [&](char* at) { return write_mention_json(at, mention, rule_version); });
}

}  // namespace earshot
