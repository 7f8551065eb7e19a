#include "operators/queue/service_queue.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "engine/base/json_writer.h"
#include "engine/time/timestamp.h"

namespace earshot::queue {
namespace {

namespace dom = simdjson::dom;

bool asks_for_an_answer(const Engagement& engagement) {
  return engagement.action == TriageAction::kCorrect || engagement.action == TriageAction::kMakeRight ||
         engagement.action == TriageAction::kHandOver;
}

// The parts follow each other with a length before each, so that no id can look like another.
std::string state_key(const std::tuple<std::string, std::string, std::string>& key) {
  std::string bytes = "q";
  const auto add = [&](const std::string& part) { bytes += std::to_string(part.size()) + ":" + part; };
  add(std::get<0>(key));
  add(std::get<1>(key));
  add(std::get<2>(key));
  return bytes;
}

std::string state_value(const Waiting& waiting) {
  std::string value;
  JsonWriter json(value);
  json.begin_object().member("v", 1).member("listener", waiting.listener).member("spoke", waiting.spoke);
  json.member("platform", waiting.platform).member("post", waiting.post_id).member("url", waiting.url);
  json.member("urgency", waiting.urgency).member("asked_ms", waiting.asked_ms).member("due_ms", waiting.due_ms);
  json.key("is_overdue").boolean(waiting.is_overdue).end_object();
  return value;
}

bool read_state_value(dom::parser& parser, std::string_view value, Waiting& out) {
  dom::element root;
  if (parser.parse(value.data(), value.size()).get(root) != simdjson::SUCCESS) return false;
  const auto text = [&](const char* name, std::string& into) {
    std::string_view read;
    const bool is_there = root[name].get(read) == simdjson::SUCCESS;
    into = read;
    return is_there;
  };
  const auto number = [&](const char* name, int64_t& into) { return root[name].get(into) == simdjson::SUCCESS; };
  int64_t version = 0;
  return number("v", version) && version == 1 && text("listener", out.listener) && text("spoke", out.spoke) &&
         text("platform", out.platform) && text("post", out.post_id) && text("url", out.url) &&
         number("urgency", out.urgency) && number("asked_ms", out.asked_ms) && number("due_ms", out.due_ms) &&
         root["is_overdue"].get(out.is_overdue) == simdjson::SUCCESS;
}

}  // namespace

std::string_view to_string(QueueEvent event) {
  switch (event) {
    case QueueEvent::kQueued:
      return "queued";
    case QueueEvent::kOverdue:
      return "overdue";
    case QueueEvent::kAnswered:
      return "answered";
    case QueueEvent::kDropped:
      return "dropped";
    case QueueEvent::kWithdrawn:
      return "withdrawn";
  }
  return "dropped";
}

void append_queue_change_json(std::string& out, const QueueChange& change) {
  const Waiting& waiting = change.waiting;
  JsonWriter json(out);
  json.begin_object().member("event", to_string(change.event)).member("time", format_rfc3339(change.time_ms));
  json.member("listener", waiting.listener).member("spoke", waiting.spoke).member("urgency", waiting.urgency);
  json.member("platform", waiting.platform).member("post_id", waiting.post_id).member_if("url", waiting.url);
  json.member("asked_at", format_rfc3339(waiting.asked_ms)).member("due_at", format_rfc3339(waiting.due_ms));
  if (change.event != QueueEvent::kQueued) {
    json.member("waited_ms", std::max<int64_t>(0, change.time_ms - waiting.asked_ms));
  }
  json.member_if("answer_id", change.answer_id);
  if (change.event == QueueEvent::kQueued) {
    json.member("action", to_string(change.action));
    if (change.before.good > 0) json.key("good_before").decimal(change.before.good, 2);
    if (change.before.ill > 0) json.key("ill_before").decimal(change.before.ill, 2);
    json.key("mention").raw(change.mention_json);
  }
  json.end_object();
}

Result<void> ServiceQueue::restore() {
  Result<void> outcome;
  dom::parser parser;
  auto scanned = store_.scan("q", [&](std::string_view key, std::string_view value) {
    Waiting waiting;
    if (!read_state_value(parser, value, waiting)) {
      outcome = Error{ErrorCode::kCorrupt, "a waiting mention is not a record of version 1",
                      "key '" + std::string(key) + "'"};
      return false;
    }
    now_ms_ = std::max(now_ms_, waiting.asked_ms);
    const Key id{waiting.listener, waiting.platform, waiting.post_id};
    insert(id, std::move(waiting));
    return true;
  });
  if (!scanned) return scanned;
  if (!outcome) return outcome;
  const auto clock = store_.get("t-queue");
  if (!clock) return clock.error();
  if (*clock) now_ms_ = std::max(now_ms_, parse_rfc3339_ms(**clock).value_or(0));
  return {};
}

Result<void> ServiceQueue::apply(const Engagement& engagement, const AuthorHistory& before, const Emit& emit) {
  if (auto advanced = advance_to(engagement.created_at_ms, emit); !advanced) return advanced;
  if (engagement.is_answer) return answer(engagement, emit);
  if (engagement.is_retraction) return withdraw(engagement, emit);
  return asks_for_an_answer(engagement) ? ask(engagement, before, emit) : Result<void>();
}

Result<void> ServiceQueue::ask(const Engagement& engagement, const AuthorHistory& before, const Emit& emit) {
  const Key key{engagement.listener, engagement.platform, engagement.post_id};
  if (waiting_.contains(key)) return {};
  Waiting waiting{.listener = engagement.listener,
                  .spoke = engagement.spoke,
                  .platform = engagement.platform,
                  .post_id = engagement.post_id,
                  .url = engagement.url,
                  .urgency = engagement.urgency,
                  .asked_ms = engagement.created_at_ms};
  waiting.due_ms = waiting.asked_ms + options_.answer_within_ms[kBands - static_cast<size_t>(waiting.urgency)];
  if (waiting.asked_ms + options_.forget_after_ms <= now_ms_) return {};
  const QueueChange queued{QueueEvent::kQueued, waiting, now_ms_, {}, engagement.json, engagement.action, before};
  if (auto told = emit(queued); !told) return told;
  save(key, waiting);
  insert(key, std::move(waiting));
  while (waiting_.size() > options_.waiting_max) {
    const Key least = std::get<2>(*by_rank_.begin());
    if (auto told = emit({QueueEvent::kDropped, waiting_.at(least), now_ms_, {}, {}}); !told) return told;
    erase(least);
  }
  return advance_to(now_ms_, emit);
}

Result<void> ServiceQueue::answer(const Engagement& answer, const Emit& emit) {
  const auto found = by_post_.find({answer.platform, answer.in_reply_to});
  if (found == by_post_.end()) return {};
  const std::set<Key> answered = found->second;
  for (const Key& key : answered) {
    QueueChange change{QueueEvent::kAnswered, waiting_.at(key), answer.created_at_ms, answer.post_id, {}};
    if (auto told = emit(change); !told) return told;
    erase(key);
  }
  return {};
}

// The author deleted the post, or wrote it anew so that it is no mention of the listener any more.
Result<void> ServiceQueue::withdraw(const Engagement& retraction, const Emit& emit) {
  const Key key{retraction.listener, retraction.platform, retraction.post_id};
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) return {};
  auto told = emit({QueueEvent::kWithdrawn, found->second, now_ms_, {}, {}});
  if (told) erase(key);
  return told;
}

Result<void> ServiceQueue::advance_to(int64_t time_ms, const Emit& emit) {
  if (time_ms > now_ms_) {
    now_ms_ = time_ms;
    store_.put("t-queue", format_rfc3339(now_ms_));
  }
  while (!by_due_.empty() && std::get<0>(*by_due_.begin()) < now_ms_) {
    const Key key = std::get<1>(*by_due_.begin());
    by_due_.erase(by_due_.begin());
    Waiting& waiting = waiting_.at(key);
    waiting.is_overdue = true;
    save(key, waiting);
    if (auto told = emit({QueueEvent::kOverdue, waiting, waiting.due_ms, {}, {}}); !told) return told;
  }
  while (!by_asked_.empty() && std::get<0>(*by_asked_.begin()) + options_.forget_after_ms <= now_ms_) {
    const auto [asked_ms, key] = *by_asked_.begin();
    const int64_t forgotten_ms = asked_ms + options_.forget_after_ms;
    if (auto told = emit({QueueEvent::kDropped, waiting_.at(key), forgotten_ms, {}, {}}); !told) return told;
    erase(key);
  }
  return {};
}

void ServiceQueue::insert(const Key& key, Waiting waiting) {
  by_rank_.emplace(waiting.urgency, waiting.asked_ms, key);
  by_asked_.emplace(waiting.asked_ms, key);
  if (!waiting.is_overdue) by_due_.emplace(waiting.due_ms, key);
  by_post_[{waiting.platform, waiting.post_id}].insert(key);
  waiting_.insert_or_assign(key, std::move(waiting));
}

void ServiceQueue::erase(const Key& key) {
  const auto found = waiting_.find(key);
  const Waiting& waiting = found->second;
  by_rank_.erase({waiting.urgency, waiting.asked_ms, key});
  by_asked_.erase({waiting.asked_ms, key});
  by_due_.erase({waiting.due_ms, key});
  const auto of_post = by_post_.find({waiting.platform, waiting.post_id});
  of_post->second.erase(key);
  if (of_post->second.empty()) by_post_.erase(of_post);
  store_.erase(state_key(key));
  waiting_.erase(found);
}

void ServiceQueue::save(const Key& key, const Waiting& waiting) {
  store_.put(state_key(key), state_value(waiting));
}

}  // namespace earshot::queue
