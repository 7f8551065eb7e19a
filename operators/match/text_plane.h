// TextPlane: one way to read one text of a post (its own text, without accents, with hashtags split; its author's bio),
// and the phrases that are looked for in it. A set of rules has one for each way that its rules ask for. Immutable.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/result.h"
#include "engine/text/text_normaliser.h"
#include "operators/match/finder_trial.h"
#include "operators/match/literal_scanner.h"
#include "operators/match/phrase_index.h"
#include "operators/match/text_source.h"

namespace earshot::match {

struct PlaneKey {
  TextSource source = TextSource::kText;
  bool folds_diacritics = false;
  bool splits_hashtags = false;
  friend auto operator<=>(const PlaneKey&, const PlaneKey&) = default;
};

// What is looked for in a plane, each kind with the ids that follow the kind before.
struct PlaneTexts {
  std::vector<std::string> phrases;     // " word word "
  std::vector<std::string> patterns;    // words with wildcards
  std::vector<std::string> substrings;  // of folded text
};

// Lets a map of strings be asked for a view.
struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return hash_64(text); }
};
using TextIds = std::unordered_map<std::string, uint32_t, TextHash, std::equal_to<>>;

class TextPlane {
 public:
  TextPlane(PlaneKey plane_key, CaseFolding folding)
      : key(plane_key), normaliser(folding_for(folding, plane_key.folds_diacritics)) {}

  // Gives ids from `first` on. Errors: what Hyperscan refuses.
  Result<void> compile_expressions(const PlaneTexts& texts, uint32_t first, DatabaseCache* databases);

  // The way to find these phrases, of those of the plane.
  Result<void> compile_finder(std::span<const std::string> phrases, std::span<const uint32_t> ids, PhraseFinder wanted,
                              DatabaseCache* databases);

  [[nodiscard]] bool has(uint32_t phrase) const { return first_phrase <= phrase && phrase < end_phrase; }

  PlaneKey key;
  TextNormaliser normaliser;
  PhraseFinder finder = PhraseFinder::kHyperscan;  // kAuto: either, and both are there
  PhraseIndex index;
  LiteralScanner scanner;
  LiteralScanner pattern_scanner;  // patterns, then substrings
  uint32_t first_phrase = 0;       // ids among all that the rules look for
  uint32_t first_pattern = 0;
  uint32_t first_substring = 0;
  uint32_t end_phrase = 0;
  bool is_waited_for = false;  // some rule may hold because of it, so that it is read for each post
  TextIds hashtags;            // ids of hashtags by their folded text
};

}  // namespace earshot::match
