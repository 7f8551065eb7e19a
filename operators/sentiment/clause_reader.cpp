#include "operators/sentiment/clause_reader.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace earshot::sentiment {
namespace {

using Kind = PostToken::Kind;

template <size_t kCount>
bool is_among(const std::array<std::string_view, kCount>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

constexpr std::array<std::string_view, 11> kContrasts = {"but",    "while",   "whereas",   "though", "although", "yet",
                                                         "whilst", "however", "meanwhile", "unlike", "except"};
constexpr std::array<std::string_view, 17> kJoins = {"and",   "so",   "because", "cos",   "until", "till",
                                                     "when",  "as",   "after",   "since", "which", "who",
                                                     "where", "then", "if",      "or",    "that"};
// What a clause may say and still leave its meaning to the clause beside it.
constexpr std::array<std::string_view, 49> kEmptyWords = {
    "does",   "did",    "do",      "is",      "was",    "are",     "were",   "has",      "have",   "had",
    "would",  "will",   "can",     "could",   "never",  "always",  "not",    "doesn't",  "didn't", "don't",
    "isn't",  "wasn't", "aren't",  "weren't", "hasn't", "haven't", "hadn't", "wouldn't", "won't",  "can't",
    "cannot", "too",    "neither", "nor",     "so",     "also",    "either", "though",   "while",  "whereas",
    "but",    "and",    "the",     "same",    "on",     "other",   "hand",   "however",  "ones"};
// "Velora, unlike Kestrix, never …" goes on about Velora.
constexpr std::array<std::string_view, 3> kAsides = {"unlike", "compared", "next"};
constexpr std::array<std::string_view, 6> kSameness = {"too", "neither", "nor", "also", "same", "so"};

bool ends_sentence(const PostToken& token) {
  return token.kind == Kind::kMark &&
         (token.mark == '.' || token.mark == '!' || token.mark == '?' || token.mark == ';' || token.mark == '\n');
}

bool ends_clause(std::span<const PostToken> tokens, uint32_t at) {
  const PostToken& token = tokens[at];
  if (token.kind != Kind::kMark) return false;
  switch (token.mark) {
    case ',':
    case ':':
    case '(':
    case ')':
    case '"':
    case '|':
      return true;
    case '-':  // between words, not within one
      return at == 0 || tokens[at - 1].end != token.begin ||
             (at + 1 < tokens.size() && tokens[at + 1].begin != token.end);
    case '/':
      return at + 1 < tokens.size() && tokens[at + 1].kind == Kind::kMark && tokens[at + 1].mark == '/';
    default:
      return false;
  }
}

}  // namespace

void ClauseReader::read(const BrandedText& text, std::span<const PhraseMatch> phrases) {
  cut(text);
  split_at_joins(text);
  for (const PhraseMatch& phrase : phrases) {
    if (!phrase.compares()) continue;
    const auto after = std::ranges::upper_bound(clauses_, phrase.first, {}, &Clause::first);
    for (auto clause = after == clauses_.begin() ? after : after - 1; clause != clauses_.end(); ++clause) {
      if (clause->first >= phrase.end) break;
      clause->compares = true;
    }
  }
  name_owners(text);
  pass_on_owners(text);
  mark_ellipses(text);
}

void ClauseReader::end_clause(uint32_t end, uint32_t next, bool ends_sentence) {
  if (end > clause_begin_) {
    Clause& clause = clauses_.emplace_back();
    clause.first = clause_begin_;
    clause.end = end;
    clause.ends_sentence = ends_sentence;
  } else if (ends_sentence && !clauses_.empty()) {
    clauses_.back().ends_sentence = true;
  }
  clause_begin_ = next;
}

void ClauseReader::cut(const BrandedText& text) {
  const auto tokens = text.tokens.tokens();
  const auto size = static_cast<uint32_t>(tokens.size());
  clauses_.clear();
  clause_begin_ = 0;
  // "👍 Velora 👎 Kestrix": an emoji belongs to what follows when the text begins with one and does not end with one.
  const bool emoji_lead = size > 0 && tokens[0].kind == Kind::kEmoji && tokens[size - 1].kind != Kind::kEmoji;
  for (uint32_t at = 0; at < size; ++at) {
    const PostToken& token = tokens[at];
    if (ends_sentence(token)) {
      end_clause(at, at + 1, true);
    } else if (ends_clause(tokens, at)) {
      end_clause(at, at + 1, false);
    } else if (token.kind == Kind::kWord && is_among(kContrasts, text.tokens.word(token))) {
      end_clause(at, at, false);
    } else if (emoji_lead && token.kind == Kind::kEmoji && at > 0 && tokens[at - 1].kind == Kind::kWord) {
      end_clause(at, at, true);
    } else if (!emoji_lead && token.kind == Kind::kWord && at > 0 && tokens[at - 1].kind == Kind::kEmoji) {
      end_clause(at, at, true);
    }
  }
  end_clause(size, size, true);
}

// Where the clause of a second brand begins: at the last joining word between the two, when something is said before
// it.
uint32_t ClauseReader::join_between(const BrandedText& text, uint32_t first, uint32_t begin, uint32_t end) const {
  const auto tokens = text.tokens.tokens();
  uint32_t said = 0;
  for (uint32_t at = first; at < begin; ++at) said += tokens[at].kind != Kind::kMark ? 1 : 0;
  uint32_t join = end;
  for (uint32_t at = begin + 1; at < end; ++at) {
    const bool joins = tokens[at].kind == Kind::kWord && is_among(kJoins, text.tokens.word(tokens[at]));
    if (joins && said > 0) join = at;
    if (!joins) ++said;
  }
  return join;
}

void ClauseReader::split_at_joins(const BrandedText& text) {
  split_.clear();
  size_t mention = 0;
  for (Clause clause : clauses_) {
    const BrandMention* before = nullptr;
    for (; mention < text.mentions.size() && text.mentions[mention].first < clause.end; ++mention) {
      const BrandMention& named = text.mentions[mention];
      if (before != nullptr && before->is_target != named.is_target) {
        const uint32_t join = join_between(text, clause.first, before->last, named.first);
        if (join != named.first) {
          Clause head = clause;
          head.end = join;
          head.ends_sentence = false;
          split_.push_back(head);
          clause.first = join;
        }
      }
      before = &named;
    }
    split_.push_back(clause);
  }
  clauses_.swap(split_);
}

void ClauseReader::name_owners(const BrandedText& text) {
  size_t mention = 0;
  for (Clause& clause : clauses_) {
    bool has_target = false;
    bool has_rival = false;
    for (; mention < text.mentions.size() && text.mentions[mention].first < clause.end; ++mention) {
      (text.mentions[mention].is_target ? has_target : has_rival) = true;
    }
    clause.names_brand = has_target || has_rival;
    if (clause.names_brand) {
      clause.owner = !has_rival ? ClauseOwner::kTarget : has_target ? ClauseOwner::kBoth : ClauseOwner::kRival;
    }
    const PostToken& first = text.tokens.tokens()[clause.first];
    clause.has_contrast = first.kind == Kind::kWord && is_among(kContrasts, text.tokens.word(first));
    clause.is_aside = first.kind == Kind::kWord && is_among(kAsides, text.tokens.word(first));
  }
}

// A clause that names nobody goes on about the last brand named; one before the first name is about that.
void ClauseReader::pass_on_owners(const BrandedText& text) {
  ClauseOwner owner = ClauseOwner::kNobody;
  size_t mention = 0;
  for (Clause& clause : clauses_) {
    while (mention < text.mentions.size() && text.mentions[mention].first < clause.end) ++mention;
    if (clause.owner == ClauseOwner::kNobody) {
      clause.owner = owner;
      continue;
    }
    if (clause.is_aside && owner != ClauseOwner::kNobody) continue;
    owner = clause.owner;
    if (owner == ClauseOwner::kBoth && clause.compares) {
      owner = text.mentions[mention - 1].is_target ? ClauseOwner::kTarget : ClauseOwner::kRival;
    }
  }
  const auto named = std::ranges::find_if(clauses_, [](const Clause& clause) { return clause.names_brand; });
  if (named == clauses_.end()) return;
  for (auto clause = clauses_.begin(); clause != named; ++clause) clause->owner = named->owner;
}

void ClauseReader::mark_ellipses(const BrandedText& text) {
  const auto tokens = text.tokens.tokens();
  for (Clause& clause : clauses_) {
    if (!clause.names_brand || clause.owner == ClauseOwner::kBoth) continue;
    size_t said = 0;
    bool is_elliptic = true;
    bool is_same = false;
    for (uint32_t at = clause.first; at < clause.end && is_elliptic; ++at) {
      if (tokens[at].kind == Kind::kMark) continue;
      if (const uint32_t mention = text.mention_at_token[at]; mention != PhraseMatch::kNoMention) {
        at = text.mentions[mention].last;
        continue;
      }
      ++said;
      const std::string_view word = text.tokens.word(tokens[at]);
      is_elliptic = tokens[at].kind == Kind::kWord && is_among(kEmptyWords, word);
      is_same |= is_among(kSameness, word);
    }
    if (is_elliptic && said > 0) clause.ellipsis = is_same ? Ellipsis::kLike : Ellipsis::kUnlike;
  }
}

}  // namespace earshot::sentiment
