#include "engine/text/term_words.h"

#include <algorithm>
#include <unordered_set>

namespace earshot {
namespace {

constexpr size_t kTermBytesMax = 48;

const std::unordered_set<std::string_view>& stop_words() {
  static const std::unordered_set<std::string_view> words = {
      "about",   "after",  "again",  "all",     "also",    "and",      "any",     "are",       "been",     "but",
      "can",     "com",    "could",  "did",     "does",    "don",      "even",    "for",       "from",     "get",
      "got",     "had",    "has",    "have",    "her",     "here",     "him",     "his",       "how",      "http",
      "https",   "into",   "its",    "just",    "like",    "more",     "most",    "much",      "not",      "now",
      "off",     "one",    "only",   "other",   "our",     "out",      "over",    "she",       "should",   "some",
      "such",    "than",   "that",   "the",     "their",   "them",     "then",    "there",     "these",    "they",
      "this",    "too",    "very",   "was",     "were",    "what",     "when",    "where",     "which",    "who",
      "why",     "will",   "with",   "would",   "www",     "you",      "your",    "anybody",   "anyone",   "anything",
      "because", "before", "being",  "between", "both",    "during",   "each",    "everybody", "everyone", "everything",
      "every",   "might",  "must",   "nobody",  "nothing", "somebody", "someone", "something", "still",    "those",
      "through", "under",  "until",  "while",   "without", "yet",      "know",    "tell",      "say",      "says",
      "said",    "people", "always", "never",   "ever",    "let",      "make",    "aber",      "als",      "auch",
      "auf",     "aus",    "bei",    "bin",     "bist",    "das",      "dass",    "dem",       "den",      "der",
      "des",     "die",    "doch",   "ein",     "eine",    "einen",    "einer",   "für",       "haben",    "hat",
      "ich",     "ihr",    "ist",    "kein",    "mein",    "mich",     "mir",     "mit",       "nach",     "nicht",
      "noch",    "nur",    "oder",   "schon",   "sich",    "sie",      "sind",    "und",       "uns",      "vom",
      "von",     "war",    "wenn",   "wie",     "wir",     "wird",     "zum",     "zur",       "avec",     "ce",
      "ces",     "dans",   "elle",   "est",     "les",     "leur",     "mais",    "nous",      "par",      "pas",
      "pour",    "que",    "qui",    "sont",    "sur",     "une",      "vous",    "como",      "con",      "del",
      "esta",    "este",   "las",    "los",     "más",     "muy",      "para",    "pero",      "por",      "ser",
      "son",     "sus",    "una",    "che",     "della",   "gli",      "non",     "per",       "sono",     "amp"};
  return words;
}

size_t letter_count(std::string_view word) {
  return static_cast<size_t>(std::count_if(
      word.begin(), word.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace

bool is_term(std::string_view word) {
  constexpr size_t kLettersMin = 3;
  if (letter_count(word) < kLettersMin || word.size() > kTermBytesMax || stop_words().contains(word)) return false;
  return !std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace earshot
