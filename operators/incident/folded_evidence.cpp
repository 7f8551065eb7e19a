#include "operators/incident/folded_evidence.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/hash.h"
#include "engine/text/text_normaliser.h"

namespace earshot::incident {

std::vector<uint64_t> wording_of(std::string_view text) {
  static const TextNormaliser normaliser;
  thread_local NormalisedText normalised;
  normaliser.normalise(text, normalised);
  std::vector<uint64_t> wording;
  uint64_t before = 0;
  for (size_t i = 0; i < normalised.word_count(); ++i) {
    const std::string_view word = normalised.word(i);
    if (std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; })) continue;
    const uint64_t hash = hash_64(word);
    wording.push_back(hash);
    if (before != 0) wording.push_back(mix_64(before, hash ^ 0xe7037ed1a0b428dbULL));
    before = hash;
  }
  std::ranges::sort(wording);
  const auto repeats = std::ranges::unique(wording);
  wording.erase(repeats.begin(), repeats.end());
  return wording;
}

double resemblance(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  if (a.empty() || b.empty()) return 0;
  std::vector<uint64_t> shared;
  std::ranges::set_intersection(a, b, std::back_inserter(shared));
  return static_cast<double>(shared.size()) / static_cast<double>(a.size() + b.size() - shared.size());
}

EvidenceList fold_evidence(const EvidenceList& newest, const EvidenceList& kept, size_t count_max) {
  constexpr double kNearCopy = 0.6;
  EvidenceList folded;
  std::vector<std::vector<uint64_t>> wordings;
  const auto add = [&](const wire::Evidence& post) {
    if (static_cast<size_t>(folded.size()) >= count_max) return;
    std::vector<uint64_t> wording = wording_of(post.text());
    for (int i = 0; i < folded.size(); ++i) {
      if (folded[i].text_hash() == post.text_hash()) return;
      if (resemblance(wording, wordings[static_cast<size_t>(i)]) >= kNearCopy) return;
    }
    *folded.Add() = post;
    wordings.push_back(std::move(wording));
  };
  for (const wire::Evidence& post : newest) add(post);
  for (const wire::Evidence& post : kept) add(post);
  return folded;
}

}  // namespace earshot::incident
