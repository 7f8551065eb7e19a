// VADER's lexicon as the build took it from the vaderSentiment package (build_vader_data.py); not in the repository.
#pragma once

#include <span>
#include <string_view>

namespace earshot::sentiment {

struct WordValence {
  std::string_view word;  // as the lexicon writes it; emoticons included
  double valence;         // mean rating, -4 to 4
};

struct EmojiName {
  char32_t code_point;
  std::string_view name;  // UTF-8
};

std::span<const WordValence> vader_words();
std::span<const EmojiName> vader_emoji();

}  // namespace earshot::sentiment
