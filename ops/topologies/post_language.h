// PostLanguage: the language of posts whose platform gives none, detected when somebody asks. To detect it costs many
// times what parsing and matching do, and most posts match nobody.
#pragma once

#include "operators/match/matcher.h"
#include "operators/parse/language.h"

namespace earshot {

// Not for two threads at once.
class PostLanguage final : public match::LanguageSource {
 public:
  // Without `detects`, what a platform doesn't tell stays unknown.
  explicit PostLanguage(bool detects) : detects_(detects) {}

  // Another post follows.
  void begin_post() { is_known_ = false; }

  // The post's own, else what its text is in; empty when that isn't clear. Good as long as the post.
  std::string_view language(const Post& post) override {
    if (!post.lang.empty() || !detects_) return post.lang;
    if (!is_known_) detected_ = detector_.detect(post.text);
    is_known_ = true;
    return detected_;
  }

 private:
  parse::LanguageDetector detector_;
  bool detects_;
  bool is_known_ = false;      // of this post
  std::string_view detected_;  // in memory that lasts
};

}  // namespace earshot
