#include "operators/match/finder_trial.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace earshot::match {
namespace {

constexpr size_t kTexts = 64;
constexpr size_t kTextBytes = 200;
constexpr int kRounds = 5;

// A text is mostly made of such words, whatever a set listens for.
constexpr auto kCommonWords = std::to_array<std::string_view>(
    {"the",   "to",    "and",   "a",    "of",    "in",      "is",     "it",    "you",    "that",  "for",     "on",
     "was",   "with",  "this",  "my",   "be",    "have",    "are",    "not",   "but",    "so",    "just",    "at",
     "me",    "we",    "what",  "if",   "do",    "can",     "they",   "when",  "get",    "out",   "how",     "about",
     "one",   "more",  "good",  "time", "know",  "new",     "people", "love",  "really", "today", "need",    "work",
     "never", "great", "still", "que",  "de",    "la",      "el",     "en",    "los",    "por",   "con",     "una",
     "para",  "der",   "die",   "und",  "ist",   "das",     "nicht",  "les",   "des",    "est",   "pour",    "dans",
     "pas",   "che",   "não",   "uma",  "https", "service", "phone",  "video", "price",  "live",  "tomorrow"});

// Three of ten texts hold a phrase of the set, and one word in sixteen is of some phrase. Each with its slack.
std::vector<std::string> make_texts(std::span<const WantedPhrase> phrases) {
  uint64_t state = phrases.size();
  const auto below = [&state](size_t limit) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<size_t>(state >> 33) % limit;
  };
  const auto any_phrase = [&] { return phrases[below(phrases.size())].text; };
  std::vector<std::string> texts;
  for (size_t i = 0; i < kTexts; ++i) {
    std::string text = below(10) < 3 ? std::string(any_phrase()) : std::string(" ");
    const size_t bytes = kTextBytes / 2 + below(kTextBytes);
    while (text.size() < bytes) {
      std::string_view word = kCommonWords[below(kCommonWords.size())];
      if (below(16) == 0) {
        word = any_phrase().substr(1);
        word = word.substr(0, word.find(' '));
      }
      text += word;
      text += ' ';
    }
    text.append(kTextSlackBytes, '\0');
    texts.push_back(std::move(text));
  }
  return texts;
}

std::string_view without_slack(const std::string& text) {
  return std::string_view(text).substr(0, text.size() - kTextSlackBytes);
}

int count_literal(unsigned, unsigned long long, unsigned long long, unsigned, void* count) {
  ++*static_cast<size_t*>(count);
  return 0;
}

}  // namespace

bool is_index_faster(const PhraseIndex& index, const LiteralScanner& scanner, std::span<const WantedPhrase> phrases) {
  const std::vector<std::string> texts = make_texts(phrases);
  const LiteralScanner::Scratch scratch = scanner.make_scratch();
  WordKeys words;
  size_t found = 0;
  using Clock = std::chrono::steady_clock;
  auto best_index = Clock::duration::max();
  auto best_scanner = Clock::duration::max();
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = Clock::now();
    for (const std::string& text : texts) scanner.scan(without_slack(text), scratch, &count_literal, &found);
    const auto between = Clock::now();
    for (const std::string& text : texts) {
      words.read(without_slack(text));
      index.scan(words, [&found](uint32_t, uint32_t) { ++found; });
    }
    best_scanner = std::min(best_scanner, between - begin);
    best_index = std::min(best_index, Clock::now() - between);
  }
  return best_index < best_scanner;
}

}  // namespace earshot::match
