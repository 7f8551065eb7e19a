#include "operators/sentiment/english_words.h"

#include <array>
#include <string>

namespace earshot::sentiment {

EnglishWords::EnglishWords(std::string_view text) {
  constexpr std::string_view kSpace = " \n";
  for (size_t begin = text.find_first_not_of(kSpace); begin != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(kSpace, begin), text.size());
    ranks_.try_emplace(text.substr(begin, end - begin), static_cast<uint32_t>(ranks_.size()));
    begin = text.find_first_not_of(kSpace, end);
  }
}

std::shared_ptr<const EnglishWords> EnglishWords::builtin() {
  static const auto words = std::make_shared<const EnglishWords>(english_words_text());
  return words;
}

std::optional<uint32_t> EnglishWords::rank(std::string_view word) const {
  const auto found = ranks_.find(word);
  if (found == ranks_.end()) return std::nullopt;
  return found->second;
}

bool EnglishWords::contains_stem(std::string_view word) const {
  if (contains(word)) return true;
  static constexpr std::array<std::string_view, 5> kEndings = {"s", "es", "ed", "d", "ing"};
  constexpr size_t kStemBytesMin = 3;
  constexpr size_t kWordBytesMax = 40;
  if (word.size() > kWordBytesMax) return false;
  for (const std::string_view ending : kEndings) {
    if (!word.ends_with(ending) || word.size() < ending.size() + kStemBytesMin) continue;
    const std::string_view stem = word.substr(0, word.size() - ending.size());
    if (contains(stem)) return true;
    const bool doubles = stem.size() > kStemBytesMin && stem.back() == stem[stem.size() - 2];
    if (doubles && contains(stem.substr(0, stem.size() - 1))) return true;  // "stopped"
    if (ending == "ing") {
      std::array<char, kWordBytesMax + 1> with_e;
      stem.copy(with_e.data(), stem.size());
      with_e[stem.size()] = 'e';
      if (contains({with_e.data(), stem.size() + 1})) return true;  // "replacing"
    }
  }
  return false;
}

}  // namespace earshot::sentiment
