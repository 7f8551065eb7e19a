// Composer: writes one post of a stream: who, where, in which language, which words, and whether it repeats an earlier
// one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ops/generator/author.h"
#include "ops/generator/grammar.h"
#include "ops/generator/random.h"
#include "ops/generator/script.h"
#include "schemas/post.h"

namespace earshot::generator {

// Owns the text that a Post only views. Reused from post to post.
struct Draft {
  Platform platform = Platform::kX;
  Author author;
  std::string id;
  std::string text;
  std::string url;
  std::string conversation_id;
  std::string earlier_id;  // of the post that this one answers, repeats or quotes
  std::string link;
  std::string_view hashtag;
  std::string_view language_code;
  PostKind kind = PostKind::kOriginal;
  int64_t created_at_ms = 0;
  int64_t likes = 0;
  int64_t reposts = 0;
  int64_t replies = 0;

  // Good until the draft changes or is destroyed.
  [[nodiscard]] Post view();

 private:
  std::string_view hashtag_list_[1];
  std::string_view link_list_[1];
};

class Composer {
 public:
  // `streams` must outlive the composer.
  Composer(const std::vector<Stream>& streams, uint64_t seed);

  // Fills in the next post of the stream. Times of one stream must not go back.
  void compose(Draft& draft, size_t stream, int64_t time_ms, const LanguageMix& mix);

 private:
  // An original that may still be answered, repeated or quoted.
  struct Recent {
    std::string id;
    std::string text;
    std::string conversation_id;
    Platform platform;
    size_t language;
  };
  enum class Relation : uint8_t { kNone, kRepost, kNearCopy, kReply, kQuote };

  bool is_news(const Stream& stream, bool is_about_a_post);
  Relation relation(const Stream& stream, bool has_recent);
  void write_text(Draft& draft, const Stream& stream, size_t language);
  void write_brand_name(std::string& out, const Brand& brand, Platform platform);
  void write_id(Draft& draft);
  void write_url(Draft& draft);
  void write_metrics(Draft& draft);
  void remember(size_t stream, const Draft& draft, size_t language);
  [[nodiscard]] std::string_view list_name(const Stream& stream, Platform platform);

  const std::vector<Stream>& streams_;
  Random random_;
  std::vector<Grammar> grammars_;            // by language
  std::vector<std::vector<Recent>> recent_;  // by stream, at most kRecentPosts each
  std::string brand_name_;
  uint64_t sequence_ = 0;
};

}  // namespace earshot::generator
