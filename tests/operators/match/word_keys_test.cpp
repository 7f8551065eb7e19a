// Every kernel reads the same words as a plain split does, gives them the same keys, and finds what the filter holds.
#include "operators/match/word_keys.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "operators/match/phrase_index.h"
#include "operators/match/phrase_lookup.h"

namespace earshot::match {
namespace {

// A text as the normaliser writes it, in memory that ends where its slack does, so that the address sanitizer sees
// reads beyond.
class PaddedText {
 public:
  explicit PaddedText(const std::string& text) : size_(text.size()), bytes_(text.begin(), text.end()) {
    bytes_.resize(size_ + kTextSlackBytes, ' ');
    bytes_.shrink_to_fit();
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  size_t size_;
  std::vector<char> bytes_;
};

// Words of every length up to 40 bytes, many of them twice; short ones to fill a block with as many as fit.
std::string random_text(std::mt19937& random, size_t words) {
  std::string text = " ";
  const bool is_dense = random() % 4 == 0;
  for (size_t i = 0; i < words; ++i) {
    const size_t bytes = is_dense ? 1 : 1 + random() % (random() % 8 == 0 ? 40 : 9);
    for (size_t b = 0; b < bytes; ++b) text += static_cast<char>(random() % 12 == 0 ? '\xc3' : 'a' + random() % 3);
    text += ' ';
  }
  return text;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  for (size_t at = 1; at < text.size(); at = text.find(' ', at) + 1)
    words.push_back(text.substr(at, text.find(' ', at) - at));
  return words;
}

TEST(WordKeys, AreTheSameByEveryKernelAndEqualForEqualWords) {
  std::mt19937 random(1);
  WordKeys plain(word_kernels().front());
  for (int i = 0; i < 2000; ++i) {
    const std::string text = random_text(random, static_cast<size_t>(i % 70));
    const PaddedText padded(text);
    const std::vector<std::string> words = split(text);
    plain.read(padded.view());
    for (const WordKernel& kernel : word_kernels()) {
      WordKeys keys(kernel);
      keys.read(padded.view());
      ASSERT_EQ(keys.count(), words.size()) << kernel.name << ":" << text;
      for (size_t word = 0; word < words.size(); ++word) {
        ASSERT_EQ(text.substr(keys.begin_of(word), words[word].size() + 1), words[word] + ' ') << kernel.name;
        ASSERT_EQ(keys.begin_of(word + 1), keys.begin_of(word) + words[word].size() + 1) << kernel.name;
        ASSERT_EQ(keys.key_of(word), plain.key_of(word)) << kernel.name << ": " << words[word];
        const auto first = static_cast<size_t>(std::ranges::find(words, words[word]) - words.begin());
        ASSERT_EQ(keys.key_of(word), keys.key_of(first)) << kernel.name << ": " << words[word];
      }
    }
  }
}

TEST(WordKeys, DifferForShortWordsAndForLongOnesThatBeginAndEndAlike) {
  std::string text = " ";
  for (int i = 0; i < 10'000; ++i) text += fmt::format("w{}{} ", i, std::string(static_cast<size_t>(i % 9), 'x'));
  for (int i = 0; i < 10'000; ++i) text += fmt::format("promotioncampaign{:05}ofspring ", i);
  const PaddedText padded(text);
  WordKeys words;
  words.read(padded.view());
  std::vector<uint32_t> keys;
  for (size_t i = 0; i < words.count(); ++i) keys.push_back(words.key_of(i));
  std::ranges::sort(keys);
  const auto repeated = std::ranges::unique(keys);
  EXPECT_LE(repeated.size(), 1U);  // by chance, of 2^32, one in twenty tries
}

TEST(WordKeys, AreFoundByEveryKernelWhereTheFilterMayHoldThem) {
  std::mt19937 random(2);
  for (int i = 0; i < 500; ++i) {
    const PaddedText padded(random_text(random, static_cast<size_t>(i % 90)));
    WordKeys plain(word_kernels().front());
    plain.read(padded.view());
    KeyFilter filter(static_cast<size_t>(1 + i % 200));
    for (size_t word = 1; word < plain.count(); word += 1 + random() % 4) {
      filter.insert(random() % 2 == 0 ? plain.key_of(word) : plain.pair_key_of(word));
    }
    std::vector<uint32_t> expected;
    for (uint32_t word = 0; word < plain.count(); ++word) {
      if (filter.may_hold(plain.key_of(word))) expected.push_back(2 * word);
      if (filter.may_hold(plain.pair_key_of(word))) expected.push_back(2 * word + 1);
    }
    for (const WordKernel& kernel : word_kernels()) {
      WordKeys keys(kernel);
      keys.read(padded.view());
      std::vector<uint32_t> found;
      for (const WordHit hit : keys.find(filter)) found.push_back(hit.code);
      std::ranges::sort(found);
      ASSERT_EQ(found, expected) << kernel.name;
    }
  }
}

TEST(KeyFilter, IsRarelyWrongAndNeverAboutAKeyThatItHolds) {
  std::mt19937 random(3);
  KeyFilter filter(50'000);
  std::vector<uint32_t> keys;
  for (int i = 0; i < 50'000; ++i) keys.push_back(static_cast<uint32_t>(random()));
  for (const uint32_t key : keys) filter.insert(key);
  for (const uint32_t key : keys) ASSERT_TRUE(filter.may_hold(key));
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) wrong += filter.may_hold(static_cast<uint32_t>(random())) ? 1 : 0;
  EXPECT_LT(wrong, 1500);
}

struct Found {
  uint32_t phrase;
  uint32_t end;
  auto operator<=>(const Found&) const = default;
};

void PrintTo(const Found& found, std::ostream* out) {
  *out << fmt::format("{}@{}", found.phrase, found.end);
}

// Phrases that share words with each other and with texts, some of them cut from a text.
std::vector<std::string> random_phrases(std::mt19937& random, const std::string& text) {
  std::vector<std::string> phrases;
  const std::vector<std::string> words = split(text);
  for (int i = 0; i < 40; ++i) {
    std::string phrase = random_text(random, 1 + random() % 3);
    if (i % 2 == 0 && !words.empty()) {
      const size_t first = random() % words.size();
      phrase = " ";
      for (size_t word = first; word < std::min(words.size(), first + 1 + random() % 4); ++word)
        phrase += words[word] + ' ';
    }
    if (std::ranges::find(phrases, phrase) == phrases.end()) phrases.push_back(phrase);
  }
  return phrases;
}

TEST(PhraseIndex, FindsWhatAPlainSearchFindsByEveryKernel) {
  std::mt19937 random(4);
  for (int i = 0; i < 300; ++i) {
    const std::string text = random_text(random, static_cast<size_t>(i % 60));
    const PaddedText padded(text);
    const std::vector<std::string> phrases = random_phrases(random, text);
    std::vector<WantedPhrase> wanted;
    std::vector<Found> expected;
    for (uint32_t id = 0; id < phrases.size(); ++id) {
      wanted.push_back({7 * id, phrases[id]});
      for (size_t at = text.find(phrases[id]); at != std::string::npos; at = text.find(phrases[id], at + 1)) {
        expected.push_back({7 * id, static_cast<uint32_t>(at + phrases[id].size())});
      }
    }
    std::ranges::sort(expected);
    const PhraseIndex index(wanted);
    const PhraseLookup lookup(wanted);
    for (const WordKernel& kernel : word_kernels()) {
      WordKeys words(kernel);
      words.read(padded.view());
      std::vector<Found> found;
      index.scan(words, [&](uint32_t phrase, uint32_t end) { found.push_back({phrase, end}); });
      std::ranges::stable_sort(found, {}, &Found::phrase);
      ASSERT_EQ(found, expected) << kernel.name << ":" << text;  // sorted by phrase only: in the text's order already
      std::vector<Found> looked_up;
      for (const WantedPhrase& phrase : wanted) {
        lookup.find(phrase.id, words, [&](uint32_t end) { looked_up.push_back({phrase.id, end}); });
      }
      ASSERT_EQ(looked_up, expected) << kernel.name << ":" << text;
    }
  }
}

TEST(PhraseIndex, FindsNothingWithoutPhrases) {
  const PaddedText padded(" some words ");
  WordKeys words;
  words.read(padded.view());
  const auto fail_on_match = [](uint32_t, uint32_t) { FAIL(); };
  PhraseIndex().scan(words, fail_on_match);
  PhraseIndex(std::span<const WantedPhrase>()).scan(words, fail_on_match);
  PhraseLookup().find(0, words, [](uint32_t) { FAIL(); });
}

}  // namespace
}  // namespace earshot::match
