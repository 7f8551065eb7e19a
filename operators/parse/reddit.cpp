#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "operators/parse/formats.h"

namespace earshot::parse {
namespace {

constexpr std::string_view kComment = "t1";
constexpr std::string_view kSubmission = "t3";

bool is_fullname(std::string_view id) {
  return id.size() > 3 && id[0] == 't' && id[2] == '_';
}

// "t1" or "t3" by the wrapper, the fullname or the members; empty when it is neither.
std::string_view thing_kind(JsonObject thing, std::string_view wrapper_kind) {
  if (!wrapper_kind.empty()) return wrapper_kind;
  for (const std::string_view key : {"name", "id"}) {
    const std::string_view id = text_or_empty(thing, key);
    if (is_fullname(id)) return id.substr(0, 2);
  }
  if (text_at(thing, "body")) return kComment;
  return text_at(thing, "title") ? kSubmission : std::string_view();
}

std::string_view keep_fullname(JsonObject thing, std::string_view kind, PostWriter& out) {
  for (const std::string_view key : {"name", "id"}) {
    const std::string_view id = text_or_empty(thing, key);
    if (is_fullname(id)) return out.keep(id);
  }
  const std::string_view id = text_or_empty(thing, "id");
  return id.empty() ? std::string_view() : out.keep_joined({kind, "_", id});
}

bool is_gone(std::string_view body) {
  return body == "[deleted]" || body == "[removed]" || body.starts_with("[ Removed by ");
}

std::string_view keep_url(JsonObject thing, std::string_view kind, const Post& post, PostWriter& out) {
  const std::string_view permalink = text_or_empty(thing, "permalink");
  if (permalink.starts_with('/')) return out.keep_joined({"https://www.reddit.com", permalink});
  if (!permalink.empty()) return out.keep(permalink);
  const std::string_view own = post.id.empty() ? post.id : post.id.substr(3);
  if (kind == kSubmission) return out.keep_joined({"https://www.reddit.com/comments/", own});
  if (!is_fullname(post.conversation_id)) return {};
  return out.keep_joined({"https://www.reddit.com/comments/", post.conversation_id.substr(3), "/_/", own});
}

void read_author(JsonObject thing, Post& post, PostWriter& out) {
  const std::string_view name = text_or_empty(thing, "author");
  if (!name.empty() && name != "[deleted]") post.author_handle = out.keep(name);
  const std::string_view fullname = text_or_empty(thing, "author_fullname");
  // Older dumps have no fullname; a Reddit name is unique too.
  post.author_id = fullname.empty() ? post.author_handle : out.keep(fullname);
}

// Reddit escapes & < > in texts unless asked not to, as X does.
Verdict read_comment_text(JsonObject thing, std::string_view where, Post& post, PostWriter& out) {
  const auto body = text_at(thing, "body");
  if (!body) return out.refuse(fmt::format("{}body is missing or not a string", where));
  if (is_gone(*body)) post.change = PostChange::kDeleted;
  post.text = out.keep_unescaped(*body);
  post.kind = PostKind::kReply;
  // The submission's author is told, that of the comment above is not.
  if (text_or_empty(thing, "parent_id").starts_with("t3_")) {
    post.in_reply_to_handle = out.keep(text_or_empty(thing, "link_author"));
  }
  post.in_reply_to = out.keep(text_or_empty(thing, "parent_id"));
  post.conversation_id = out.keep(text_or_empty(thing, "link_id"));
  return Verdict::kPosts;
}

Verdict read_submission_text(JsonObject thing, std::string_view where, Post& post, PostWriter& out) {
  const auto title = text_at(thing, "title");
  if (!title) return out.refuse(fmt::format("{}title is missing or not a string", where));
  const std::string_view selftext = text_or_empty(thing, "selftext");
  if (is_gone(selftext) || has(thing, "removed_by_category")) post.change = PostChange::kDeleted;
  post.text =
      selftext.empty() ? out.keep_unescaped(*title) : out.keep_unescaped(out.keep_joined({*title, "\n\n", selftext}));
  post.conversation_id = post.id;
  post.replies = count_at(thing, "num_comments");
  post.quote_of = out.keep(text_or_empty(thing, "crosspost_parent"));
  if (!post.quote_of.empty()) post.kind = PostKind::kQuote;
  const std::string_view hint = text_or_empty(thing, "post_hint");
  post.media.has_images = hint == "image" || is_true(thing, "is_gallery");
  post.media.has_video = is_true(thing, "is_video") || hint.ends_with(":video");
  if (!is_true(thing, "is_self")) out.add_item(out.keep_unescaped(text_or_empty(thing, "url")));
  post.urls = out.take_items();
  return Verdict::kPosts;
}

// Seconds since 1970 as number or text, bounded so that milliseconds of it fit.
std::optional<int64_t> time_ms_at(JsonObject thing, std::string_view key) {
  constexpr int64_t kLatestSecond = kLatestPostMs / 1000;
  const auto seconds = number_at(thing, key);
  return seconds ? std::optional(std::min(std::max<int64_t>(*seconds, 0), kLatestSecond) * 1000) : std::nullopt;
}

// "edited" is false, true in old posts, or the time of the edit.
void read_edit(JsonObject thing, Post& post) {
  const auto edited_ms = time_ms_at(thing, "edited");
  const bool is_edited = (edited_ms && *edited_ms >= kEarliestPostMs) || is_true(thing, "edited");
  if (!is_edited || post.change == PostChange::kDeleted) return;
  post.change = PostChange::kEdited;
  post.edited_at_ms = edited_ms.value_or(0);
}

Verdict read_thing(JsonObject thing, std::string_view wrapper_kind, std::string_view where, PostWriter& out) {
  const std::string_view kind = thing_kind(thing, wrapper_kind);
  if (kind != kComment && kind != kSubmission) {
    // Accounts, subreddits, messages and the "more" at the end of a thread.
    return kind.empty() ? out.refuse(fmt::format("{}body or title is missing", where)) : Verdict::kNotAPost;
  }
  Post post;
  post.platform = "reddit";
  post.id = keep_fullname(thing, kind, out);
  const Verdict verdict =
      kind == kComment ? read_comment_text(thing, where, post, out) : read_submission_text(thing, where, post, out);
  if (verdict != Verdict::kPosts) return verdict;
  const auto created_ms = time_ms_at(thing, "created_utc");
  if (!has(thing, "created_utc")) return out.refuse(fmt::format("{}created_utc is missing", where));
  if (!created_ms) return out.refuse(fmt::format("{}created_utc is not a number of seconds", where));
  post.created_at_ms = *created_ms;
  read_author(thing, post, out);
  if (post.change == PostChange::kDeleted) {
    post.text = {};
    return out.add(post, where);
  }
  read_edit(thing, post);
  const std::string_view subreddit = text_or_empty(thing, "subreddit");
  post.subreddit = out.keep(subreddit.starts_with("r/") ? subreddit.substr(2) : subreddit);
  post.author_created_at_ms = time_ms_at(thing, "author_created_utc").value_or(0);
  post.is_sensitive = is_true(thing, "over_18");
  post.likes = number_at(thing, "score").value_or(number_at(thing, "ups").value_or(0));
  post.url = keep_url(thing, kind, post, out);
  return out.add(post, where);
}

Verdict read_listing(JsonObject listing, PostWriter& out) {
  const auto children = array_at(listing, "children");
  if (!children) return out.refuse("data.children is missing or not an array");
  Verdict found = Verdict::kNotAPost;
  size_t index = 0;
  for (const JsonElement item : *children) {
    const std::string where = fmt::format("data.children[{}].", index++);
    JsonObject child;
    JsonObject thing;
    if (item.get(child) != simdjson::SUCCESS || child.at_key("data").get(thing) != simdjson::SUCCESS) {
      return out.refuse(where + "data is missing or not an object");
    }
    const Verdict verdict = read_thing(thing, text_or_empty(child, "kind"), where + "data.", out);
    if (verdict == Verdict::kRefused) return verdict;
    if (verdict == Verdict::kPosts) found = verdict;
  }
  return found;
}

}  // namespace

Verdict read_reddit(JsonObject record, PostWriter& out) {
  const auto data = object_at(record, "data");
  const auto kind = text_at(record, "kind");
  if (!data || !kind) return read_thing(record, "", "", out);
  return *kind == "Listing" ? read_listing(*data, out) : read_thing(*data, *kind, "data.", out);
}

}  // namespace earshot::parse
