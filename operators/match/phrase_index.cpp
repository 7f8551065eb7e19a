#include "operators/match/phrase_index.h"

#include <algorithm>
#include <tuple>

namespace earshot::match {
namespace {

// A word or a pair of words that a phrase may wait under.
struct Trigger {
  uint32_t key = 0;
  uint16_t word_offset = 0;
  uint16_t bytes = 0;
};

// The word of a one-word phrase, every pair of neighbours of a longer one. `padded` is scratch.
void find_triggers(std::string_view phrase, WordKeys& words, std::string& padded, std::vector<Trigger>& triggers) {
  padded.assign(phrase);
  padded.append(kTextSlackBytes, '\0');
  words.read(std::string_view(padded).substr(0, phrase.size()));
  triggers.clear();
  const bool is_one_word = words.count() == 1;
  for (size_t i = is_one_word ? 0 : 1; i < words.count(); ++i) {
    const uint32_t begin = words.begin_of(is_one_word ? i : i - 1);
    triggers.push_back({is_one_word ? words.key_of(i) : words.pair_key_of(i), static_cast<uint16_t>(begin),
                        static_cast<uint16_t>(words.begin_of(i + 1) - begin)});
  }
}

}  // namespace

PhraseIndex::PhraseIndex(std::span<const WantedPhrase> phrases) {
  WordKeys words;
  std::string padded;
  std::vector<Trigger> triggers;
  std::vector<uint32_t> keys;  // of all triggers, sorted, so that equal ones can be counted
  keys.reserve(2 * phrases.size());
  for (const WantedPhrase& phrase : phrases) {
    find_triggers(phrase.text, words, padded, triggers);
    for (const Trigger& trigger : triggers) keys.push_back(trigger.key);
  }
  std::sort(keys.begin(), keys.end());
  const auto phrases_with = [&keys](uint32_t key) {
    const auto [first, last] = std::equal_range(keys.begin(), keys.end(), key);
    return last - first;
  };
  std::vector<std::pair<Slot, std::string_view>> waiting;
  waiting.reserve(phrases.size());
  for (const WantedPhrase& phrase : phrases) {
    find_triggers(phrase.text, words, padded, triggers);
    // Of equally rare ones the longest, which is likely to be the rarest in texts.
    const auto rarest = std::ranges::min_element(
        triggers, {}, [&](const Trigger& t) { return std::tuple(phrases_with(t.key), -int{t.bytes}); });
    if (rarest == triggers.end()) continue;  // no word: matches nothing
    const auto bytes = static_cast<uint16_t>(phrase.text.size());
    waiting.push_back({{rarest->key, phrase.id, 0, rarest->word_offset, bytes}, phrase.text});
  }
  if (waiting.empty()) return;
  std::ranges::sort(waiting, {}, [](const auto& wait) { return std::pair(wait.first.key, wait.first.phrase); });
  filter_ = KeyFilter(waiting.size());
  home_count_ = 2 * waiting.size();
  slots_.reserve(home_count_ + 1);
  for (auto& [slot, text] : waiting) {
    filter_.insert(slot.key);
    slot.first_byte = static_cast<uint32_t>(bytes_.size());
    bytes_ += text;
    if (slots_.size() <= home_of(slot.key)) slots_.resize(home_of(slot.key) + 1);
    if (slots_.back().bytes > 0) slots_.emplace_back();
    slots_.back() = slot;
  }
  slots_.emplace_back();
  slots_.resize(std::max<size_t>(slots_.size(), home_count_));
}

size_t PhraseIndex::size_bytes() const {
  return bytes_.capacity() + slots_.capacity() * sizeof(Slot) + filter_.size_bytes();
}

}  // namespace earshot::match
