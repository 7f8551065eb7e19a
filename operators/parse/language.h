// The language of a text whose platform tells none, by CLD2 (https://github.com/CLD2Owners/cld2), which knows 83
// languages by their letters in fours and by their scripts.
#pragma once

#include <string>
#include <string_view>

namespace earshot::parse {

// Not for two threads at once: it keeps a buffer.
class LanguageDetector {
 public:
  // BCP 47 of the language that nearly all of `text` (valid UTF-8) is in, in memory that lasts; empty when the answer
  // would not be reliable: too few words, two languages, only links, names or emoji. Links, @mentions and the signs of
  // #hashtags are left out of account; of the rest the first 400 bytes are read.
  std::string_view detect(std::string_view text);

 private:
  std::string words_;
};

// Whether a platform's code says that it does not know: empty, "und", "zxx", "mis", "mul".
bool is_unknown_language(std::string_view code);

// BCP 47 by the English name ("Portuguese"), in memory that lasts; empty for a name that is not known.
std::string_view language_of_name(std::string_view english_name);

}  // namespace earshot::parse
