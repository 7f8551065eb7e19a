#include "operators/parse/x_tweets.h"

namespace earshot::parse {

std::string_view keep_tweet_url(std::string_view handle, std::string_view id, PostWriter& out) {
  return out.keep_joined({"https://x.com/", handle.empty() ? "i" : handle, "/status/", id});
}

std::string_view tweet_language(std::string_view code) {
  if (code == "und") return {};
  if (code == "in") return "id";
  if (code == "iw") return "he";
  if (code == "ji") return "yi";
  return code;
}

}  // namespace earshot::parse
