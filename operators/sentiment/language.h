// LanguageLook: what language a post is in, by its tag or, when it has none, whether its letters and words look
// English.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <string_view>

namespace earshot::sentiment {

// The language of a BCP 47 tag in lower case, without script and region ("pt-BR" is "pt"); empty when the tag is
// missing, malformed or says "undetermined", as platforms do in several ways. Good as long as `tag`, of which it may be
// a part.
std::string_view language_of(std::string_view tag);

// Immutable; shared between threads.
class LanguageLook {
 public:
  static std::shared_ptr<const LanguageLook> builtin();

  LanguageLook();

  // True when most letters are Latin, at least half of the words are English ones, and they outweigh the words that
  // only other languages use. Looks at the first kWordsMax words.
  [[nodiscard]] bool is_english(std::string_view text) const;

  static constexpr int kWordsMax = 48;

 private:
  enum class Kind : uint8_t { kEnglish, kForeign, kEither };

  boost::unordered_flat_map<std::string_view, Kind> kinds_;
};

}  // namespace earshot::sentiment
