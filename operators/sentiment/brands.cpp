#include "operators/sentiment/brands.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace earshot::sentiment {
namespace {

constexpr size_t kTargetWordsMax = 32;  // that are looked for again
constexpr size_t kSmallBrandLettersMin = 4;

bool has_run_of_three(std::string_view word) {
  for (size_t i = 2; i < word.size(); ++i) {
    if (word[i] == word[i - 1] && word[i] == word[i - 2]) return true;
  }
  return false;
}

bool is_all_letters(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
}

bool begins_with_letter(std::string_view word) {
  return !word.empty() && ((word[0] >= 'a' && word[0] <= 'z') || static_cast<unsigned char>(word[0]) >= 0x80);
}

}  // namespace

void Brands::find(const PostTokens& tokens, std::span<const ClauseMatch> matches) {
  sides_.assign(tokens.tokens().size(), Side::kNone);
  target_words_.clear();
  target_is_small_ = false;
  mark_matches(tokens, matches);
  mark_repeats(tokens);
  mark_rivals(tokens);
  gather(tokens);
}

void Brands::mark_matches(const PostTokens& tokens, std::span<const ClauseMatch> matches) {
  const auto all = tokens.tokens();
  for (const ClauseMatch& match : matches) {
    auto at = std::ranges::lower_bound(all, match.start + 1, {}, &PostToken::end);
    for (; at != all.end() && at->begin < match.end; ++at) {
      if (at->kind != PostToken::Kind::kWord) continue;
      sides_[static_cast<size_t>(at - all.begin())] = Side::kTarget;
      target_is_small_ |= !at->is_capital && !at->is_handle && !at->is_hashtag;
      const std::string_view word = tokens.word(*at);
      if (target_words_.size() < kTargetWordsMax && !word.empty()) target_words_.push_back(word);
    }
  }
}

void Brands::mark_repeats(const PostTokens& tokens) {
  const auto all = tokens.tokens();
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind != PostToken::Kind::kWord || sides_[i] != Side::kNone) continue;
    if (std::ranges::find(target_words_, tokens.word(all[i])) != target_words_.end()) sides_[i] = Side::kTarget;
  }
}

// True for a word of the lexicon.
bool Brands::is_rated(std::string_view word) const {
  std::array<char, WordTable::kWordBytesMax> padded{};
  if (word.size() > padded.size()) return false;
  std::memcpy(padded.data(), word.data(), word.size());
  return vader_->words().find(padded.data(), word.size()) != WordTable::kUnknown;
}

bool Brands::looks_like_brand(const PostTokens& tokens, const PostToken& token) const {
  if (token.kind != PostToken::Kind::kWord) return false;
  const std::string_view word = tokens.word(token);
  if (token.is_handle) return true;
  if (!begins_with_letter(word) || has_run_of_three(word) || is_rated(word)) return false;
  const bool stands_out = token.is_capital && !token.opens_sentence && !token.is_upper;
  if (stands_out ? words_->contains(word) : words_->contains_stem(word)) return false;
  if (token.is_hashtag) return true;
  if (token.is_capital) return !token.is_upper || word.size() > kSmallBrandLettersMin;
  return target_is_small_ && word.size() >= kSmallBrandLettersMin && is_all_letters(word);
}

void Brands::mark_rivals(const PostTokens& tokens) {
  const auto all = tokens.tokens();
  for (size_t i = 0; i < all.size(); ++i) {
    if (sides_[i] == Side::kNone && looks_like_brand(tokens, all[i])) sides_[i] = Side::kRival;
  }
}

void Brands::gather(const PostTokens& tokens) {
  const auto all = tokens.tokens();
  mentions_.clear();
  mention_at_token_.assign(all.size(), PhraseMatch::kNoMention);
  has_target_ = has_rival_ = false;
  for (uint32_t i = 0; i < all.size(); ++i) {
    if (sides_[i] == Side::kNone) continue;
    const bool is_target = sides_[i] == Side::kTarget;
    (is_target ? has_target_ : has_rival_) = true;
    const bool goes_on = !mentions_.empty() && mentions_.back().last + 1 == i &&
                         mentions_.back().is_target == is_target && !all[i].is_handle && !all[i].is_hashtag;
    if (goes_on) {
      mentions_.back().last = i;
      continue;
    }
    mention_at_token_[i] = static_cast<uint32_t>(mentions_.size());
    mentions_.push_back({i, i, is_target});
  }
}

}  // namespace earshot::sentiment
