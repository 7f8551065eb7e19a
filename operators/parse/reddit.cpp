#include <fmt/format.h>

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
  if (is_gone(*body)) return Verdict::kNotAPost;
  post.text = out.keep_unescaped(*body);
  post.kind = PostKind::kReply;
  post.in_reply_to = out.keep(text_or_empty(thing, "parent_id"));
  post.conversation_id = out.keep(text_or_empty(thing, "link_id"));
  return Verdict::kPosts;
}

Verdict read_submission_text(JsonObject thing, std::string_view where, Post& post, PostWriter& out) {
  const auto title = text_at(thing, "title");
  if (!title) return out.refuse(fmt::format("{}title is missing or not a string", where));
  const std::string_view selftext = text_or_empty(thing, "selftext");
  if (is_gone(selftext)) return Verdict::kNotAPost;
  post.text =
      selftext.empty() ? out.keep_unescaped(*title) : out.keep_unescaped(out.keep_joined({*title, "\n\n", selftext}));
  post.conversation_id = post.id;
  post.replies = count_at(thing, "num_comments");
  post.quote_of = out.keep(text_or_empty(thing, "crosspost_parent"));
  if (!post.quote_of.empty()) post.kind = PostKind::kQuote;
  if (!is_true(thing, "is_self")) out.add_item(out.keep_unescaped(text_or_empty(thing, "url")));
  post.urls = out.take_items();
  return Verdict::kPosts;
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
  constexpr int64_t kLatestSecond = kLatestPostMs / 1000;
  const auto created = member(thing, "created_utc");
  const auto created_s = number_at(thing, "created_utc");
  if (!created) return out.refuse(fmt::format("{}created_utc is missing", where));
  if (!created_s) return out.refuse(fmt::format("{}created_utc is not a number of seconds", where));
  post.created_at_ms = std::min(std::max<int64_t>(*created_s, 0), kLatestSecond) * 1000;
  post.likes = number_at(thing, "score").value_or(number_at(thing, "ups").value_or(0));
  read_author(thing, post, out);
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
