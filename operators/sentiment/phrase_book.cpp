#include "operators/sentiment/phrase_book.h"

#include <algorithm>
#include <array>

namespace earshot::sentiment {
namespace {

// What may stand before a brand's name: "than [my old] Velora".
constexpr std::array<std::string_view, 24> kBeforeBrand = {
    "the",   "a",   "an",   "my",  "our", "your", "his",      "her", "their", "this",  "that",    "those",
    "these", "any", "some", "old", "new", "what", "whatever", "at",  "from",  "every", "useless", "stupid"};
constexpr uint32_t kBeforeBrandMax = 3;

bool ends_phrase(const PostToken& token) {
  return token.kind == PostToken::Kind::kMark &&
         (token.mark == '.' || token.mark == '!' || token.mark == '?' || token.mark == ';' || token.mark == '\n');
}

}  // namespace

uint64_t PhraseBook::key_of(std::string_view word) {
  uint64_t key = 0;
  for (const char c : word.substr(0, kKeyLetters)) key = key << 8 | static_cast<unsigned char>(c);
  return key;
}

bool PhraseBook::fits(const Element& element, std::string_view word) {
  return std::ranges::any_of(element.words, [word](const Word& each) {
    return each.is_stem ? word.starts_with(each.letters) : word == each.letters;
  });
}

void PhraseBook::add(Phrase phrase) {
  const auto number = static_cast<uint32_t>(phrases_.size());
  const Element& first = phrase.elements.front();
  if (first.slot == Slot::kWords) {
    std::vector<uint64_t> keys;
    for (const Word& word : first.words) {
      const uint64_t key = key_of(word.letters);
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
    for (const uint64_t key : keys) by_first_letters_[key].push_back(number);
  } else {
    beginning_with_brand_.push_back(number);
  }
  phrases_.push_back(std::move(phrase));
}

void PhraseBook::find(const BrandedText& text, std::vector<PhraseMatch>& matches) const {
  const auto tokens = text.tokens.tokens();
  const auto try_phrase = [&](uint32_t number, uint32_t at) {
    const Phrase& phrase = phrases_[number];
    PhraseMatch found;
    if (!match(phrase, 0, at, text, found)) return;
    found.first = at;
    found.value = phrase.value;
    found.tone_a = phrase.tone_a;
    found.tone_b = phrase.tone_b;
    found.takes_back = phrase.takes_back;
    found.elements = static_cast<uint32_t>(phrase.elements.size());
    matches.push_back(found);
  };
  for (uint32_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].kind == PostToken::Kind::kMark) continue;
    if (const auto listed = by_first_letters_.find(key_of(text.tokens.word(tokens[at])));
        listed != by_first_letters_.end()) {
      for (const uint32_t number : listed->second) try_phrase(number, at);
    }
    if (text.mention_at_token[at] == PhraseMatch::kNoMention) continue;
    for (const uint32_t number : beginning_with_brand_) try_phrase(number, at);
  }
  // They begin in order, so a longer one before or beside each is enough to look at.
  uint32_t longest_end = 0;
  std::ranges::stable_sort(matches, [](const PhraseMatch& left, const PhraseMatch& right) {
    if (left.first != right.first) return left.first < right.first;
    return left.end != right.end ? left.end > right.end : left.elements > right.elements;
  });
  std::erase_if(matches, [&](const PhraseMatch& match) {
    const bool is_part = match.end <= longest_end;
    if (match.end > longest_end) {
      longest_end = match.end;
    }
    return is_part;
  });
}

uint32_t PhraseBook::brand_near(const BrandedText& text, uint32_t at) {
  const auto tokens = text.tokens.tokens();
  for (uint32_t skipped = 0; skipped <= kBeforeBrandMax && at < tokens.size(); ++skipped, ++at) {
    if (text.mention_at_token[at] != PhraseMatch::kNoMention) return text.mention_at_token[at];
    if (tokens[at].kind != PostToken::Kind::kWord) return PhraseMatch::kNoMention;
    const std::string_view word = text.tokens.word(tokens[at]);
    if (!tokens[at].is_owner && std::ranges::find(kBeforeBrand, word) == kBeforeBrand.end()) break;
  }
  return PhraseMatch::kNoMention;
}

bool PhraseBook::match(const Phrase& phrase, size_t element, uint32_t at, const BrandedText& text,
                       PhraseMatch& found) const {
  const auto tokens = text.tokens.tokens();
  if (element == phrase.elements.size()) {
    found.end = at;
    return true;
  }
  const Element& wanted = phrase.elements[element];
  if (wanted.slot == Slot::kGap) {
    for (uint32_t skipped = 0; skipped <= kGapTokensMax; ++skipped) {
      if (match(phrase, element + 1, at + skipped, text, found)) return true;
      if (at + skipped >= tokens.size() || ends_phrase(tokens[at + skipped])) return false;
    }
    return false;
  }
  if (at >= tokens.size()) return false;
  if (wanted.slot == Slot::kWords) {
    if (tokens[at].kind == PostToken::Kind::kMark || !fits(wanted, text.tokens.word(tokens[at]))) return false;
    return match(phrase, element + 1, at + 1, text, found);
  }
  const uint32_t mention = brand_near(text, at);
  if (mention == PhraseMatch::kNoMention) return false;
  uint32_t& place = wanted.slot == Slot::kBrandA ? found.mention_a : found.mention_b;
  const uint32_t before = place;
  place = mention;
  if (match(phrase, element + 1, text.mentions[mention].last + 1, text, found)) return true;
  place = before;
  return false;
}

}  // namespace earshot::sentiment
