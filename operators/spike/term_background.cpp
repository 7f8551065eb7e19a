#include "operators/spike/term_background.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "engine/text/text_normaliser.h"

namespace earshot::spike {
namespace {

constexpr double kTextsMax = 2'000;  // beyond it everything is halved, so that old talk fades
constexpr size_t kTermBytesMax = 48;

const std::unordered_set<std::string_view>& stop_words() {
  static const std::unordered_set<std::string_view> words = {
      "about",  "after", "again", "all",  "also", "and",   "any",   "are",   "been",  "but",   "can",   "com",
      "could",  "did",   "does",  "don",  "even", "for",   "from",  "get",   "got",   "had",   "has",   "have",
      "her",    "here",  "him",   "his",  "how",  "http",  "https", "into",  "its",   "just",  "like",  "more",
      "most",   "much",  "not",   "now",  "off",  "one",   "only",  "other", "our",   "out",   "over",  "she",
      "should", "some",  "such",  "than", "that", "the",   "their", "them",  "then",  "there", "these", "they",
      "this",   "too",   "very",  "was",  "were", "what",  "when",  "where", "which", "who",   "why",   "will",
      "with",   "would", "www",   "you",  "your", "aber",  "als",   "auch",  "auf",   "aus",   "bei",   "bin",
      "bist",   "das",   "dass",  "dem",  "den",  "der",   "des",   "die",   "doch",  "ein",   "eine",  "einen",
      "einer",  "für",   "haben", "hat",  "ich",  "ihr",   "ist",   "kein",  "mein",  "mich",  "mir",   "mit",
      "nach",   "nicht", "noch",  "nur",  "oder", "schon", "sich",  "sie",   "sind",  "und",   "uns",   "vom",
      "von",    "war",   "was",   "wenn", "wie",  "wir",   "wird",  "zum",   "zur",   "avec",  "ce",    "ces",
      "dans",   "des",   "elle",  "est",  "les",  "leur",  "mais",  "nous",  "par",   "pas",   "pour",  "que",
      "qui",    "sont",  "sur",   "une",  "vous", "como",  "con",   "del",   "esta",  "este",  "las",   "los",
      "más",    "muy",   "para",  "pero", "por",  "ser",   "son",   "sus",   "una",   "che",   "della", "gli",
      "non",    "per",   "sono",  "amp"};
  return words;
}

size_t letter_count(std::string_view word) {
  return static_cast<size_t>(std::count_if(
      word.begin(), word.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace

std::set<std::string> terms_of(std::string_view text) {
  static const TextNormaliser normaliser;
  NormalisedText normalised;
  normaliser.normalise(text, normalised);
  std::set<std::string> terms;
  for (size_t i = 0; i < normalised.word_count(); ++i) {
    const std::string_view word = normalised.word(i);
    constexpr size_t kLettersMin = 3;
    if (letter_count(word) < kLettersMin || word.size() > kTermBytesMax || stop_words().contains(word)) continue;
    if (std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
    terms.emplace(word);
  }
  return terms;
}

void TermBackground::learn(std::string_view text) {
  for (const std::string& term : terms_of(text)) {
    if (const auto found = counts_.find(term); found != counts_.end()) {
      found->second += 1;
      continue;
    }
    double count = 1;
    if (counts_.size() >= kTermsMax) {
      const auto rarest = std::min_element(counts_.begin(), counts_.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
      count += rarest->second;
      counts_.erase(rarest);
    }
    counts_.emplace(term, count);
  }
  texts_ += 1;
  if (texts_ < kTextsMax) return;
  texts_ /= 2;
  for (auto& [term, count] : counts_) count /= 2;
}

double TermBackground::usual_share(const std::string& term) const {
  constexpr double kUnseen = 0.5;
  const auto found = counts_.find(term);
  double count = found == counts_.end() ? 0 : found->second;
  return std::min(1.0, (count + kUnseen) / (texts_ + 1));
}

std::vector<wire::Term> TermBackground::rising(const std::vector<std::string_view>& texts,
                                               const std::set<std::string>& excluded, size_t count_max) const {
  std::map<std::string, uint32_t> now;
  for (const std::string_view text : texts) {
    for (const std::string& term : terms_of(text)) ++now[term];
  }
  struct Candidate {
    double weight;
    wire::Term term;
  };
  std::vector<Candidate> candidates;
  for (const auto& [text, count] : now) {
    if (count < 2 || excluded.contains(text)) continue;
    const double share = count / static_cast<double>(texts.size());
    const double lift = share / usual_share(text);
    constexpr double kLiftMin = 1.5;
    if (lift < kLiftMin) continue;
    Candidate& candidate = candidates.emplace_back();
    // Share times log of lift: its part of the divergence between now and usual, so that rare oddities do not win.
    candidate.weight = share * std::log(lift);
    candidate.term.set_text(text);
    candidate.term.set_count(count);
    candidate.term.set_lift(lift);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.weight > b.weight; });
  std::vector<wire::Term> terms;
  for (Candidate& candidate : candidates) {
    if (terms.size() == count_max) break;
    terms.push_back(std::move(candidate.term));
  }
  return terms;
}

void TermBackground::save(wire::ListenerState& out) const {
  out.set_term_texts(texts_);
  for (const auto& [text, count] : counts_) {
    wire::TermCount& term = *out.add_terms();
    term.set_text(text);
    term.set_count(count);
  }
}

void TermBackground::restore(const wire::ListenerState& state) {
  texts_ = state.term_texts();
  counts_.clear();
  for (const wire::TermCount& term : state.terms()) counts_.emplace(term.text(), term.count());
}

}  // namespace earshot::spike
