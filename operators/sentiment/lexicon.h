// Lexicon: the rated words of one language, from a file. Immutable; shared between threads.
//
// A line is empty, a comment after "#", pairs of a word and its value, or one of these with their words:
//   @language de           once, before any word: BCP 47 without region
//   @negation nicht …      turns the words around it: up to three before and three after, within the clause
//   @intensifier sehr …    makes the word after it count more
//   @dampener etwas …      makes it count less
//   @contrast aber …       what comes after it counts more than what came before
//   gut 1.9  schlecht -2.4
// Words are in lower case; values from -4 to 4.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace earshot::sentiment {

struct LexiconWord {
  double value = 0;  // -4 to 4; 0 for a word without
  bool is_negation = false;
  bool is_intensifier = false;
  bool is_dampener = false;
  bool is_contrast = false;
};

class Lexicon {
 public:
  static constexpr size_t kFileBytesMax = 16 << 20;
  static constexpr size_t kWordBytesMax = 64;

  // Emoji and emoticons, which speak every language.
  static std::shared_ptr<const Lexicon> emoji();

  static Result<std::shared_ptr<const Lexicon>> load(const std::filesystem::path& path);

  // Errors name `name`, line and column.
  static Result<std::shared_ptr<const Lexicon>> parse(std::string_view text, const std::string& name);

  [[nodiscard]] const std::string& language() const { return language_; }
  [[nodiscard]] size_t size() const { return words_.size(); }
  // nullptr when the word (lower case) is not there.
  [[nodiscard]] const LexiconWord* find(std::string_view word) const {
    const auto found = words_.find(word);
    return found == words_.end() ? nullptr : &found->second;
  }

 private:
  friend class LexiconParser;

  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view word) const { return std::hash<std::string_view>{}(word); }
  };

  std::string language_;
  boost::unordered_flat_map<std::string, LexiconWord, Hash, std::equal_to<>> words_;
};

std::string_view emoji_lexicon_text();

}  // namespace earshot::sentiment
