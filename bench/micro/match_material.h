// What match_bench works on: phrases and posts' texts as listening teams have them, generated, or read from the files
// that EARSHOT_MATCH_PHRASES (a line each, the phrase after the last tab) and EARSHOT_MATCH_POSTS (a JSON object with
// "text" a line) name.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace earshot::match {

// Words by Zipf's law, short ones first, and brands that are no words.
class WordSource {
 public:
  explicit WordSource(uint32_t seed) : random_(seed) {
    std::unordered_set<std::string> known;
    while (words_.size() < kVocabulary) {
      std::string word;
      const size_t i = words_.size();
      const size_t syllables = 1 + (i > 40 ? 1 : 0) + (i > 4000 ? 1 : 0) + below(2);
      for (size_t s = 0; s < syllables; ++s) word += kSyllables[below(kSyllables.size())];
      if (i > 500) word += static_cast<char>('a' + below(26));
      if (known.insert(word).second) words_.push_back(std::move(word));
    }
    std::vector<double> weights(words_.size());
    for (size_t i = 0; i < weights.size(); ++i) weights[i] = 1 / std::pow(static_cast<double>(i) + 2.7, 1.12);
    choice_ = std::discrete_distribution<size_t>(weights.begin(), weights.end());
  }

  size_t below(size_t limit) { return random_() % limit; }
  bool chance(double share) { return std::uniform_real_distribution<>()(random_) < share; }
  const std::string& any() { return words_[choice_(random_)]; }
  const std::string& between(size_t first, size_t last) { return words_[first + below(last - first)]; }
  std::string brand() {
    std::string name;
    for (size_t s = 2 + below(2); s > 0; --s) name += kSyllables[below(kSyllables.size())];
    return name + std::to_string(below(10'000));
  }

 private:
  static constexpr size_t kVocabulary = 40'000;
  static constexpr auto kSyllables = std::to_array<std::string_view>(
      {"ba",  "con", "der", "es",   "fi", "gra", "hel", "in", "jo",  "ka",  "lum", "mer", "no", "or", "pre",
       "qui", "ro",  "sta", "tion", "un", "ve",  "wa",  "xi", "you", "zen", "ti",  "so",  "ly", "pa", "thi"});

  std::mt19937 random_;
  std::vector<std::string> words_;
  std::discrete_distribution<size_t> choice_;
};

inline std::vector<std::string> lines_of(const char* path, size_t lines_max) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  std::vector<std::string> lines;
  for (std::string line; lines.size() < lines_max && std::getline(file, line);) lines.push_back(line);
  return lines;
}

// Distinct phrases of one to three words: brands, brands with a subject, rare words, and pairs of ordinary ones.
inline std::vector<std::string> make_phrases(WordSource& words, size_t count) {
  std::vector<std::string> phrases;
  std::unordered_set<std::string> known;
  // The more phrases, the rarer their words, so that posts that hold one by chance stay few.
  const size_t commonest = std::max<size_t>(20, count / 25);
  std::string brand = words.brand();
  while (phrases.size() < count) {
    std::string phrase;
    const size_t kind = phrases.size() < 500 ? 0 : words.below(100);
    const bool is_word = kind >= 45 && kind < 55 && phrases.size() < 5000;
    if (is_word) {
      phrase = words.between(12'000, 40'000);
    } else if (kind < 55) {
      if (words.below(10) == 0) brand = words.brand();
      phrase = words.below(3) == 0 ? words.brand() : brand + ' ' + words.between(20, 400);
      if (words.below(4) == 0) phrase += ' ' + words.between(20, 400);
    } else {
      phrase = words.between(commonest, 3000 + commonest) + ' ' + words.between(commonest, 9000 + commonest);
      if (kind > 80) phrase += ' ' + words.between(20, 9000);
    }
    if (known.insert(phrase).second) phrases.push_back(std::move(phrase));
  }
  return phrases;
}

// EARSHOT_MATCH_PHRASES, or generated ones; fewer than `count` when the file has fewer.
inline std::vector<std::string> phrases_for(WordSource& words, size_t count) {
  const char* path = std::getenv("EARSHOT_MATCH_PHRASES");
  if (path == nullptr) return make_phrases(words, count);
  std::vector<std::string> phrases = lines_of(path, count);
  for (std::string& phrase : phrases) phrase.erase(0, phrase.rfind('\t') + 1);
  return phrases;
}

// A text of about 207 bytes, with a phrase in it when one is given.
inline std::string make_text(WordSource& words, std::string_view phrase) {
  constexpr size_t kBytes = 203;
  const size_t bytes = kBytes / 2 + words.below(kBytes);
  const size_t phrase_at = words.below(bytes);
  std::string text;
  while (text.size() < bytes) {
    if (!phrase.empty() && text.size() >= phrase_at) {
      text += phrase;
      text += ' ';
      phrase = {};
    }
    text += words.below(60) == 0 ? "caf\u00e9" : words.any();
    text += words.below(12) == 0 ? ", " : " ";
  }
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  if (words.chance(0.12)) text += "\U0001F525\u2764\ufe0f";
  return text;
}

// EARSHOT_MATCH_POSTS, or generated texts of which `share` are given one of the phrases.
inline std::vector<std::string> texts_for(WordSource& words, const std::vector<std::string>& phrases, size_t count,
                                          double share) {
  std::vector<std::string> texts;
  if (const char* path = std::getenv("EARSHOT_MATCH_POSTS")) {
    for (const std::string& line : lines_of(path, count)) texts.push_back(nlohmann::json::parse(line).at("text"));
    return texts;
  }
  while (texts.size() < count) {
    texts.push_back(make_text(words, words.chance(share) ? phrases[words.below(phrases.size())] : std::string()));
  }
  return texts;
}

}  // namespace earshot::match
