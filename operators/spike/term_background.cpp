#include "operators/spike/term_background.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/base/hash.h"
#include "engine/text/term_words.h"
#include "engine/text/text_normaliser.h"

namespace earshot::spike {
namespace {

constexpr double kTextsMax = 2'000;  // beyond it everything is halved, so that old talk fades
// Calls `visit` for each word that may be a term, in the order of the text, repeats included.
template <class Visit>
void visit_terms(std::string_view text, const Visit& visit) {
  static const TextNormaliser normaliser;
  thread_local NormalisedText normalised;
  normaliser.normalise(text, normalised);
  for (size_t i = 0; i < normalised.word_count(); ++i) {
    const std::string_view word = normalised.word(i);
    if (is_term(word)) visit(word);
  }
}

}  // namespace

std::set<std::string> terms_of(std::string_view text) {
  std::set<std::string> terms;
  visit_terms(text, [&](std::string_view word) { terms.emplace(word); });
  return terms;
}

void TermBackground::learn(std::string_view text) {
  std::vector<uint64_t> terms;
  visit_terms(text, [&](std::string_view word) { terms.push_back(hash_64(word)); });
  std::sort(terms.begin(), terms.end());
  const auto repeats = std::unique(terms.begin(), terms.end());
  for (auto term = terms.begin(); term != repeats; ++term) {
    const auto [entry, is_new] = counts_.try_emplace(*term, thrown_out_max_);
    entry->second += 1;
  }
  if (counts_.size() > kTermsMax) throw_out_rarest();
  texts_ += 1;
  if (texts_ < kTextsMax) return;
  texts_ /= 2;
  thrown_out_max_ /= 2;
  for (auto& [hash, count] : counts_) count /= 2;
}

void TermBackground::throw_out_rarest() {
  std::vector<std::pair<float, uint64_t>> order;
  for (const auto& [hash, count] : counts_) order.emplace_back(count, hash);
  const auto first_kept = order.end() - static_cast<std::ptrdiff_t>(kTermsMax / 2);
  std::nth_element(order.begin(), first_kept, order.end());
  for (auto rare = order.begin(); rare != first_kept; ++rare) {
    thrown_out_max_ = std::max(thrown_out_max_, rare->first);
    counts_.erase(rare->second);
  }
}

double TermBackground::usual_share(std::string_view term) const {
  constexpr double kUnseen = 0.5;
  const auto found = counts_.find(hash_64(term));
  const double count = found == counts_.end() ? thrown_out_max_ / 2 : found->second;
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
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    // Copies of one text have all their words in common: long ones say more than short ones.
    if (a.weight != b.weight) return a.weight > b.weight;
    return a.term.text().size() > b.term.text().size();
  });
  std::vector<wire::Term> terms;
  for (Candidate& candidate : candidates) {
    if (terms.size() == count_max) break;
    terms.push_back(std::move(candidate.term));
  }
  return terms;
}

void TermBackground::save(wire::ListenerState& out) const {
  out.set_term_texts(texts_);
  out.set_term_thrown_out_max(thrown_out_max_);
  for (const auto& [hash, count] : counts_) {
    out.add_term_hashes(hash);
    out.add_term_counts(count);
  }
}

void TermBackground::restore(const wire::ListenerState& state) {
  texts_ = state.term_texts();
  thrown_out_max_ = state.term_thrown_out_max();
  counts_.clear();
  const int terms = std::min(state.term_hashes_size(), state.term_counts_size());
  for (int i = 0; i < terms; ++i) counts_.emplace(state.term_hashes(i), state.term_counts(i));
}

}  // namespace earshot::spike
