// PhraseBook: phrases that say something of a brand beside it, or by themselves (english_phrases.txt has the grammar).
// Immutable; shared between threads.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "operators/sentiment/post_tokens.h"

namespace earshot::sentiment {

// What a phrase says of a brand in it.
enum class BrandTone : uint8_t {
  kNothing,
  kGood,
  kBad,
  kLikeTheOther,   // as the post speaks of the other brand
  kUnlikeTheOther  // the opposite of that
};

// Where a brand is named: tokens, the last one included.
struct BrandMention {
  uint32_t first = 0;
  uint32_t last = 0;
  bool is_target = false;  // it is the brand that was asked about
};

struct PhraseMatch {
  static constexpr uint32_t kNoMention = UINT32_MAX;

  uint32_t first = 0;  // tokens, end exclusive
  uint32_t end = 0;
  double value = 0;  // of the phrase by itself, -4 to 4
  uint32_t mention_a = kNoMention;
  uint32_t mention_b = kNoMention;
  BrandTone tone_a = BrandTone::kNothing;
  BrandTone tone_b = BrandTone::kNothing;

  bool takes_back = false;  // what the post says when it compares ("big mistake")
  uint32_t elements = 0;    // of the phrase: of two for the same tokens the one with more says it better

  [[nodiscard]] bool compares() const { return mention_a != kNoMention && mention_b != kNoMention; }
};

// The tokens of a text and the brands in it.
struct BrandedText {
  const PostTokens& tokens;
  std::span<const BrandMention> mentions;      // in order, apart from each other
  std::span<const uint32_t> mention_at_token;  // the mention that begins there, or PhraseMatch::kNoMention
};

class PhraseBook {
 public:
  // The English phrases that were compiled in.
  static std::shared_ptr<const PhraseBook> builtin();

  // Errors name `name`, line and column.
  static Result<std::shared_ptr<const PhraseBook>> parse(std::string_view text, const std::string& name);

  // The phrases found in `text`, in order, without those that are part of a longer one. Linear: a place is tried
  // against the phrases of its first letters, each of which looks at no more than kPhraseTokensMax tokens.
  void find(const BrandedText& text, std::vector<PhraseMatch>& matches) const;

  [[nodiscard]] size_t size() const { return phrases_.size(); }

  static constexpr size_t kElementsMax = 12;  // of a phrase
  static constexpr uint32_t kGapTokensMax = 4;

 private:
  friend class PhraseParser;

  enum class Slot : uint8_t { kWords, kGap, kBrandA, kBrandB };
  struct Word {
    std::string letters;
    bool is_stem = false;  // any word that begins so
  };
  struct Element {
    Slot slot = Slot::kWords;
    std::vector<Word> words;  // any of them
  };
  struct Phrase {
    std::vector<Element> elements;
    double value = 0;
    BrandTone tone_a = BrandTone::kNothing;
    BrandTone tone_b = BrandTone::kNothing;
    bool takes_back = false;
  };

  static constexpr size_t kKeyLetters = 4;
  static uint64_t key_of(std::string_view word);
  static bool fits(const Element& element, std::string_view word);
  void add(Phrase phrase);
  bool match(const Phrase& phrase, size_t element, uint32_t at, const BrandedText& text, PhraseMatch& found) const;
  [[nodiscard]] static uint32_t brand_near(const BrandedText& text, uint32_t at);

  std::vector<Phrase> phrases_;
  boost::unordered_flat_map<uint64_t, std::vector<uint32_t>> by_first_letters_;
  std::vector<uint32_t> beginning_with_brand_;
};

std::string_view english_phrases_text();

}  // namespace earshot::sentiment
