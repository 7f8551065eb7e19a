#include "operators/match/phrase_lookup.h"

#include <algorithm>

namespace earshot::match {

PhraseLookup::PhraseLookup(std::span<const WantedPhrase> phrases) {
  if (phrases.empty()) return;
  entries_.resize(size_t{std::ranges::max(phrases, {}, &WantedPhrase::id).id} + 1);
  WordKeys words;
  std::string padded;
  for (const WantedPhrase& phrase : phrases) {
    padded.assign(phrase.text);
    padded.append(kTextSlackBytes, '\0');
    words.read(std::string_view(padded).substr(0, phrase.text.size()));
    Entry& entry = entries_[phrase.id];
    uint32_t longest_bytes = 0;
    for (size_t i = 0; i < words.count(); ++i) {
      const uint32_t bytes = words.begin_of(i + 1) - words.begin_of(i);
      if (bytes <= longest_bytes) continue;
      longest_bytes = bytes;
      entry.key = words.key_of(i);
      entry.word_offset = static_cast<uint16_t>(words.begin_of(i));
    }
    if (words.count() == 0) continue;
    entry.first_byte = static_cast<uint32_t>(bytes_.size());
    entry.bytes = static_cast<uint16_t>(phrase.text.size());
    bytes_ += phrase.text;
  }
}

}  // namespace earshot::match
