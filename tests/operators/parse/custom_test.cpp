#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/time/timestamp.h"
#include "operators/parse/custom_fields.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Pointers = std::map<std::string, std::string>;

const Pointers kPointers{{"id", "/msg/key"},
                         {"platform", "forum"},
                         {"text", "/msg/parts/0/body"},
                         {"created_at", "/ts"},
                         {"edited_at", "/edited"},
                         {"author.id", "/user/no"},
                         {"author.handle", "/user/nick"},
                         {"author.verified", "/user/ok"},
                         {"author.followers", "/user/fans"},
                         {"metrics.likes", "/up"},
                         {"hashtags", "/tags"},
                         {"urls", "/link"},
                         {"media", "/kinds"},
                         {"geo", "/where"},
                         {"country", "/a~1b/c~0d"},
                         {"kind", "/type"},
                         {"change", "/op"}};

Parsed parsed_with(const Pointers& pointers, const std::string& record) {
  auto fields = CustomFields::from(pointers);
  EXPECT_TRUE(fields) << (fields ? "" : fields.error().to_string());
  ParseOptions options{.format = Format::kCustom, .detects_language = false};
  if (fields) options.custom = std::make_shared<const CustomFields>(std::move(*fields));
  return Parsed({record}, options);
}

TEST(Custom, ReadsWhatThePointersPointTo) {
  const Parsed parsed = parsed_with(
      kPointers,
      R"({"msg":{"key":42,"parts":[{"body":"hello"}]},"ts":1772366400,"edited":"2026-03-01T13:00:00+01:00","user":{"no":"7","nick":"@anna","ok":1,"fans":"12"},)"
      R"("up":-3,"tags":["#a","b",5],"link":"https://a.example/","kinds":["photo","video/mp4"],"where":{"lat":1},"a/b":{"c~d":"de"},"type":"reply","op":"updated"})");
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "42");
  EXPECT_EQ(post.platform, "forum");
  EXPECT_EQ(post.text, "hello");
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(format_rfc3339(post.edited_at_ms), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(post.author_id, "7");
  EXPECT_EQ(post.author_handle, "anna");
  EXPECT_EQ(post.followers, 12);
  EXPECT_EQ(post.likes, -3);
  EXPECT_TRUE(post.is_verified && post.has_geo && post.media.has_images && post.media.has_video);
  EXPECT_EQ(post.country, "DE");
  EXPECT_EQ(post.kind, PostKind::kReply);
  EXPECT_EQ(post.change, PostChange::kEdited);
  EXPECT_THAT(strings_of(post.hashtags), ElementsAre("a", "b"));
  EXPECT_THAT(strings_of(post.urls), ElementsAre("https://a.example/"));
}

TEST(Custom, NeedsNoTextWhenTheRecordSaysDeleted) {
  const Parsed parsed = parsed_with(kPointers, R"({"msg":{"key":"k"},"ts":"1772366400123","op":"deleted"})");
  EXPECT_EQ(parsed.post().change, PostChange::kDeleted);
  EXPECT_EQ(parsed.post().created_at_ms, 1772366400123);
}

TEST(Custom, NamesMemberAndPointerOfWhatIsMissingOrWrong) {
  const Pointers few{{"id", "/i"}, {"text", "/t"}, {"created_at", "/c"}, {"author.followers", "/f"}};
  const std::pair<const char*, const char*> cases[] = {
      {R"({"t":"x","c":1772366400})", "id (at /i) is missing"},
      {R"({"i":1,"c":1772366400})", "text (at /t) is missing"},
      {R"({"i":1,"t":"x"})", "created_at (at /c) is missing"},
      {R"({"i":1,"t":"x","c":null})", "created_at (at /c) is missing"},
      {R"({"i":1,"t":{},"c":1772366400})", "text (at /t) is an object, not a text"},
      {R"({"i":1,"t":"x","c":"soon"})", R"(created_at (at /c) "soon" is no time)"},
      {R"({"i":1,"t":"x","c":true})", "created_at (at /c) is neither a text nor a number"},
      {R"({"i":1,"t":"x","c":1})", "created_at (at /c) is before 2000"},
      {R"({"i":1,"t":"x","c":1772366400,"f":"many"})", "author.followers (at /f) is a string and no whole number"},
  };
  for (const auto& [record, reason] : cases) EXPECT_EQ(parsed_with(few, record).refusal(), reason);
  EXPECT_EQ(parsed_with(few, "[]").refusal(), "the record is an array, not an object");
}

TEST(Custom, RefusesEveryRecordWithoutFields) {
  EXPECT_EQ(Parsed("{}", Format::kCustom).refusal(), "the configuration names no fields of the custom format");
}

TEST(CustomFields, SayWhatIsWrongWithAnEntry) {
  EXPECT_EQ(CustomFields::fault_of("text", "/a/0/b~0c~1d"), "");
  EXPECT_EQ(CustomFields::fault_of("platform", "forum"), "");
  EXPECT_EQ(CustomFields::fault_of("platform", "/p"), "");
  EXPECT_THAT(CustomFields::fault_of("txt", "/a"),
              HasSubstr("is no member of a post; expected one of platform, lang, text"));
  EXPECT_THAT(CustomFields::fault_of("author", "/a"), HasSubstr("is no member of a post"));
  for (const char* pointer : {"", "a", "/a~", "/a~2"}) {
    EXPECT_THAT(CustomFields::fault_of("text", pointer), HasSubstr("expected a JSON pointer")) << pointer;
  }
}

TEST(CustomFields, NeedIdTimeAndText) {
  EXPECT_EQ(CustomFields::from({{"id", "/i"}, {"text", "/t"}}).error().message, "needs a pointer for created_at");
  EXPECT_EQ(CustomFields::from({}).error().message, "needs a pointer for id");
}

}  // namespace
}  // namespace earshot::parse
