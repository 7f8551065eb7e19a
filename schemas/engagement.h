// Engagement: what the desks need of a mention, of its retraction, or of an answer that one of our own accounts gave;
// and how far the posts have come in time. On the topic `engagements` a mention and a retraction are written as on the
// spoke's topic, and an answer as a canonical post.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "schemas/mention.h"

namespace earshot {

// How far one input partition of LISTEN has come.
struct InputClock {
  int64_t source = 0;        // the partition's number
  int64_t sources = 1;       // how many there are
  int64_t watermark_ms = 0;  // no earlier post is expected from it
  bool is_idle = false;      // nobody waits for it
};

// Appends it as JSON without a newline.
void append_input_clock_json(std::string& out, const InputClock& clock);

// What an author said of a listener before: posts, of which each counts half after a half-life.
struct AuthorHistory {
  double good = 0;
  double ill = 0;
};

struct Engagement {
  bool is_answer = false;           // then only the post's members below mean something
  bool is_retraction = false;       // then only the listener, the spoke, the post's id and its platform do
  std::optional<InputClock> clock;  // when it is there, nothing else is
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
