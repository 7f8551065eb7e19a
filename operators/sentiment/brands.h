// Brands: where a text names the brand that was asked about, and where it names others, by the look of the words.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "operators/sentiment/english_words.h"
#include "operators/sentiment/phrase_book.h"
#include "operators/sentiment/post_tokens.h"
#include "operators/sentiment/vader.h"
#include "schemas/mention.h"

namespace earshot::sentiment {

// Scratch of one thread.
class Brands {
 public:
  Brands(std::shared_ptr<const EnglishWords> words, std::shared_ptr<const VaderModel> vader)
      : words_(std::move(words)), vader_(std::move(vader)) {}

  // Finds the target at `matches` (bytes of the text that `tokens` has) and wherever its words come again. Another
  // brand is a name with "@", or a word that is no English one and is written as the target is. Good until the next
  // call.
  void find(const PostTokens& tokens, std::span<const ClauseMatch> matches);

  [[nodiscard]] std::span<const BrandMention> mentions() const { return mentions_; }
  [[nodiscard]] std::span<const uint32_t> mention_at_token() const { return mention_at_token_; }
  [[nodiscard]] bool has_target() const { return has_target_; }
  [[nodiscard]] bool has_rival() const { return has_rival_; }

 private:
  enum class Side : uint8_t { kNone, kTarget, kRival };

  void mark_matches(const PostTokens& tokens, std::span<const ClauseMatch> matches);
  void mark_repeats(const PostTokens& tokens);
  void mark_rivals(const PostTokens& tokens);
  void gather(const PostTokens& tokens);
  [[nodiscard]] bool is_rated(std::string_view word) const;
  [[nodiscard]] bool looks_like_brand(const PostTokens& tokens, const PostToken& token) const;

  std::shared_ptr<const EnglishWords> words_;
  std::shared_ptr<const VaderModel> vader_;
  std::vector<Side> sides_;  // by token
  std::vector<BrandMention> mentions_;
  std::vector<uint32_t> mention_at_token_;
  std::vector<std::string_view> target_words_;
  bool target_is_small_ = false;  // the author writes the target without a capital letter
  bool has_target_ = false;
  bool has_rival_ = false;
};

}  // namespace earshot::sentiment
