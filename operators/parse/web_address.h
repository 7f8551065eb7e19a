// What an address on the web tells by its form.
#pragma once

#include <string_view>

namespace earshot::parse {

// "news.example" of "https://www.news.example:8080/path"; empty for what has no host.
inline std::string_view host_of(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const size_t user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  url = url.substr(0, url.find(':'));
  constexpr std::string_view kUsualPrefix = "www.";
  if (url.starts_with(kUsualPrefix)) url.remove_prefix(kUsualPrefix.size());
  return url;
}

}  // namespace earshot::parse
