// Any bytes as the query of a listener, then a macro and an entry of a list, a line each: an error or rules that match
// without harm.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "operators/match/matcher.h"

namespace {

using namespace earshot;

class Neutral final : public match::SentimentSource {
 public:
  SentimentLabel label(const Post&) override { return SentimentLabel::kNeutral; }
};

// The part of `bytes` up to the next line break; the rest stays.
std::string take_line(std::string_view& bytes) {
  const size_t end = std::min(bytes.find('\n'), bytes.size());
  const std::string line(bytes.substr(0, end));
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto set = std::make_shared<ListenerSet>();
  Listener& listener = set->listeners.emplace_back();
  listener.name = "fuzzed";
  listener.fold_diacritics = size % 2 == 1;
  listener.split_hashtags = size % 3 == 1;
  listener.query = take_line(bytes);
  const std::string macro = take_line(bytes);
  if (!macro.empty()) set->library.macros["m"] = {macro, {"macros.yaml", 1, 1, true}};
  const std::string entry = take_line(bytes);
  if (!entry.empty()) set->library.lists["list"] = {"list.txt", {'"' + entry + '"', "\"acme\""}};
  const auto rules = match::RuleSet::compile(set, {.finder = match::PhraseFinder::kIndex});
  if (!rules) return 0;
  match::Matcher matcher(*rules);
  const std::vector<std::string_view> words{"acme", listener.query};
  Post post;
  post.text = listener.query;
  post.author_handle = "someone";
  post.author_bio = post.text;
  post.place = post.text;
  post.hashtags = words;
  post.url_titles = words;
  post.lang = "en";
  Neutral sentiment;
  for (const match::ListenerMatch& found : matcher.match(post, &sentiment)) {
    for (const ClauseMatch& clause : found.clauses) {
      if (clause.start > clause.end || clause.end > post.text.size()) __builtin_trap();
    }
  }
  return 0;
}
