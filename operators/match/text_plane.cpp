#include "operators/match/text_plane.h"

#include "operators/match/finder_trial.h"
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
                                       PhraseFinder finder, DatabaseCache* databases) {
  std::vector<WantedPhrase> wanted;
  for (size_t i = 0; i < phrases.size(); ++i) wanted.push_back({ids[i], phrases[i]});
  const bool is_auto = finder == PhraseFinder::kAuto;
  const bool is_tried = is_auto && phrases.size() >= kTrialPhrasesMin && phrases.size() <= kTrialPhrasesMax;
  uses_index = finder == PhraseFinder::kIndex || (is_auto && phrases.size() > kTrialPhrasesMax);
  if (uses_index || is_tried) index = PhraseIndex(wanted);
  if (uses_index) return {};
  auto literals = LiteralScanner::compile(phrases, ids, databases);
  if (!literals) return literals.error();
  uses_index = is_tried && is_index_faster(index, *literals, wanted);
  if (uses_index) return {};
  index = {};
  scanner = std::move(*literals);
  return {};
}

}  // namespace earshot::match
