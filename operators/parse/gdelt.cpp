// Articles as GDELT lists them: a page of the DOC API ("mode=artlist", JSON), one of its articles, or a line of the
// Global Article List. GDELT knows the title and where the article stands, not its text.
#include <fmt/format.h>

#include "operators/parse/formats.h"
#include "operators/parse/language.h"
#include "operators/parse/time_forms.h"
#include "operators/parse/web_address.h"

namespace earshot::parse {
namespace {

// The DOC API names its members seendate and language, the Global Article List date and lang.
std::string_view first_text(JsonObject object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (const std::string_view text = text_or_empty(object, key); !text.empty()) return text;
  }
  return {};
}

Verdict read_article(JsonObject article, const std::string& where, PostWriter& out) {
  Post post;
  post.platform = "gdelt";
  const std::string_view url = text_or_empty(article, "url");
  if (url.empty()) return out.refuse(where + "url is missing or not a string");
  const auto title = text_at(article, "title");
  if (!title) return out.refuse(where + "title is missing or not a string");
  const std::string_view seen = first_text(article, {"seendate", "date"});
  const auto time_ms = parse_any_time_ms(seen);
  if (!time_ms) {
    return out.refuse(seen.empty() ? where + "seendate is missing or not a string"
                                   : fmt::format("{}seendate {} is no time", where, quoted(seen)));
  }
  post.created_at_ms = *time_ms;
  post.id = post.url = out.keep(url);
  const std::string_view summary = first_text(article, {"desc", "description"});
  post.text =
      summary.empty() ? out.keep_unescaped(*title) : out.keep_unescaped(out.keep_joined({*title, "\n\n", summary}));
  const std::string_view language = first_text(article, {"lang", "language"});
  constexpr size_t kLongestCode = 3;
  post.lang = language.size() <= kLongestCode ? out.keep(language) : language_of_name(language);
  const std::string_view domain = text_or_empty(article, "domain");
  post.author_id = post.author_handle = out.keep(domain.empty() ? host_of(url) : domain);
  post.author_name = out.keep(first_text(article, {"author", "outletName"}));
  post.media.has_images = !first_text(article, {"socialimage", "image"}).empty();
  out.add_item(post.url);
  post.urls = out.take_items();
  out.add_item(out.keep_unescaped(*title));
  post.url_titles = out.take_items();
  return out.add(post, where);
}

}  // namespace

Verdict read_gdelt(JsonObject record, PostWriter& out) {
  const auto articles = array_at(record, "articles");
  if (!articles) return record.begin() == record.end() ? Verdict::kNotAPost : read_article(record, "", out);
  size_t index = 0;
  for (const JsonElement item : *articles) {
    const std::string where = fmt::format("articles[{}]", index++);
    JsonObject article;
    if (item.get(article) != simdjson::SUCCESS) {
      return out.refuse(fmt::format("{} is {}, not an article", where, type_name(item)));
    }
    if (read_article(article, where + ".", out) == Verdict::kRefused) return Verdict::kRefused;
  }
  return index == 0 ? Verdict::kNotAPost : Verdict::kPosts;
}

}  // namespace earshot::parse
