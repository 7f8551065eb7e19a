#include "schemas/engagement.h"

#include <simdjson.h>

#include <algorithm>

#include "engine/base/json_writer.h"
#include "engine/time/timestamp.h"

namespace earshot {
namespace {

namespace dom = simdjson::dom;

std::string text_of(dom::element object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

int64_t number_of(dom::element object, std::string_view name) {
  int64_t number = 0;
  if (object[name].get(number) != simdjson::SUCCESS) return 0;
  return number;
}

template <class Enum>
Enum by_name(std::string_view name, Enum last) {
  for (size_t i = 0; i < static_cast<size_t>(last); ++i) {
    if (to_string(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  return last;
}

Error corrupt(std::string what) {
  return {ErrorCode::kCorrupt, "an engagement " + std::move(what), {}};
}

Result<void> read_clock(dom::element object, InputClock& out) {
  const auto number = [&](std::string_view name, int64_t& into) { return object[name].get(into) == simdjson::SUCCESS; };
  const bool is_whole = number("source", out.source) && number("sources", out.sources) &&
                        number("watermark_ms", out.watermark_ms) &&
                        object["idle"].get(out.is_idle) == simdjson::SUCCESS;
  return is_whole ? Result<void>() : corrupt("has a 'clock' without 'source', 'sources', 'watermark_ms' or 'idle'");
}

Result<void> read_post(dom::element post, Engagement& out) {
  out.post_id = text_of(post, "id");
  out.platform = text_of(post, "platform");
  if (out.post_id.empty()) return corrupt("has no post with an 'id'");
  if (out.is_retraction) return {};
  out.url = text_of(post, "url");
  out.in_reply_to = text_of(post, "in_reply_to");
  dom::element author;
  if (post["author"].get(author) == simdjson::SUCCESS) {
    out.author_id = text_of(author, "id");
    out.author_handle = text_of(author, "handle");
    out.followers = number_of(author, "followers");
  }
  const auto created_at_ms = parse_rfc3339_ms(text_of(post, "created_at"));
  if (!created_at_ms) return corrupt("has no post with 'created_at'");
  out.created_at_ms = *created_at_ms;
  return {};
}

}  // namespace

void append_input_clock_json(std::string& out, const InputClock& clock) {
  JsonWriter json(out);
  json.begin_object().key("clock").begin_object().member("source", clock.source).member("sources", clock.sources);
  json.member("watermark_ms", clock.watermark_ms).key("idle").boolean(clock.is_idle).end_object().end_object();
}

Result<Engagement> read_engagement(std::string_view json) {
  dom::parser parser;
  dom::element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return corrupt("is not JSON");
  Engagement out;
  dom::element clock;
  if (root["clock"].get(clock) == simdjson::SUCCESS) {
    if (auto read = read_clock(clock, out.clock.emplace()); !read) return read.error();
    return out;
  }
  dom::element post;
  out.is_answer = root["post"].get(post) != simdjson::SUCCESS;
  const std::string change = out.is_answer ? std::string() : text_of(root, "change");
  out.is_retraction = change == "deleted" || change == "retracted";
  if (auto read = read_post(out.is_answer ? root : post, out); !read) return read.error();
  if (out.is_answer) return out;
  out.listener = text_of(root, "listener");
  out.spoke = text_of(root, "spoke");
  if (out.is_retraction) return out;
  dom::element triage;
  if (root["triage"].get(triage) != simdjson::SUCCESS) return corrupt("has no 'triage'");
  out.kind = by_name(text_of(triage, "class"), TriageClass::kOther);
  out.action = by_name(text_of(triage, "action"), TriageAction::kHandOver);
  out.urgency = std::clamp<int64_t>(number_of(triage, "urgency"), 1, 5);
  out.json = json;
  return out;
}

}  // namespace earshot
