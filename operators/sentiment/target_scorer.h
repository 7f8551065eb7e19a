// TargetScorer: how an English text speaks of one brand in it, when it names several.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operators/sentiment/brands.h"
#include "operators/sentiment/clause_reader.h"
#include "operators/sentiment/lexicon.h"
#include "operators/sentiment/phrase_book.h"
#include "operators/sentiment/scorer.h"

namespace earshot::sentiment {

// Scratch of one thread. The clauses that speak of the target are scored by themselves, phrases that set one brand
// against another ("better than", "switched from") are read for what they say of each side, and what is said of the
// other side counts where the target's clause only refers to it ("… never does").
class TargetScorer {
 public:
  explicit TargetScorer(std::shared_ptr<const VaderModel> vader);

  // How `text` speaks of what `matches` found in it (bytes of the text). `whole` is the score of all of it by `scorer`,
  // and the answer when no other brand is named. Linear, and of a text longer than kWindowBytes only the part around
  // the first match is read, so that a listener costs little however long the text is.
  Sentiment score(std::string_view text, std::span<const ClauseMatch> matches, const Sentiment& whole, Scorer& scorer);

  static constexpr size_t kWindowBytes = 16 << 10;

 private:
  struct Verdict {
    double value = 0;      // -1 to 1
    bool is_said = false;  // there is a clause or phrase that speaks of it
  };

  Sentiment score_window(std::string_view text, std::span<const ClauseMatch> matches, const Sentiment& whole,
                         Scorer& scorer);
  [[nodiscard]] Verdict evidence(std::string_view text, ClauseOwner side, Scorer& scorer);
  [[nodiscard]] double phrase_values(const Clause& clause) const;
  [[nodiscard]] double emoji_values(const Clause& clause) const;
  [[nodiscard]] double rated_share(const Clause& clause) const;
  [[nodiscard]] bool is_negated(uint32_t at, uint32_t clause_first) const;
  [[nodiscard]] double reference(const Verdict& rival) const;
  [[nodiscard]] double comparison() const;
  [[nodiscard]] bool is_asked(uint32_t at) const;

  std::shared_ptr<const PhraseBook> phrases_;
  std::shared_ptr<const Lexicon> emoji_ = Lexicon::emoji();
  Vader vader_;
  PostTokens tokens_;
  Brands brands_;
  ClauseReader clause_reader_;
  std::vector<PhraseMatch> found_;
  std::vector<ClauseMatch> shifted_;
  std::string side_text_;
};

}  // namespace earshot::sentiment
