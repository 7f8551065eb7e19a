#include "operators/triage/phrases.h"

#include <fmt/format.h>

#include <algorithm>

namespace earshot::triage {
namespace {

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_word(std::string_view word) {
  constexpr std::string_view kSigns = "\"()*?\\{}[]<>|~^:;,.!";
  return !word.empty() && word.find_first_of(kSigns) == std::string_view::npos && word != "'";
}

Result<std::vector<std::string>> words_in_place(std::string_view place) {
  std::vector<std::string> words;
  for (const std::string_view word : split(place, "/")) {
    if (!is_word(word)) {
      return invalid(fmt::format("'{}' is not a word: a phrase has words with single '/' between alternatives", place));
    }
    words.emplace_back(word);
    if (word.find('\'') == std::string_view::npos) continue;
    std::string plain(word);
    std::erase(plain, '\'');
    words.push_back(std::move(plain));
  }
  return words;
}

}  // namespace

Result<void> check_name(std::string_view name) {
  bool has_word = false;
  for (const std::string_view word : split(name, " ")) {
    if (word.empty()) continue;
    has_word = true;
    if (!is_word(word)) return invalid(fmt::format("'{}' is no name of words", name));
  }
  return has_word ? Result<void>() : invalid("a name has at least one word");
}

Result<void> append_forms(std::string_view phrase, std::span<const std::string> competitors,
                          std::vector<std::string>& forms) {
  std::vector<std::string> begun{""};
  for (const std::string_view place : split(phrase, " \n")) {
    if (place.empty()) continue;
    const auto words = place == kCompetitor ? Result<std::vector<std::string>>({competitors.begin(), competitors.end()})
                                            : words_in_place(place);
    if (!words) return words.error();
    if (words->empty()) return {};
    if (begun.size() * words->size() + forms.size() > kFormsMax) {
      return invalid(fmt::format("the phrases of one rule have more than {} forms; split the rule", kFormsMax));
    }
    std::vector<std::string> longer;
    for (const std::string& start : begun) {
      for (const std::string& word : *words) longer.push_back(start.empty() ? word : start + ' ' + word);
    }
    begun = std::move(longer);
  }
  if (begun.size() == 1 && begun.front().empty()) return invalid("a phrase has at least one word");
  forms.insert(forms.end(), begun.begin(), begun.end());
  return {};
}

std::string any_of(std::span<const std::string> forms) {
  std::string query;
  for (const std::string& form : forms) query += fmt::format("{}\"{}\"", query.empty() ? "" : " OR ", form);
  return query;
}

}  // namespace earshot::triage
