#include "operators/match/text_plane.h"

#include "operators/match/word_pattern.h"

namespace earshot::match {

Result<void> TextPlane::compile_expressions(const PlaneTexts& texts, uint32_t first, DatabaseCache* databases) {
  first_phrase = first;
  first_pattern = first + static_cast<uint32_t>(texts.phrases.size());
  first_substring = first_pattern + static_cast<uint32_t>(texts.patterns.size());
  end_phrase = first_substring + static_cast<uint32_t>(texts.substrings.size());
  std::vector<std::string> expressions;
  for (const std::string& pattern : texts.patterns) expressions.push_back(to_expression(pattern));
  for (const std::string& substring : texts.substrings) expressions.push_back(to_literal_expression(substring));
  auto patterns = LiteralScanner::compile_expressions(expressions, databases);
  if (!patterns) return patterns.error();
  pattern_scanner = std::move(*patterns);
  return {};
}

Result<void> TextPlane::compile_finder(std::span<const std::string> phrases, std::span<const uint32_t> ids,
                                       PhraseFinder wanted, DatabaseCache* databases) {
  finder = wanted;
  if (wanted == PhraseFinder::kAuto && phrases.size() < kTrialPhrasesMin) finder = PhraseFinder::kHyperscan;
  if (wanted == PhraseFinder::kAuto && phrases.size() > kTrialPhrasesMax) finder = PhraseFinder::kIndex;
  if (finder != PhraseFinder::kHyperscan) {
    std::vector<WantedPhrase> indexed;
    for (size_t i = 0; i < phrases.size(); ++i) indexed.push_back({ids[i], phrases[i]});
    index = PhraseIndex(indexed);
  }
  if (finder == PhraseFinder::kIndex) return {};
  auto literals = LiteralScanner::compile(phrases, ids, databases);
  if (!literals) return literals.error();
  scanner = std::move(*literals);
  return {};
}

}  // namespace earshot::match
