#include "operators/match/phrase_index.h"

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace earshot::match {
namespace {

constexpr size_t kFilterBitsPerKey = 16;  // one look-up in sixteen is in vain

struct Trigger {
  uint64_t key;
  uint32_t word_offset;
};

}  // namespace

PhraseIndex::PhraseIndex(std::span<const std::string> phrases) {
  // Every word of a one-word phrase, every pair of neighbours of a longer one.
  std::vector<std::vector<Trigger>> triggers(phrases.size());
  std::unordered_map<uint64_t, uint32_t> phrases_with;
  for (size_t i = 0; i < phrases.size(); ++i) {
    const std::string_view phrase = phrases[i];
    std::vector<Trigger> words;
    for_each_word(phrase, [&](uint32_t begin, uint32_t end) {
      words.push_back({word_key(phrase, begin, end), begin});
    });
    for (size_t word = 0; word + 1 < words.size(); ++word) {
      triggers[i].push_back({pair_key(words[word].key, words[word + 1].key), words[word].word_offset});
    }
    if (words.size() == 1) triggers[i].push_back(words[0]);
    for (const Trigger& trigger : triggers[i]) ++phrases_with[trigger.key];
  }
  std::unordered_map<uint64_t, std::vector<Entry>> by_key;
  for (size_t i = 0; i < phrases.size(); ++i) {
    const auto rarest =
        std::ranges::min_element(triggers[i], {}, [&](const Trigger& t) { return phrases_with[t.key]; });
    if (rarest == triggers[i].end()) continue;  // no word: matches nothing
    by_key[rarest->key].push_back({static_cast<uint32_t>(i), rarest->word_offset, static_cast<uint32_t>(bytes_.size()),
                                   static_cast<uint32_t>(phrases[i].size())});
    bytes_ += phrases[i];
  }
  if (by_key.empty()) return;
  slots_.resize(std::bit_ceil(2 * by_key.size()));
  const size_t filter_bits = std::max<size_t>(64, std::bit_ceil(kFilterBitsPerKey * by_key.size()));
  filter_.resize(filter_bits / 64);
  filter_shift_ = 64 - std::countr_zero(filter_bits);
  entries_.reserve(phrases.size());
  for (const auto& [key, entries] : by_key) insert(key, entries);
}

void PhraseIndex::insert(uint64_t key, std::span<const Entry> entries) {
  const size_t mask = slots_.size() - 1;
  size_t at = key & mask;
  while (slots_[at].count > 0) at = (at + 1) & mask;
  slots_[at] = {key, static_cast<uint32_t>(entries_.size()), static_cast<uint32_t>(entries.size())};
  entries_.insert(entries_.end(), entries.begin(), entries.end());
  const uint64_t bit = (key * 0xd6e8feb86659fd93ULL) >> filter_shift_;
  filter_[bit >> 6] |= uint64_t{1} << (bit & 63);
}

size_t PhraseIndex::size_bytes() const {
  return bytes_.capacity() + entries_.capacity() * sizeof(Entry) + slots_.capacity() * sizeof(Slot) +
         filter_.capacity() * sizeof(uint64_t);
}

}  // namespace earshot::match
