#include "ops/generator/composer.h"

#include <array>

#include "ops/generator/digits.h"

namespace earshot::generator {
namespace {

constexpr size_t kRecentPosts = 48;
constexpr uint32_t kRepliesPer1000 = 130;
constexpr uint32_t kQuotesPer1000 = 30;
constexpr uint32_t kHashtagsPer1000 = 110;
constexpr uint32_t kAsidesPer1000 = 400;

// Of what a news outlet could write about a brand on a day on which nothing happens.
constexpr uint32_t kOrdinaryNewsPer1000 = 250;

// What people add when they paste somebody's words.
constexpr std::array<std::string_view, 6> kPastedTails = {" 👀", "!!", " 😳", " ^ this", " >>>", " ..."};

// The same in every locale.
bool is_ascii_alphanumeric(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
}

}  // namespace

Post Draft::view() {
  Post post;
  post.id = id;
  post.platform = to_string(platform);
  post.lang = language_code;
  post.text = text;
  post.url = url;
  post.author_id = author.id;
  post.author_handle = author.handle;
  post.author_name = author.name;
  post.conversation_id = conversation_id;
  post.kind = kind;
  if (kind == PostKind::kReply) post.in_reply_to = earlier_id;
  if (kind == PostKind::kRepost) post.repost_of = earlier_id;
  if (kind == PostKind::kQuote) post.quote_of = earlier_id;
  hashtag_list_[0] = hashtag;
  link_list_[0] = link;
  if (!hashtag.empty()) post.hashtags = hashtag_list_;
  if (!link.empty()) post.urls = link_list_;
  post.created_at_ms = created_at_ms;
  post.followers = author.followers;
  post.likes = likes;
  post.reposts = reposts;
  post.replies = replies;
  return post;
}

Composer::Composer(const std::vector<Stream>& streams, uint64_t seed)
    : streams_(streams), random_(seed), recent_(streams.size()) {
  for (const Language& language : languages()) grammars_.emplace_back(language.vocabulary);
}

void Composer::compose(Draft& draft, size_t stream_index, int64_t time_ms, const LanguageMix& mix) {
  const Stream& stream = streams_[stream_index];
  std::vector<Recent>& recent = recent_[stream_index];
  const Relation related = relation(stream, !recent.empty());
  const Recent* earlier = related == Relation::kNone ? nullptr : &recent[random_.below(recent.size())];

  const size_t language = earlier != nullptr ? earlier->language : random_.pick(mix.weights);
  draft.platform = static_cast<Platform>(random_.pick(platform_shares()));
  if (earlier != nullptr && related != Relation::kNearCopy) draft.platform = earlier->platform;
  if (draft.platform == Platform::kNews && !is_news(stream, earlier != nullptr)) draft.platform = Platform::kForum;
  draft.created_at_ms = time_ms;
  draft.language_code = languages()[language].code;
  draft.kind = PostKind::kOriginal;
  draft.hashtag = {};
  draft.earlier_id.clear();
  draft.conversation_id.clear();
  describe_author(draft.author, language, draft.platform, pick_author(language, draft.platform, random_));
  write_id(draft);

  if (related == Relation::kRepost || related == Relation::kNearCopy) {
    draft.text = earlier->text;
  } else {
    write_text(draft, stream, language);
  }
  if (related == Relation::kNearCopy) draft.text += kPastedTails[random_.below(kPastedTails.size())];
  if (earlier != nullptr && related != Relation::kNearCopy) {
    const bool can_repost = has_reposts(draft.platform);
    draft.kind = PostKind::kReply;
    if (can_repost && related == Relation::kRepost) draft.kind = PostKind::kRepost;
    if (can_repost && related == Relation::kQuote) draft.kind = PostKind::kQuote;
    draft.earlier_id = earlier->id;
    if (draft.kind == PostKind::kReply) draft.conversation_id = earlier->conversation_id;
  }
  if (draft.conversation_id.empty()) draft.conversation_id = draft.id;
  write_url(draft);
  write_metrics(draft);
  if (draft.kind == PostKind::kOriginal) remember(stream_index, draft, language);
}

bool Composer::is_news(const Stream& stream, bool is_about_a_post) {
  if (is_about_a_post || stream.theme == Theme::kChat) return false;
  return stream.theme != Theme::kBrandTalk || random_.chance_in_1000(kOrdinaryNewsPer1000);
}

Composer::Relation Composer::relation(const Stream& stream, bool has_recent) {
  if (!has_recent) return Relation::kNone;
  const std::array<uint32_t, 4> shares = {stream.reposts, stream.near_copies, kRepliesPer1000, kQuotesPer1000};
  uint64_t left = random_.below(1000);
  for (size_t i = 0; i < shares.size(); ++i) {
    if (left < shares[i]) return static_cast<Relation>(i + 1);
    left -= shares[i];
  }
  return Relation::kNone;
}

std::string_view Composer::list_name(const Stream& stream, Platform platform) {
  static constexpr std::array<std::string_view, 5> kTalk = {"praise", "complaint", "question", "purchase", "remark"};
  static constexpr std::array<uint32_t, 5> kTalkShares = {26, 20, 20, 14, 20};
  const bool is_news = platform == Platform::kNews;
  switch (stream.theme) {
    case Theme::kChat:
      return "chat";
    case Theme::kBrandTalk:
      return is_news ? "news" : kTalk[random_.pick(kTalkShares)];
    case Theme::kLaunch:
      return is_news ? "news_launch" : "launch";
    case Theme::kOutage:
      return is_news ? "news_outage" : "outage";
    case Theme::kBreach:
      return is_news ? "news_breach" : "breach";
    case Theme::kRecovery:
      return is_news ? "news_recovery" : "recovery";
  }
  return "chat";
}

void Composer::write_text(Draft& draft, const Stream& stream, size_t language) {
  const Grammar& grammar = grammars_[language];
  const Brand& brand = brands()[stream.brand];
  SlotWords words;
  if (stream.theme != Theme::kChat) {
    write_brand_name(brand_name_, brand, draft.platform);
    words.brand = brand_name_;
    words.product = brand.products[stream.theme == Theme::kLaunch ? 0 : random_.below(brand.products.size())];
    words.thing_list = grammar.find(brand.things_list);
  }
  draft.text.clear();
  grammar.expand(draft.text, grammar.find(list_name(stream, draft.platform)), words, random_);
  if (draft.platform == Platform::kNews) return;
  if (random_.chance_in_1000(kAsidesPer1000)) {
    const bool ends_in_word = is_ascii_alphanumeric(draft.text.back());
    draft.text += ends_in_word ? ". " : " ";
    grammar.expand(draft.text, grammar.find("aside"), words, random_);
  }
  if (stream.theme != Theme::kChat && random_.chance_in_1000(kHashtagsPer1000)) {
    draft.hashtag = brand.tag;
    draft.text.append(" #").append(brand.tag);
  }
}

void Composer::write_brand_name(std::string& out, const Brand& brand, Platform platform) {
  const uint64_t way = platform == Platform::kNews ? 99 : random_.below(100);
  out.clear();
  if (way < 12 && has_reposts(platform)) {
    out.append("@").append(brand.tag);
  } else if (way < 25) {
    out = brand.tag;
  } else {
    out = brand.name;
  }
}

void Composer::write_id(Draft& draft) {
  const uint64_t sequence = sequence_++;
  const uint64_t time_ms = static_cast<uint64_t>(draft.created_at_ms);
  draft.id.clear();
  switch (draft.platform) {
    case Platform::kX:  // a snowflake: milliseconds since 4 November 2010, then a number
      append_digits(draft.id, (time_ms - 1'288'834'974'657ULL) << 22 | (sequence & 0x3fffff), 10);
      return;
    case Platform::kBluesky:  // microseconds and a clock id
      append_fixed_base32(draft.id, (time_ms * 1000 + sequence % 1000) << 10 | (sequence / 1000 & 1023), 13);
      return;
    case Platform::kMastodon:
      append_digits(draft.id, time_ms << 16 | (sequence & 0xffff), 10);
      return;
    case Platform::kReddit:
      append_digits(draft.id, 40'000'000'000 + sequence, 36);
      return;
    case Platform::kForum:
      draft.id += "f";
      break;
    case Platform::kNews:
      draft.id += "n";
      break;
  }
  append_digits(draft.id, sequence, 10);
}

void Composer::write_url(Draft& draft) {
  static constexpr std::array<std::string_view, kPlatformCount> kSites = {
      "https://x.example/",      "https://bluesky.example/", "https://mastodon.example/",
      "https://reddit.example/", "https://forum.example/",   "https://news.example/"};
  draft.url = kSites[static_cast<size_t>(draft.platform)];
  draft.url.append(draft.author.handle).append("/").append(draft.id);
  draft.link.clear();
  if (draft.platform == Platform::kNews) draft.link = draft.url;
}

void Composer::write_metrics(Draft& draft) {
  const uint64_t followers = static_cast<uint64_t>(draft.author.followers);
  draft.likes = static_cast<int64_t>(random_.below_skewed(followers / 64 + 6));
  draft.reposts = static_cast<int64_t>(random_.below_skewed(followers / 256 + 2));
  draft.replies = static_cast<int64_t>(random_.below_skewed(followers / 512 + 3));
}

void Composer::remember(size_t stream, const Draft& draft, size_t language) {
  std::vector<Recent>& recent = recent_[stream];
  if (recent.size() < kRecentPosts) {
    recent.push_back({draft.id, draft.text, draft.conversation_id, draft.platform, language});
  } else if (random_.chance_in_1000(400)) {
    // A random one makes room, so that some are repeated for long and most are soon forgotten.
    Recent& place = recent[random_.below(recent.size())];
    place.id = draft.id;
    place.text = draft.text;
    place.conversation_id = draft.conversation_id;
    place.platform = draft.platform;
    place.language = language;
  }
}

}  // namespace earshot::generator
