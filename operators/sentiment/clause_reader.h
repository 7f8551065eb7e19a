// ClauseReader: cuts a text into clauses and tells which of them speak of the target, of another brand, or of both.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "operators/sentiment/phrase_book.h"
#include "operators/sentiment/post_tokens.h"

namespace earshot::sentiment {

// A clause like "… never does" or "… too" says no more than that its brand is unlike, or like, the other one.
enum class Ellipsis : uint8_t { kNone, kLike, kUnlike };

enum class ClauseOwner : uint8_t { kNobody, kTarget, kRival, kBoth };

struct Clause {
  uint32_t first = 0;  // tokens, end exclusive
  uint32_t end = 0;
  ClauseOwner owner = ClauseOwner::kNobody;  // whom it names or, when it names nobody, whom it goes on about
  bool names_brand = false;
  bool ends_sentence = false;
  bool has_contrast = false;  // begins with "but", "while" and the like
  Ellipsis ellipsis = Ellipsis::kNone;
  bool is_aside = false;  // names a brand in passing: "unlike Kestrix"
  bool compares = false;  // a phrase in it sets one brand against the other

  [[nodiscard]] bool speaks_of(ClauseOwner side) const { return owner == side || owner == ClauseOwner::kBoth; }
};

// Scratch of one thread.
class ClauseReader {
 public:
  // Linear in the text. Good until the next call.
  void read(const BrandedText& text, std::span<const PhraseMatch> phrases);

  [[nodiscard]] std::span<const Clause> clauses() const { return clauses_; }

 private:
  void cut(const BrandedText& text);
  void end_clause(uint32_t end, uint32_t next, bool ends_sentence);
  void split_at_joins(const BrandedText& text);
  [[nodiscard]] uint32_t join_between(const BrandedText& text, uint32_t first, uint32_t begin, uint32_t end) const;
  void name_owners(const BrandedText& text);
  void pass_on_owners(const BrandedText& text);
  void mark_ellipses(const BrandedText& text);

  std::vector<Clause> clauses_;
  std::vector<Clause> split_;
  uint32_t clause_begin_ = 0;
};

}  // namespace earshot::sentiment
