#include "operators/match/phrase_catalogue.h"

#include <fmt/format.h>

#include <utility>

#include "operators/match/regex_scanner.h"
#include "operators/match/word_pattern.h"

namespace earshot::match {
namespace {

using Form = QueryNode::Form;

// Keys of ids_ other than the main plane's words begin with a sign that no folded text has.
constexpr char kOther = '\x01';

}  // namespace

PhraseCatalogue::PhraseCatalogue(CaseFolding folding) : folding_(folding) {
  plane_ids_.emplace(PlaneKey{}, 0);
  planes_.push_back({TextPlane({}, folding), {}});
}

void PhraseCatalogue::read_as(const Listener& listener) {
  read_as_ = {TextSource::kText, listener.fold_diacritics, listener.split_hashtags};
}

uint32_t PhraseCatalogue::id_of(const QueryNode& term) {
  if (term.kind == QueryNode::Kind::kRegex) return regex_id(term);
  const uint32_t plane = plane_of(term);
  return term.form == Form::kFolded ? folded_id(plane, term) : derived_id(plane, term);
}

uint32_t PhraseCatalogue::plane_of(const QueryNode& term) {
  PlaneKey key = read_as_;
  if (term.source != TextSource::kText) key = {term.source, read_as_.folds_diacritics, false};
  const auto [it, is_new] = plane_ids_.try_emplace(key, static_cast<uint32_t>(planes_.size()));
  if (is_new) planes_.push_back({TextPlane(key, folding_), {}});
  return it->second;
}

uint32_t PhraseCatalogue::folded_id(uint32_t plane, const QueryNode& term) {
  PlaneTexts& texts = planes_[plane].texts;
  const bool is_substring = term.kind == QueryNode::Kind::kSubstring;
  const uint32_t group = is_substring ? 2 : is_pattern(term.value) ? 1 : 0;
  std::vector<std::string>& list = is_substring ? texts.substrings : group == 1 ? texts.patterns : texts.phrases;
  const auto next = ((plane * kGroupsOfPlane + group) << kIndexBits) | static_cast<uint32_t>(list.size());
  const bool is_usual = plane == 0 && !is_substring;
  const auto [it, is_new] = ids_.try_emplace(
      is_usual ? term.value : fmt::format("{}{}{}{}", kOther, is_substring ? 's' : 'p', plane, term.value), next);
  if (!is_new) return it->second;
  list.push_back(term.value);
  phrase_bytes_ += term.value.size();
  (group == 0 ? phrase_count_ : pattern_count_) += 1;
  return next;
}

uint32_t PhraseCatalogue::derived_id(uint32_t plane, const QueryNode& term) {
  WrittenPhrase phrase = written_phrase(term, planes_[plane].plane.normaliser);
  std::string key = fmt::format("{}d{}{}{}", kOther, static_cast<int>(term.form), plane, term.value);
  if (term.form == Form::kCased) {
    key += fmt::format("\n{}", fmt::join(phrase.words, " "));
  } else if (term.form == Form::kSequence) {
    key += phrase.written;
  } else if (term.form != Form::kHashtag) {  // a hashtag is what it folds to
    append_lowered(key, phrase.written);
  }
  const auto next = (kDerivedGroup << kIndexBits) | static_cast<uint32_t>(derived_.size());
  const auto [it, is_new] = ids_.try_emplace(std::move(key), next);
  if (is_new) derived_.push_back({folded_id(plane, term), plane, std::move(phrase)});
  return it->second;
}

Result<void> PhraseCatalogue::check_regex(const QueryNode& term, DatabaseCache* databases) {
  const auto known = checked_regexes_.find(term.value);
  if (known != checked_regexes_.end()) return known->second ? Result<void>() : known->second.error();
  if (checked_regexes_.size() == kRegexesMax || regex_sizes_ > kRegexSizesMax) {
    return invalid(
        fmt::format("the listeners have more regexes than the {} small ones, or fewer large ones, that they may "
                    "have; write words with wildcards where that will do, or split the set over several "
                    "pipelines",
                    kRegexesMax));
  }
  Result<Regex> regex = parse_regex(term.value);
  if (regex) {
    regex_sizes_ += regex->size;
    if (auto checked = RegexScanner::check(*regex, databases); !checked) regex = checked.error();
  }
  const auto& added = checked_regexes_.emplace(term.value, std::move(regex)).first->second;
  return added ? Result<void>() : added.error();
}

uint32_t PhraseCatalogue::regex_id(const QueryNode& term) {
  const auto next = (kRegexGroup << kIndexBits) | static_cast<uint32_t>(regexes_.size());
  const auto [it, is_new] = ids_.try_emplace(fmt::format("{}r{}", kOther, term.value), next);
  if (is_new) regexes_.push_back(*checked_regexes_.at(term.value));
  return it->second;
}

void PhraseCatalogue::number() {
  uint32_t next = 0;
  const auto number_planes = [&](bool of_text) {
    for (uint32_t id = 0; id < planes_.size(); ++id) {
      Plane& plane = planes_[id];
      if ((plane.plane.key.source == TextSource::kText) != of_text) continue;
      plane.first = next;
      const std::array<size_t, kGroupsOfPlane> sizes{plane.texts.phrases.size(), plane.texts.patterns.size(),
                                                     plane.texts.substrings.size()};
      for (uint32_t group = 0; group < kGroupsOfPlane; ++group) {
        first_of_group_[id * kGroupsOfPlane + group] = next;
        next += static_cast<uint32_t>(sizes[group]);
      }
    }
  };
  number_planes(true);
  first_of_group_[kDerivedGroup] = next;
  next += static_cast<uint32_t>(derived_.size());
  first_late_ = next;
  number_planes(false);
  first_of_group_[kRegexGroup] = next;
  for (DerivedPhrase& derived : derived_) derived.base = final_id(derived.base);
}

}  // namespace earshot::match
