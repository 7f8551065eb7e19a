#include "operators/match/matcher.h"

#include <algorithm>
#include <tuple>

namespace earshot::match {
namespace {

// A substring may end within what one character folds to.
ByteRange whole_characters(ByteRange range, std::string_view text) {
  const auto is_tail = [&](uint32_t at) { return at < text.size() && (text[at] & 0xC0) == 0x80; };
  while (range.begin > 0 && is_tail(range.begin)) --range.begin;
  while (is_tail(range.end)) ++range.end;
  return range;
}

}  // namespace

Matcher::Matcher(std::shared_ptr<const RuleSet> rules, const WordKernel& kernel)
    : rules_(std::move(rules)),
      trial_(rules_->finder()),
      scratch_(rules_->scanner().make_scratch()),
      pattern_scratch_(rules_->main_plane().pattern_scanner.make_scratch()),
      further_(rules_->reads_further() ? std::make_unique<FurtherTexts>(*rules_) : nullptr),
      words_(kernel),
      phrase_state_(rules_->phrase_count()),
      tested_in_epoch_(rules_->listeners()->listeners.size()) {}

std::span<const ListenerMatch> Matcher::match(const Post& post, SentimentSource* sentiment, LanguageSource* language) {
  sentiment_ = sentiment;
  language_ = language;
  begin_post(post);
  rules_->normaliser().normalise(post.text, normalised_);
  trial_.run([this] { scan_literals(); }, [this] { scan_index(); });
  rules_->main_plane().pattern_scanner.scan(normalised_.text(), pattern_scratch_, &Matcher::on_pattern, this);
  if (further_) further_->scan(post, normalised_, occurrences_);
  if (occurrences_.empty() && authors_.empty() && languages_.empty() && conditions_.empty()) return {};
  visit_phrases();
  for (const uint32_t author : authors_) visit_uses({TermKind::kFrom, author});
  for (const uint32_t id : languages_) visit_uses({TermKind::kLang, id});
  for (const uint32_t condition : conditions_) visit_uses({TermKind::kCondition, condition});
  return report();
}

void Matcher::scan_literals() {
  occurrences_.clear();
  has_words_ = false;
  rules_->scanner().scan(normalised_.text(), scratch_, &Matcher::on_literal, this);
}

void Matcher::scan_index() {
  occurrences_.clear();
  words_.read(normalised_.text());
  has_words_ = true;
  rules_->index().scan(words_, [this](uint32_t phrase, uint32_t end) { add_occurrence(phrase, end); });
}

int Matcher::on_literal(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
  static_cast<Matcher*>(context)->add_occurrence(id, static_cast<uint32_t>(to));
  return 0;
}

int Matcher::on_pattern(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
  auto& matcher = *static_cast<Matcher*>(context);
  const TextPlane& plane = matcher.rules_->main_plane();
  const uint32_t phrase = plane.first_pattern + id;
  matcher.add_occurrence(phrase, static_cast<uint32_t>(to) + (phrase >= plane.first_substring ? 1 : 0));
  return 0;
}

void Matcher::add_occurrence(uint32_t phrase, uint32_t end) {
  // The rest of the scan hides the time these take to arrive.
  __builtin_prefetch(&phrase_state_[phrase], 1);
  __builtin_prefetch(&rules_->phrase(phrase));
  occurrences_.push_back({phrase, end - 1});
}

void Matcher::begin_post(const Post& post) {
  if (++epoch_ == 0) {
    std::fill(phrase_state_.begin(), phrase_state_.end(), PhraseState{});
    std::fill(tested_in_epoch_.begin(), tested_in_epoch_.end(), 0);
    epoch_ = 1;
  }
  found_marks_.clear();
  post_ = &post;
  label_.reset();
  read_columns(post);
}

void Matcher::read_columns(const Post& post) {
  conditions_.clear();
  for (const uint32_t condition : rules_->triggering_conditions()) {
    if (match::holds(rules_->condition(condition), post)) conditions_.push_back(condition);
  }
  for (const Condition::Column column : rules_->triggering_columns()) {
    read_value(column, post, lowered_);
    if (const auto condition = rules_->triggering_condition(column, lowered_)) conditions_.push_back(*condition);
  }
  if (rules_->names_authors()) {
    authors_.clear();
    for (std::string_view name : {post.author_handle, post.author_id}) {
      if (name.starts_with('@')) name.remove_prefix(1);
      lowered_.clear();
      append_lowered(lowered_, name);
      const auto author = rules_->author(lowered_);
      if (author && std::find(authors_.begin(), authors_.end(), *author) == authors_.end()) authors_.push_back(*author);
    }
  }
  // A rule that has more to wait for asks once the rest of it holds: to detect a language costs more than all of this.
  has_languages_ = false;
  languages_.clear();
  if (rules_->waits_for_languages()) languages();
}

const std::vector<uint32_t>& Matcher::languages() {
  if (has_languages_) return languages_;
  has_languages_ = true;
  const bool is_asked = post_->lang.empty() && language_ != nullptr;
  const std::string_view lang = is_asked ? language_->language(*post_) : post_->lang;
  lowered_.clear();
  append_lowered(lowered_, lang.substr(0, 64));
  // A tag also belongs to each language it refines: pt-BR to pt.
  for (std::string_view tag = lowered_; !tag.empty();) {
    if (const auto known = rules_->language(tag)) languages_.push_back(*known);
    const size_t hyphen = tag.rfind('-');
    tag = hyphen == std::string_view::npos ? std::string_view() : tag.substr(0, hyphen);
  }
  return languages_;
}

void Matcher::note(const Occurrence& occurrence) {
  PhraseState& state = phrase_state_[occurrence.phrase];
  if (state.epoch != epoch_) {
    state = {epoch_, occurrence.end};
    phrases_.push_back(occurrence.phrase);
  } else {
    state.end = std::min(state.end, occurrence.end);
  }
}

void Matcher::visit_phrases() {
  phrases_.clear();
  found_.clear();
  for (const Occurrence& occurrence : occurrences_) note(occurrence);
  // What is looked at late, and then added, is nothing that a rule waits for.
  const size_t count = phrases_.size();
  for (size_t i = 0; i < count; ++i) {
    const uint32_t phrase = phrases_[i];
    const PhraseEntry& entry = rules_->phrase(phrase);
    if (entry.first_use.listener < TermUse::kOthersWait) visit_use(entry.first_use, phrase);
    if (entry.further_uses > 0) visit_uses({TermKind::kPhrase, phrase});
  }
}

void Matcher::visit_uses(Term term) {
  for (const TermUse& use : rules_->uses(term)) visit_use(use, term.id);
}

void Matcher::visit_use(const TermUse& use, uint32_t phrase) {
  if (use.clause == TermUse::kHoldsWithoutClause) {
    found_.push_back({use.listener, 0, 0, TermUse::kTestsRule});
  } else if (use.clause != TermUse::kTestsRule) {
    add_found(use.listener, use.clause, phrase);
  } else if (tested_in_epoch_[use.listener] != epoch_) {
    tested_in_epoch_[use.listener] = epoch_;
    test_rule(use.listener);
  }
}

bool Matcher::run(uint32_t entry) {
  uint32_t at = entry;
  while (at < kAccept) {
    const Instruction& instruction = rules_->instruction(at);
    at = holds(instruction.term) ? instruction.on_true : instruction.on_false;
  }
  return at == kAccept;
}

void Matcher::test_rule(uint32_t listener) {
  const Rule& rule = rules_->rule(listener);
  if (!run(rule.entry)) return;
  const size_t found_before = found_.size();
  for (uint32_t clause = rule.first_clause; clause < rule.first_clause + rule.clause_count; ++clause) {
    const uint32_t phrase = rules_->clause(clause).phrase;
    if (occurs(phrase)) add_found(listener, clause, phrase);
  }
  if (found_.size() == found_before) found_.push_back({listener, 0, 0, TermUse::kTestsRule});
  for (const RuleMark& mark : rules_->marks(rule)) {
    if (run(mark.entry)) found_marks_.push_back({listener, &mark});
  }
}

bool Matcher::holds(Term term) {
  switch (term.kind) {
    case TermKind::kPhrase:
      return occurs(term.id);
    case TermKind::kFrom:
      return std::find(authors_.begin(), authors_.end(), term.id) != authors_.end();
    case TermKind::kLang: {
      const std::vector<uint32_t>& known = languages();
      return std::ranges::find(known, term.id) != known.end();
    }
    case TermKind::kCondition:
      return holds(rules_->condition(term.id));
    case TermKind::kNearness: {
      const Nearness& nearness = rules_->nearness(term.id);
      return holds(nearness, false) ||
             (further_ && further_->has_split_text(nearness.phrases.front()) && holds(nearness, true));
    }
    case TermKind::kAnyOf:
      return holds(rules_->group(term.id));
  }
  return false;
}

bool Matcher::holds(const Condition& condition) {
  if (condition.column != Condition::Column::kSentiment) return match::holds(condition, *post_);
  if (sentiment_ == nullptr) return false;
  if (!label_) label_ = sentiment_->label(*post_);
  return static_cast<uint8_t>(*label_) == condition.choice;
}

bool Matcher::holds(const TermGroup& group) const {
  const std::vector<uint32_t>& ids = group.ids;
  const auto is_member = [&](uint32_t id) { return std::binary_search(ids.begin(), ids.end(), id); };
  if (group.kind == TermKind::kFrom) return std::any_of(authors_.begin(), authors_.end(), is_member);
  if (ids.size() > phrases_.size()) return std::any_of(phrases_.begin(), phrases_.end(), is_member);
  return std::any_of(ids.begin(), ids.end(), [this](uint32_t id) {
    return phrase_state_[id].epoch == epoch_ && phrase_state_[id].end != PhraseState::kAbsent;
  });
}

// Those that rules wait for were found by the scan; others are looked up once.
bool Matcher::occurs(uint32_t phrase) {
  PhraseState& state = phrase_state_[phrase];
  if (state.epoch == epoch_) return state.end != PhraseState::kAbsent;
  if (phrase >= rules_->first_late()) {
    const size_t known = occurrences_.size();
    further_->scan_late(phrase, *post_, occurrences_);
    for (size_t i = known; i < occurrences_.size(); ++i) note(occurrences_[i]);
    return state.epoch == epoch_;
  }
  state = {epoch_, PhraseState::kAbsent};
  if (rules_->phrase(phrase).first_use.listener != TermUse::kNoListener) return false;
  if (!has_words_) words_.read(normalised_.text());
  has_words_ = true;
  rules_->lookup().find(phrase, words_, [&](uint32_t end) {
    occurrences_.push_back({phrase, end - 1});
    state.end = std::min(state.end, end - 1);
  });
  return state.end != PhraseState::kAbsent;
}

// Every occurrence of a phrase that occurs, in the order of the text.
void Matcher::find_word_spans(uint32_t phrase, bool is_split, std::vector<WordSpan>& spans) {
  NormalisedText* const further = further_ ? further_->text_of(phrase, is_split) : nullptr;
  NormalisedText& text = further != nullptr ? *further : normalised_;
  const std::span<const uint32_t> starts = text.word_starts();
  const auto word_at = [&](uint32_t place) {
    return static_cast<uint32_t>(std::upper_bound(starts.begin(), starts.end(), place) - starts.begin() - 1);
  };
  spans.clear();
  for (const Occurrence& occurrence : occurrences_) {
    if (occurrence.phrase != phrase || occurrence.end == kNoPlace) continue;
    if (((occurrence.end & kInSplitText) != 0) != is_split) continue;
    const uint32_t end = occurrence.end & ~kInSplitText;
    spans.push_back({word_at(begin_of(text, phrase, end)), word_at(end - 1)});
  }
  std::sort(spans.begin(), spans.end(), [](const WordSpan& a, const WordSpan& b) { return a.first < b.first; });
}

bool Matcher::holds(const Nearness& nearness, bool is_split) {
  if (nearness.kind == Nearness::Kind::kAll) {
    wanted_words_.clear();
    for (uint32_t wanted = 0; wanted < nearness.phrases.size(); ++wanted) {
      find_word_spans(nearness.phrases[wanted], is_split, first_spans_);
      for (const WordSpan& span : first_spans_) wanted_words_.push_back({wanted, span.first});
    }
    std::sort(wanted_words_.begin(), wanted_words_.end(),
              [](const WantedWord& a, const WantedWord& b) { return a.at < b.at; });
    return has_all_within(wanted_words_, nearness.counts, nearness.words_between_max);
  }
  find_word_spans(nearness.phrases[0], is_split, first_spans_);
  find_word_spans(nearness.phrases[1], is_split, second_spans_);
  return is_followed_within(first_spans_, second_spans_, nearness.words_between_max) ||
         (nearness.kind == Nearness::Kind::kEitherOrder &&
          is_followed_within(second_spans_, first_spans_, nearness.words_between_max));
}

void Matcher::add_found(uint32_t listener, uint32_t clause, uint32_t phrase) {
  const uint32_t end = phrase_state_[phrase].end;
  if (end == kNoPlace) {
    found_.push_back({listener, 0, 0, TermUse::kTestsRule});
    return;
  }
  const ByteRange place = place_of(phrase, end);
  found_.push_back({listener, place.begin, place.end, clause});
}

// The bytes of the post's text from an occurrence that ends there in its plane's text.
ByteRange Matcher::place_of(uint32_t phrase, uint32_t end) const {
  if (phrase < rules_->main_plane().end_phrase) {
    const ByteRange range = normalised_.original_range(begin_of(normalised_, phrase, end), end);
    return phrase < rules_->main_plane().first_substring ? range : whole_characters(range, post_->text);
  }
  if (further_->is_regex(phrase)) return further_->place_of_regex(phrase);
  const bool is_split = (end & kInSplitText) != 0;
  end &= ~kInSplitText;
  NormalisedText* const text = further_->text_of(phrase, is_split);
  if (text == nullptr) return normalised_.original_range(begin_of(normalised_, phrase, end), end);
  const ByteRange words{begin_of(*text, phrase, end), end};
  return whole_characters(further_->original(phrase, is_split, words, post_->text), post_->text);
}

// Where an occurrence begins that ends there. A phrase's form has a space at either end; `end` is before the last one.
uint32_t Matcher::begin_of(const NormalisedText& text, uint32_t phrase, uint32_t end) const {
  const uint32_t bytes = rules_->phrase(phrase).bytes;
  if (bytes > 0) return end + 2 - bytes;
  return static_cast<uint32_t>(text.text().rfind(' ', end - 1) + 1);
}

std::span<const ListenerMatch> Matcher::report() {
  if (found_.size() > 1) {
    std::sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) {
      return std::tie(a.listener, a.begin, a.end, a.clause) < std::tie(b.listener, b.begin, b.end, b.clause);
    });
  }
  clauses_.clear();
  matches_.clear();
  clauses_.reserve(found_.size());  // the spans below must not move
  for (size_t i = 0; i < found_.size();) {
    const uint32_t listener = found_[i].listener;
    const size_t first = clauses_.size();
    for (; i < found_.size() && found_[i].listener == listener; ++i) {
      if (found_[i].clause == TermUse::kTestsRule) continue;
      clauses_.push_back({rules_->clause(found_[i].clause).text, found_[i].begin, found_[i].end});
    }
    matches_.push_back({listener, std::span<const ClauseMatch>(clauses_).subspan(first), {}, 0});
  }
  if (!found_marks_.empty()) report_marks();
  return matches_;
}

void Matcher::report_marks() {
  std::stable_sort(found_marks_.begin(), found_marks_.end(),
                   [](const FoundMark& a, const FoundMark& b) { return a.listener < b.listener; });
  size_t tags_max = 0;
  for (const FoundMark& found : found_marks_) tags_max += found.mark->tag_count;
  tags_.clear();
  tags_.reserve(tags_max);  // the spans below must not move
  auto found = found_marks_.begin();
  for (ListenerMatch& match : matches_) {
    const size_t first = tags_.size();
    for (; found != found_marks_.end() && found->listener == match.listener; ++found) {
      match.weight += found->mark->weight;
      for (const std::string_view tag : rules_->tags(*found->mark)) {
        if (std::find(tags_.begin() + static_cast<std::ptrdiff_t>(first), tags_.end(), tag) == tags_.end()) {
          tags_.push_back(tag);
        }
      }
    }
    match.tags = std::span<const std::string_view>(tags_).subspan(first);
  }
}

}  // namespace earshot::match
