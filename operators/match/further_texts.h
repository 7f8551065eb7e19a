// FurtherTexts: what a post says beyond its text as most rules read it: without accents, with hashtags split, its other
// fields, and what regexes and terms as written ask of the bytes. Scratch of one thread over a shared RuleSet.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/text/normalised_text.h"
#include "operators/match/hashtag_text.h"
#include "operators/match/occurrence.h"
#include "operators/match/rule_set.h"
#include "schemas/post.h"

namespace earshot::match {

class FurtherTexts {
 public:
  explicit FurtherTexts(const RuleSet& rules);

  // Appends what some rule waits for. `found` has what the main plane has, `main` is its text of this post.
  void scan(const Post& post, const NormalisedText& main, std::vector<Occurrence>& found);

  // Appends what is in the plane of `phrase`, or of all regexes, unless that is done. Precondition: it is late.
  void scan_late(uint32_t phrase, const Post& post, std::vector<Occurrence>& found);

  // The text that an occurrence of a phrase is in; null for the main plane's.
  NormalisedText* text_of(uint32_t phrase, bool is_split);
  [[nodiscard]] bool has_split_text(uint32_t phrase) const;

  // The bytes of `text`, the post's, from words of text_of(); with marks behind them that folding took away.
  [[nodiscard]] ByteRange original(uint32_t phrase, bool is_split, ByteRange words, std::string_view text) const;
  [[nodiscard]] bool is_regex(uint32_t phrase) const { return phrase >= rules_.first_regex(); }
  [[nodiscard]] ByteRange place_of_regex(uint32_t phrase) const {
    return regex_places_[phrase - rules_.first_regex()].range;
  }

 private:
  struct PlaneText {
    const TextPlane* plane = nullptr;
    FinderTrial trial;
    LiteralScanner::Scratch scratch;
    LiteralScanner::Scratch pattern_scratch;
    NormalisedText text;
    HashtagText split;
    NormalisedText split_text;
    bool has_split_text = false;  // of this post
    uint64_t read_for = 0;        // post that it was read for last
    WordKeys words;
  };
  struct RegexPlace {
    uint64_t post = 0;
    ByteRange range;
  };
  // Who gets what is found, while a scan runs.
  struct Reading {
    const TextPlane* plane;
    std::vector<Occurrence>* found;
    uint32_t sign;  // set in every end; or kNoPlace
  };

  static void add(const Reading& reading, uint32_t phrase, uint32_t end);
  static int on_phrase(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void* context);
  static int on_pattern(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void* context);
  static int on_regex(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void* context);

  static void read(PlaneText& plane, std::string_view source, NormalisedText& text, uint32_t sign,
                   std::vector<Occurrence>& found);
  void read_text(PlaneText& plane, const Post& post, std::vector<Occurrence>& found);
  void read_field(PlaneText& plane, const Post& post, std::vector<Occurrence>& found);
  void scan_regexes(const Post& post, std::vector<Occurrence>& found);
  void derive(const Post& post, const NormalisedText& main, std::vector<Occurrence>& found);
  void find_hashtags(const Post& post, std::vector<Occurrence>& found);
  [[nodiscard]] size_t plane_of(uint32_t phrase) const;

  const RuleSet& rules_;
  std::vector<PlaneText> planes_;  // the first one, the main plane's, stays empty
  LiteralScanner::Scratch regex_scratch_;
  std::vector<RegexPlace> regex_places_;
  NormalisedText hashtag_;
  std::vector<Occurrence>* regexes_found_ = nullptr;  // during scan_regexes()
  std::string_view original_;                         // the same
  uint64_t post_ = 0;                                 // counts posts
  uint64_t regexes_read_for_ = 0;
};

}  // namespace earshot::match
