#include "schemas/engagement.h"

#include <simdjson.h>

#include <algorithm>

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

Result<void> read_post(dom::element post, Engagement& out) {
  out.post_id = text_of(post, "id");
  out.platform = text_of(post, "platform");
  out.url = text_of(post, "url");
  out.in_reply_to = text_of(post, "in_reply_to");
  dom::element author;
  if (post["author"].get(author) == simdjson::SUCCESS) {
    out.author_id = text_of(author, "id");
    out.author_handle = text_of(author, "handle");
    out.followers = number_of(author, "followers");
  }
  const auto created_at_ms = parse_rfc3339_ms(text_of(post, "created_at"));
  if (out.post_id.empty() || !created_at_ms) return corrupt("has no post with 'id' and 'created_at'");
  out.created_at_ms = *created_at_ms;
  return {};
}

}  // namespace

Result<Engagement> read_engagement(std::string_view json) {
  dom::parser parser;
  dom::element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return corrupt("is not JSON");
  Engagement out;
  dom::element post;
  out.is_answer = root["post"].get(post) != simdjson::SUCCESS;
  if (auto read = read_post(out.is_answer ? root : post, out); !read) return read.error();
  if (out.is_answer) return out;
  dom::element triage;
  if (root["triage"].get(triage) != simdjson::SUCCESS) return corrupt("has no 'triage'");
  out.listener = text_of(root, "listener");
  out.spoke = text_of(root, "spoke");
  out.kind = by_name(text_of(triage, "class"), TriageClass::kOther);
  out.action = by_name(text_of(triage, "action"), TriageAction::kHandOver);
  out.urgency = std::clamp<int64_t>(number_of(triage, "urgency"), 1, 5);
  out.json = json;
  return out;
}

}  // namespace earshot
