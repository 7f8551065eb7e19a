#include "operators/match/word_pattern.h"

#include <fmt/format.h>

#include <algorithm>

namespace earshot::match {
namespace {

constexpr std::string_view kWildcards = "*?";

bool is_wildcard(char c) {
  return kWildcards.find(c) != std::string_view::npos;
}

size_t count_characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

bool has_wildcard(std::string_view word) {
  return word.find_first_of(kWildcards) != std::string_view::npos;
}

Result<std::string> normalise_pattern(std::string_view word, const TextNormaliser& normaliser) {
  std::string pattern;
  size_t wildcards = 0;
  size_t characters = 0;
  for (size_t at = 0; at < word.size();) {
    if (is_wildcard(word[at])) {
      ++wildcards;
      pattern += word[at++];
      continue;
    }
    const std::string_view piece = word.substr(at, word.find_first_of(kWildcards, at) - at);
    const std::string folded = normaliser.normalise(piece);
    const bool is_one_word = folded.size() > 1 && folded.find(' ', 1) == folded.size() - 1;
    if (!is_one_word) {
      return invalid(fmt::format(
          "'{}' in '{}' is no part of one word; beside wildcards a word has letters and digits only", piece, word));
    }
    pattern += folded.substr(1, folded.size() - 2);
    characters += count_characters(folded) - 2;
    at += piece.size();
  }
  if (characters < kPatternCharactersMin) {
    return invalid(fmt::format("'{}' has fewer than {} letters beside its wildcards: nearly every post would match",
                               word, kPatternCharactersMin));
  }
  if (wildcards > kWildcardsMax) {
    return invalid(fmt::format("'{}' has {} wildcards; the most is {}", word, wildcards, kWildcardsMax));
  }
  return pattern;
}

std::string to_expression(std::string_view pattern) {
  std::string expression = " ";
  for (const char c : pattern) {
    if (c == '*') {
      expression += "[^ ]*";
    } else if (c == '?') {
      expression += R"((?:[\x21-\x7f]|[\xc2-\xf4][\x80-\xbf]+))";
    } else {
      expression += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return expression + ' ';
}

std::string to_literal_expression(std::string_view bytes) {
  std::string expression;
  for (const char c : bytes) expression += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return expression;
}

}  // namespace earshot::match
