#include "schemas/mention.h"

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

void append_mention_json(std::string& out, const Mention& mention, uint64_t rule_version) {
  JsonWriter json(out);
  json.begin_object().member("listener", mention.listener->name).member("spoke", mention.listener->spoke);
  json.key("rule_version").unsigned_integer(rule_version);
  json.key("clauses").begin_array();
  for (const ClauseMatch& clause : mention.clauses) {
    json.begin_object()
        .member("text", clause.text)
        .member("start", clause.start)
        .member("end", clause.end)
        .end_object();
  }
  json.end_array();
  json.key("sentiment").begin_object();
  json.key("compound").decimal(mention.sentiment.compound, 4);
  json.member("label", to_string(mention.sentiment.label)).end_object();
  json.key("triage").begin_object().member("class", to_string(mention.triage.kind));
  json.member("urgency", mention.triage.urgency).key("because").begin_array();
  for (const std::string_view word : mention.triage.because) json.string(word);
  json.end_array().end_object();
  json.key("post").begin_raw_value();
  append_post_json(out, *mention.post);
  json.end_object();
}

}  // namespace earshot
