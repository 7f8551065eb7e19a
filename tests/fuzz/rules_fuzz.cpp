// Any bytes as a query: an error or rules that match without harm.
#include <memory>
#include <string>

#include "operators/match/matcher.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto set = std::make_shared<earshot::ListenerSet>();
  earshot::Listener& listener = set->listeners.emplace_back();
  listener.name = "fuzzed";
  listener.query.assign(reinterpret_cast<const char*>(data), size);
  const auto rules = earshot::match::RuleSet::compile(set, {.finder = earshot::match::PhraseFinder::kIndex});
  if (!rules) return 0;
  earshot::match::Matcher matcher(*rules);
  earshot::Post post;
  post.text = listener.query;
  post.author_handle = "someone";
  post.lang = "en";
  matcher.match(post);
  return 0;
}
