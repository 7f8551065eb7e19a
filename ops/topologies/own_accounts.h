// OwnAccounts: the accounts that answer for us.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "schemas/post.h"

namespace earshot {

class OwnAccounts {
 public:
  // A handle, with or without '@', or an author's id; the case of ASCII letters does not count.
  void add(std::string_view account) { names_.insert(lowered(account)); }

  // True for a reply of one of them.
  [[nodiscard]] bool answers(const Post& post) const {
    if (names_.empty() || post.in_reply_to.empty()) return false;
    return names_.contains(lowered(post.author_handle)) || names_.contains(lowered(post.author_id));
  }

 private:
  static std::string lowered(std::string_view name) {
    if (name.starts_with('@')) name.remove_prefix(1);
    std::string out(name);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return out;
  }

  std::set<std::string> names_;
};

}  // namespace earshot
