// Matcher: which listeners a post matches, and where. Scratch of one thread over a shared RuleSet.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/normalised_text.h"
#include "operators/match/finder_trial.h"
#include "operators/match/further_texts.h"
#include "operators/match/nearness.h"
#include "operators/match/occurrence.h"
#include "operators/match/rule_set.h"
#include "operators/match/word_keys.h"
#include "schemas/mention.h"
#include "schemas/post.h"

namespace earshot::match {

struct ListenerMatch {
  uint32_t listener = 0;                   // index into the listener set
  std::span<const ClauseMatch> clauses;    // distinct, by place in the post's text; empty when only fields decided
  std::span<const std::string_view> tags;  // of the parts that hold, each once; views into the listener set
  int64_t weight = 0;                      // of those parts, added up
};

// Knows how a post feels. It is asked at most once for a post, and only when the rest of some rule holds.
class SentimentSource {
 public:
  virtual ~SentimentSource() = default;
  virtual SentimentLabel label(const Post& post) = 0;
};

// Knows the language (BCP 47) of a post that comes without one. It is asked at most once for a post, and only when some
// rule's answer hangs on it.
class LanguageSource {
 public:
  virtual ~LanguageSource() = default;
  virtual std::string_view language(const Post& post) = 0;
};

class Matcher {
 public:
  explicit Matcher(std::shared_ptr<const RuleSet> rules) : Matcher(std::move(rules), word_kernels().back()) {}

  // The same with a certain kernel for words, to hold all kernels to the same result.
  Matcher(std::shared_ptr<const RuleSet> rules, const WordKernel& kernel);

  // The listeners that match, in the order of the set. Good until the next call; offsets are bytes of post.text.
  // Without a source of sentiment no condition on it holds; without one of languages a post has none but its own.
  std::span<const ListenerMatch> match(const Post& post, SentimentSource* sentiment = nullptr,
                                       LanguageSource* language = nullptr);

  // The text of the last post, for the operators that follow.
  [[nodiscard]] NormalisedText& normalised() { return normalised_; }

  [[nodiscard]] const RuleSet& rules() const { return *rules_; }

  // How phrases are found; kAuto while that is being tried.
  [[nodiscard]] PhraseFinder finder() const { return trial_.finder(); }

 private:
  // What the last post says about a phrase; of an older post unless the epoch is the current one.
  struct PhraseState {
    static constexpr uint32_t kAbsent = 0xFFFFFFFFU;
    uint32_t epoch = 0;
    uint32_t end = kAbsent;  // of its first occurrence
  };
  // A clause of a listener that matched, or kTestsRule for a listener without any.
  struct Found {
    uint32_t listener;
    uint32_t begin;  // in the post's text
    uint32_t end;
    uint32_t clause;
  };
  // A part with tags or a weight, of a listener that matched.
  struct FoundMark {
    uint32_t listener;
    const RuleMark* mark;
  };

  static int on_literal(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void* context);
  static int on_pattern(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void* context);

  void scan_literals();
  void scan_index();
  void add_occurrence(uint32_t phrase, uint32_t end);
  void begin_post(const Post& post);
  void read_columns(const Post& post);
  const std::vector<uint32_t>& languages();
  void note(const Occurrence& occurrence);
  void visit_phrases();
  void visit_uses(Term term);
  void visit_use(const TermUse& use, uint32_t phrase);
  void test_rule(uint32_t listener);
  [[nodiscard]] bool run(uint32_t entry);
  [[nodiscard]] bool holds(Term term);
  [[nodiscard]] bool holds(const Condition& condition);
  [[nodiscard]] bool holds(const TermGroup& group) const;
  [[nodiscard]] bool holds(const Nearness& nearness, bool is_split);
  [[nodiscard]] bool occurs(uint32_t phrase);
  void find_word_spans(uint32_t phrase, bool is_split, std::vector<WordSpan>& spans);
  [[nodiscard]] uint32_t begin_of(const NormalisedText& text, uint32_t phrase, uint32_t end) const;
  [[nodiscard]] ByteRange place_of(uint32_t phrase, uint32_t end) const;
  void add_found(uint32_t listener, uint32_t clause, uint32_t phrase);
  void report_marks();
  std::span<const ListenerMatch> report();

  std::shared_ptr<const RuleSet> rules_;
  FinderTrial trial_;
  LiteralScanner::Scratch scratch_;
  LiteralScanner::Scratch pattern_scratch_;
  NormalisedText normalised_;
  std::unique_ptr<FurtherTexts> further_;  // null when the rules ask for the text as most do and no more
  WordKeys words_;
  bool has_words_ = false;  // words_ are those of the last post
  uint32_t epoch_ = 0;      // one for each post, so that nothing has to be cleared
  std::vector<Occurrence> occurrences_;
  std::vector<uint32_t> phrases_;          // distinct phrases of the post
  std::vector<PhraseState> phrase_state_;  // by phrase
  std::vector<uint32_t> tested_in_epoch_;  // by listener
  std::vector<uint32_t> authors_;          // ids that the post's handle and author id have
  std::vector<uint32_t> languages_;        // ids of its language tag and of that tag's prefixes, once asked for
  bool has_languages_ = false;             // languages_ are those of the last post
  std::vector<uint32_t> conditions_;       // triggering ones that hold
  const Post* post_ = nullptr;             // during match()
  SentimentSource* sentiment_ = nullptr;   // the same
  LanguageSource* language_ = nullptr;     // the same
  std::optional<SentimentLabel> label_;    // of the post, once asked for
  std::string lowered_;
  std::vector<WordSpan> first_spans_;
  std::vector<WordSpan> second_spans_;
  std::vector<WantedWord> wanted_words_;
  std::vector<Found> found_;
  std::vector<ClauseMatch> clauses_;
  std::vector<ListenerMatch> matches_;
  std::vector<FoundMark> found_marks_;
  std::vector<std::string_view> tags_;
};

}  // namespace earshot::match
