#include <algorithm>
#include <map>
#include <string>

#include "operators/sentiment/vader.h"

namespace earshot::sentiment {
namespace {

using FactsByWord = std::map<std::string, WordFacts, std::less<>>;

bool can_match(std::string_view word) {
  // Words are split at white space and looked up in lower case, so the rest of the lexicon is never found by the
  // original either.
  const auto is_odd = [](char c) {
    return c == ' ' || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  };
  return !word.empty() && word.size() <= WordTable::kWordBytesMax && std::ranges::none_of(word, is_odd);
}

FactsByWord collect(std::span<const WordValence> lexicon) {
  FactsByWord facts;
  for (const WordValence& each : lexicon) {
    if (!can_match(each.word)) continue;
    WordFacts& word = facts[std::string(each.word)];
    word.valence = each.valence;
    word.traits |= kInLexicon;
  }
  for (const TraitWords& group : vader_trait_words()) {
    for (const std::string_view word : group.words) facts[std::string(word)].traits |= group.trait;
  }
  uint8_t number = 0;
  for (const auto phrases : {vader_idioms(), vader_dampening_phrases()}) {
    for (const Phrase& phrase : phrases) {
      for (const std::string_view word : phrase.words) {
        if (word.empty()) continue;
        WordFacts& each = facts[std::string(word)];
        if (each.phrase_word == 0) each.phrase_word = ++number;
      }
    }
  }
  return facts;
}

std::vector<VaderModel::NumberedPhrase> number_phrases(std::span<const Phrase> phrases, const FactsByWord& facts) {
  std::vector<VaderModel::NumberedPhrase> numbered;
  for (const Phrase& phrase : phrases) {
    uint32_t words = 0;
    for (const std::string_view word : phrase.words) {
      if (!word.empty()) words = words << 8 | facts.find(word)->second.phrase_word;
    }
    numbered.push_back({words, phrase.value});
  }
  return numbered;
}

}  // namespace

VaderModel::VaderModel(std::span<const WordValence> lexicon, std::span<const EmojiName> emoji)
    : idioms_(number_phrases(vader_idioms(), collect(lexicon))),
      dampening_phrases_(number_phrases(vader_dampening_phrases(), collect(lexicon))),
      words_([&] {
        const FactsByWord facts = collect(lexicon);
        return WordTable(std::vector<std::pair<std::string, WordFacts>>(facts.begin(), facts.end()));
      }()),
      letters_(emoji) {}

std::shared_ptr<const VaderModel> VaderModel::builtin() {
  static const auto model = std::make_shared<const VaderModel>(vader_words(), vader_emoji());
  return model;
}

const double* VaderModel::find(const std::vector<NumberedPhrase>& phrases, uint32_t words) {
  for (const NumberedPhrase& phrase : phrases) {
    if (phrase.words == words) return &phrase.value;
  }
  return nullptr;
}

}  // namespace earshot::sentiment
