#include <fmt/format.h>

#include "engine/time/timestamp.h"
#include "operators/parse/formats.h"
#include "operators/parse/html_text.h"

namespace earshot::parse {
namespace {

constexpr std::string_view kComment = "youtube#comment";
constexpr std::string_view kThread = "youtube#commentThread";

class CommentReader {
 public:
  CommentReader(HtmlScratch& scratch, PostWriter& out) : scratch_(scratch), out_(out) {}

  // A page, a thread or a comment. Posts are added as far as it is sound; the record is refused as a whole otherwise.
  Verdict read(JsonObject resource, const std::string& where) {
    const std::string_view kind = text_or_empty(resource, "kind");
    if (kind == kComment) return read_comment(resource, {}, 0, where);
    if (kind == kThread) return read_thread(resource, where);
    const auto items = kind.ends_with("ListResponse") ? array_at(resource, "items") : std::nullopt;
    return items ? read_all(*items, where + "items") : Verdict::kNotAPost;
  }

 private:
  Verdict read_all(JsonArray items, const std::string& where) {
    Verdict found = Verdict::kNotAPost;
    size_t index = 0;
    for (const JsonElement item : items) {
      const std::string place = fmt::format("{}[{}]", where, index++);
      JsonObject resource;
      if (item.get(resource) != simdjson::SUCCESS) {
        return out_.refuse(fmt::format("{} is {}, not a resource", place, type_name(item)));
      }
      const bool is_readable =
          text_or_empty(resource, "kind") == kComment || text_or_empty(resource, "kind") == kThread;
      const Verdict verdict = is_readable ? read(resource, place + ".") : Verdict::kNotAPost;
      if (verdict == Verdict::kRefused) return verdict;
      if (verdict == Verdict::kPosts) found = verdict;
    }
    return found;
  }

  Verdict read_thread(JsonObject thread, const std::string& where) {
    const auto snippet = object_at(thread, "snippet");
    const auto comment = snippet ? object_at(*snippet, "topLevelComment") : std::nullopt;
    if (!comment) return out_.refuse(where + "snippet.topLevelComment is missing or not an object");
    const Verdict verdict = read_comment(*comment, text_or_empty(*snippet, "videoId"),
                                         count_at(*snippet, "totalReplyCount"), where + "snippet.topLevelComment.");
    const auto replies = object_at(thread, "replies");
    const auto comments = replies ? array_at(*replies, "comments") : std::nullopt;
    if (verdict == Verdict::kRefused || !comments) return verdict;
    return read_all(*comments, where + "replies.comments") == Verdict::kRefused ? Verdict::kRefused : verdict;
  }

  Verdict read_comment(JsonObject comment, std::string_view thread_video, int64_t replies, const std::string& where) {
    const auto snippet = object_at(comment, "snippet");
    if (!snippet) return out_.refuse(where + "snippet is missing or not an object");
    Post post;
    post.platform = "youtube";
    if (const auto id = member(comment, "id")) post.id = out_.keep_id(*id);
    if (!read_text(*snippet, post)) return out_.refuse(where + "snippet.textOriginal is missing or not a string");
    const auto published = text_at(*snippet, "publishedAt");
    if (!published) return out_.refuse(where + "snippet.publishedAt is missing or not a string");
    const auto time_ms = parse_rfc3339_ms(*published);
    if (!time_ms) {
      return out_.refuse(fmt::format("{}snippet.publishedAt {} is not an RFC 3339 time", where, quoted(*published)));
    }
    post.created_at_ms = *time_ms;
    const auto updated_ms = parse_rfc3339_ms(text_or_empty(*snippet, "updatedAt"));
    if (updated_ms && *updated_ms > *time_ms) {
      post.change = PostChange::kEdited;
      post.edited_at_ms = *updated_ms;
    }
    read_author(*snippet, post);
    post.in_reply_to = out_.keep(text_or_empty(*snippet, "parentId"));
    if (!post.in_reply_to.empty()) post.kind = PostKind::kReply;
    post.conversation_id = post.in_reply_to.empty() ? post.id : post.in_reply_to;
    post.likes = count_at(*snippet, "likeCount");
    post.replies = replies;
    const std::string_view own_video = text_or_empty(*snippet, "videoId");
    const std::string_view video = own_video.empty() ? thread_video : own_video;
    if (!video.empty() && !post.id.empty()) {
      post.url = out_.keep_joined({"https://www.youtube.com/watch?v=", video, "&lc=", post.id});
    }
    return out_.add(post, where);
  }

  // textOriginal is only there for some callers; textDisplay is HTML unless it was asked for as plain text.
  bool read_text(JsonObject snippet, Post& post) {
    scratch_.text.clear();
    scratch_.links.clear();
    const auto original = text_at(snippet, "textOriginal");
    const auto shown = text_at(snippet, "textDisplay");
    if (!original && !shown) return false;
    append_html_text(shown.value_or(std::string_view()), scratch_.text, scratch_.links);
    post.text = out_.keep(original ? *original : std::string_view(scratch_.text));
    for (const std::string& link : scratch_.links) out_.add_item(out_.keep(link));
    post.urls = out_.take_items();
    return true;
  }

  // Display names have been handles, with '@', since 2022; before that they were any name.
  void read_author(JsonObject snippet, Post& post) {
    const std::string_view name = text_or_empty(snippet, "authorDisplayName");
    if (name.starts_with('@')) post.author_handle = out_.keep_handle(name);
    post.author_name = out_.keep(name);
    const auto channel = object_at(snippet, "authorChannelId");
    if (channel) post.author_id = out_.keep(text_or_empty(*channel, "value"));
  }

  HtmlScratch& scratch_;
  PostWriter& out_;
};

}  // namespace

Verdict read_youtube(JsonObject record, HtmlScratch& scratch, PostWriter& out) {
  const auto kind = text_at(record, "kind");
  if (!kind || !kind->starts_with("youtube#")) return out.refuse("kind is missing or not one of YouTube's");
  return CommentReader(scratch, out).read(record, "");
}

}  // namespace earshot::parse
