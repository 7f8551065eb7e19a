// EnglishWords: the words that English posts are made of, the most frequent first (english_words.txt). Immutable.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace earshot::sentiment {

class EnglishWords {
 public:
  // The list that was compiled in.
  static std::shared_ptr<const EnglishWords> builtin();

  // Reads words between white space; `text` must outlive this.
  explicit EnglishWords(std::string_view text);

  // Place of `word` (lower case) in the list, 0 the most frequent; none when it is not there.
  [[nodiscard]] std::optional<uint32_t> rank(std::string_view word) const;
  [[nodiscard]] bool contains(std::string_view word) const { return ranks_.contains(word); }
  // The same, also for a word with an ending ("chargers", "rebooked") of one that is there.
  [[nodiscard]] bool contains_stem(std::string_view word) const;
  [[nodiscard]] size_t size() const { return ranks_.size(); }

 private:
  boost::unordered_flat_map<std::string_view, uint32_t> ranks_;
};

std::string_view english_words_text();

}  // namespace earshot::sentiment
