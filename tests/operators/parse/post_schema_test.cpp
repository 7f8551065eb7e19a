// The canonical post as written, as read and as its JSON Schema describes it are one and the same.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <nlohmann/json.hpp>

#include "operators/parse/post_writer.h"
#include "tests/json_schema/json_schema.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using nlohmann::json;
json read_schemas_file(const std::string& name) {
  return read_json(std::string(EARSHOT_SOURCE_DIR) + "/schemas/" + name);
}

JsonSchema post_schema() {
  json document = read_schemas_file("post.schema.json");
  // valijson aborts when the value is no string
  json& members = document["properties"];
  for (json* time : {&members["created_at"], &members["edited_at"], &members["author"]["properties"]["created_at"]})
    time->erase("format");
  return JsonSchema(document);
}

// A post with owned strings, any of them hard to write: quotes, control characters, emoji, empty ones.
struct OwnedPost {
  std::vector<std::string> strings;
  std::vector<std::string_view> hashtags;
  std::vector<std::string_view> urls;
  Post post;
};

rc::Gen<std::string> any_text() {
  return rc::gen::map(
      rc::gen::container<std::vector<uint8_t>>(rc::gen::arbitrary<uint8_t>()), [](const std::vector<uint8_t>& choices) {
        static const std::string kPieces[] = {"a",    "\"",     "\\",    "\n",   std::string(1, '\0'), "\x1F", "é", "😀",
                                              "</p>", "\u2028", "word ", "&amp;"};
        std::string text;
        for (const uint8_t choice : choices) text += kPieces[choice % std::size(kPieces)];
        return text;
      });
}

void fill(OwnedPost& owned) {
  constexpr size_t kStrings = 21;
  for (size_t i = 0; i < kStrings; ++i) owned.strings.push_back(*any_text());
  Post& post = owned.post;
  owned.strings[0].insert(0, "id");
  owned.strings[1].insert(0, "p");
  std::string_view Post::*const members[] = {&Post::id,
                                             &Post::platform,
                                             &Post::lang,
                                             &Post::text,
                                             &Post::url,
                                             &Post::author_id,
                                             &Post::author_handle,
                                             &Post::author_name,
                                             &Post::conversation_id,
                                             &Post::in_reply_to,
                                             &Post::repost_of,
                                             &Post::quote_of,
                                             &Post::author_bio,
                                             &Post::in_reply_to_handle,
                                             &Post::repost_of_handle,
                                             &Post::subreddit,
                                             &Post::place};
  for (size_t i = 0; i < std::size(members); ++i) post.*members[i] = owned.strings[i];
  owned.hashtags = {owned.strings[17], owned.strings[18]};
  owned.urls = {owned.strings[19], owned.strings[20], owned.strings[3]};
  post.hashtags = std::span(owned.hashtags).first(*rc::gen::inRange<size_t>(0, 3));
  post.urls = std::span(owned.urls).first(*rc::gen::inRange<size_t>(0, 4));
  post.created_at_ms = *rc::gen::inRange<int64_t>(kEarliestPostMs, kLatestPostMs);
  post.followers = *rc::gen::positive<int64_t>();
  post.likes = *rc::gen::arbitrary<int64_t>();
  post.reposts = *rc::gen::arbitrary<int64_t>();
  post.replies = *rc::gen::arbitrary<int64_t>();
  post.url_titles = std::span(owned.urls).first(*rc::gen::inRange<size_t>(0, 4));
  post.edited_at_ms = *rc::gen::element<int64_t>(0, kEarliestPostMs, kLatestPostMs - 1);
  post.author_created_at_ms = *rc::gen::element<int64_t>(0, kEarliestPostMs, kLatestPostMs - 1);
  post.views = *rc::gen::positive<int64_t>();
  post.country = *rc::gen::element("", "DE", "BR");
  post.has_geo = !post.place.empty() || *rc::gen::arbitrary<bool>();
  post.media = {*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()};
  post.is_verified = *rc::gen::arbitrary<bool>();
  post.is_sensitive = *rc::gen::arbitrary<bool>();
  post.change = *rc::gen::element(PostChange::kCreated, PostChange::kEdited, PostChange::kDeleted);
  post.kind = *rc::gen::element(PostKind::kOriginal, PostKind::kReply, PostKind::kRepost, PostKind::kQuote);
}

std::string written(const Post& post) {
  std::string out;
  append_post_json(out, post);
  return out;
}

TEST(CanonicalPost, ReadsBackAsItWasWritten) {
  const JsonSchema schema = post_schema();
  EXPECT_TRUE(rc::check([&schema] {
    OwnedPost owned;
    fill(owned);
    const std::string json_text = written(owned.post);
    const Parsed parsed(json_text);
    RC_ASSERT(parsed.result.posts.size() == 1U);
    const Post& read = parsed.result.posts[0];
    RC_ASSERT(written(read) == json_text);
    RC_ASSERT(read.text == owned.post.text);
    RC_ASSERT(read.created_at_ms == owned.post.created_at_ms);
    RC_ASSERT(strings_of(read.urls) == strings_of(owned.post.urls));
    RC_ASSERT(schema.faults(json::parse(json_text)) == "");
  }));
}

TEST(PostSchema, HoldsForTheExampleWhichIsAsEarshotWritesIt) {
  const json example = read_schemas_file("examples/post.json");
  EXPECT_EQ(post_schema().faults(example), "");
  const Parsed parsed(example.dump());
  EXPECT_EQ(json::parse(written(parsed.post())), example);
}

TEST(PostSchema, DescribesEveryMember) {
  const json schema = read_schemas_file("post.schema.json");
  for (const auto& [name, member] : schema["properties"].items()) {
    EXPECT_TRUE(member.contains("description")) << name;
    if (!member.contains("properties")) continue;
    for (const auto& [inner, inner_member] : member["properties"].items()) {
      EXPECT_TRUE(inner_member.contains("description")) << name << "." << inner;
    }
  }
}

// The schema and the parser refuse the same posts and take the same posts.
TEST(PostSchema, AgreesWithTheParser) {
  const JsonSchema schema = post_schema();
  const json whole = read_schemas_file("examples/post.json");
  const json values[] = {
      nullptr,       "", "2026-03-01T12:00:00Z", 7, -7, 7.5, true, json::array(), json::array({"a"}), json::array({1}),
      json::object()};
  std::vector<json::json_pointer> places;
  const json flat = whole.flatten();
  for (const auto& [place, value] : flat.items()) places.emplace_back(place);
  for (const char* place : {"/author", "/metrics", "/hashtags", "/urls", "/url_titles", "/media", "/repost_of",
                            "/quote_of", "/repost_of_handle", "/subreddit", "/sensitive"})
    places.emplace_back(place);
  for (const auto& place : places) {
    for (const json& value : values) {
      json changed = whole;
      changed[place] = value;
      const bool is_known_difference =
          place.to_string().ends_with("_at") && value.is_string();  // the schema checks no format
      if (is_known_difference) continue;
      const bool is_read = Parsed(changed.dump(), Format::kCanonical).result.posts.size() == 1;
      EXPECT_EQ(is_read, schema.faults(changed).empty()) << changed.dump() << "\n" << schema.faults(changed);
    }
  }
  for (const char* required : {"id", "platform", "created_at", "text"}) {
    json lacking = whole;
    lacking.erase(required);
    EXPECT_NE(schema.faults(lacking), "") << required;
    EXPECT_NE(Parsed(lacking.dump(), Format::kCanonical).refusal(), "(not refused)") << required;
  }
}

}  // namespace
}  // namespace earshot::parse
