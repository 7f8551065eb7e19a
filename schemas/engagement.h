// Engagement: what the desks need of a mention, or of an answer that one of our own accounts gave. On the topic
// `engagements` a mention is written as on its spoke's topic and an answer as a canonical post.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "schemas/mention.h"

namespace earshot {

struct Engagement {
  bool is_answer = false;  // then only the post's members below mean something
  std::string listener;
  std::string spoke;  // of the listener
  TriageClass kind = TriageClass::kOther;
  TriageAction action = TriageAction::kMonitor;
  int64_t urgency = 1;
  std::string post_id;
  std::string platform;
  std::string url;
  std::string author_id;
  std::string author_handle;
  std::string in_reply_to;
  int64_t followers = 0;
  int64_t created_at_ms = 0;
  std::string json;  // the mention as it was written
};

// kCorrupt: what is missing.
[[nodiscard]] Result<Engagement> read_engagement(std::string_view json);

}  // namespace earshot
