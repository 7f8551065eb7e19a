#include "operators/match/matcher.h"

#include <algorithm>
#include <tuple>

namespace earshot::match {

Matcher::Matcher(std::shared_ptr<const RuleSet> rules, const WordKernel& kernel)
    : rules_(std::move(rules)),
      scratch_(rules_->scanner().make_scratch()),
      pattern_scratch_(rules_->pattern_scanner().make_scratch()),
      words_(kernel),
      phrase_state_(rules_->phrase_count()),
      tested_in_epoch_(rules_->listeners()->listeners.size()) {}

std::span<const ListenerMatch> Matcher::match(const Post& post) {
  begin_post(post);
  rules_->normaliser().normalise(post.text, normalised_);
  has_words_ = rules_->uses_index();
  if (has_words_) {
    words_.read(normalised_.text());
    rules_->index().scan(words_, [this](uint32_t phrase, uint32_t end) { add_occurrence(phrase, end); });
  } else {
    rules_->scanner().scan(normalised_.text(), scratch_, &Matcher::on_literal, this);
  }
  rules_->pattern_scanner().scan(normalised_.text(), pattern_scratch_, &Matcher::on_pattern, this);
  if (occurrences_.empty() && authors_.empty() && languages_.empty() && conditions_.empty()) return {};
  visit_phrases();
  for (const uint32_t author : authors_) visit_uses({TermKind::kFrom, author});
  for (const uint32_t language : languages_) visit_uses({TermKind::kLang, language});
  for (const uint32_t condition : conditions_) visit_uses({TermKind::kCondition, condition});
  return report();
}

int Matcher::on_literal(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
  static_cast<Matcher*>(context)->add_occurrence(id, static_cast<uint32_t>(to));
  return 0;
}

int Matcher::on_pattern(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
  auto& matcher = *static_cast<Matcher*>(context);
  matcher.add_occurrence(matcher.rules_->first_pattern() + id, static_cast<uint32_t>(to));
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
  occurrences_.clear();
  post_ = &post;
  read_columns(post);
}

void Matcher::read_columns(const Post& post) {
  conditions_.clear();
  for (const uint32_t condition : rules_->triggering_conditions()) {
    if (match::holds(rules_->condition(condition), post)) conditions_.push_back(condition);
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
  if (rules_->names_languages()) {
    languages_.clear();
    lowered_.clear();
    append_lowered(lowered_, post.lang.substr(0, 64));
    // A tag also belongs to each language it refines: pt-BR to pt.
    for (std::string_view tag = lowered_; !tag.empty();) {
      if (const auto language = rules_->language(tag)) languages_.push_back(*language);
      const size_t hyphen = tag.rfind('-');
      tag = hyphen == std::string_view::npos ? std::string_view() : tag.substr(0, hyphen);
    }
  }
}

void Matcher::visit_phrases() {
  phrases_.clear();
  found_.clear();
  for (const Occurrence& occurrence : occurrences_) {
    PhraseState& state = phrase_state_[occurrence.phrase];
    if (state.epoch != epoch_) {
      state = {epoch_, occurrence.end};
      phrases_.push_back(occurrence.phrase);
    } else {
      state.end = std::min(state.end, occurrence.end);
    }
  }
  for (const uint32_t phrase : phrases_) {
    const PhraseEntry& entry = rules_->phrase(phrase);
    if (entry.first_use.listener != TermUse::kNoListener) visit_use(entry.first_use, phrase);
    if (entry.further_uses > 0) visit_uses({TermKind::kPhrase, phrase});
  }
}

void Matcher::visit_uses(Term term) {
  for (const TermUse& use : rules_->uses(term)) visit_use(use, term.id);
}

void Matcher::visit_use(const TermUse& use, uint32_t phrase) {
  if (use.clause != TermUse::kTestsRule) {
    add_found(use.listener, use.clause, phrase);
  } else if (tested_in_epoch_[use.listener] != epoch_) {
    tested_in_epoch_[use.listener] = epoch_;
    test_rule(use.listener);
  }
}

void Matcher::test_rule(uint32_t listener) {
  const Rule& rule = rules_->rule(listener);
  uint32_t at = rule.entry;
  while (at < kAccept) {
    const Instruction& instruction = rules_->instruction(at);
    at = holds(instruction.term) ? instruction.on_true : instruction.on_false;
  }
  if (at == kReject) return;
  const size_t found_before = found_.size();
  for (uint32_t clause = rule.first_clause; clause < rule.first_clause + rule.clause_count; ++clause) {
    const uint32_t phrase = rules_->clause(clause).phrase;
    if (occurs(phrase)) add_found(listener, clause, phrase);
  }
  if (found_.size() == found_before) found_.push_back({listener, 0, 0, TermUse::kTestsRule});
}

// Those that rules wait for were found by the scan; others are looked up once.
bool Matcher::occurs(uint32_t phrase) {
  PhraseState& state = phrase_state_[phrase];
  if (state.epoch == epoch_) return state.end != PhraseState::kAbsent;
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

bool Matcher::holds(Term term) {
  switch (term.kind) {
    case TermKind::kPhrase:
      return occurs(term.id);
    case TermKind::kFrom:
      return std::find(authors_.begin(), authors_.end(), term.id) != authors_.end();
    case TermKind::kLang:
      return std::find(languages_.begin(), languages_.end(), term.id) != languages_.end();
    case TermKind::kCondition:
      return match::holds(rules_->condition(term.id), *post_);
    case TermKind::kNearness:
      return holds(rules_->nearness(term.id));
  }
  return false;
}

// Every occurrence of a phrase that occurs, in the order of the text.
void Matcher::find_word_spans(uint32_t phrase, std::vector<WordSpan>& spans) {
  const std::span<const uint32_t> starts = normalised_.word_starts();
  const auto word_at = [&](uint32_t place) {
    return static_cast<uint32_t>(std::upper_bound(starts.begin(), starts.end(), place) - starts.begin() - 1);
  };
  spans.clear();
  for (const Occurrence& occurrence : occurrences_) {
    if (occurrence.phrase != phrase) continue;
    spans.push_back({word_at(begin_of(phrase, occurrence.end)), word_at(occurrence.end - 1)});
  }
  std::sort(spans.begin(), spans.end(), [](const WordSpan& a, const WordSpan& b) { return a.first < b.first; });
}

bool Matcher::holds(const Nearness& nearness) {
  if (nearness.kind == Nearness::Kind::kAll) {
    wanted_words_.clear();
    for (uint32_t wanted = 0; wanted < nearness.phrases.size(); ++wanted) {
      find_word_spans(nearness.phrases[wanted], first_spans_);
      for (const WordSpan& span : first_spans_) wanted_words_.push_back({wanted, span.first});
    }
    std::sort(wanted_words_.begin(), wanted_words_.end(),
              [](const WantedWord& a, const WantedWord& b) { return a.at < b.at; });
    return has_all_within(wanted_words_, nearness.counts, nearness.words_between_max);
  }
  find_word_spans(nearness.phrases[0], first_spans_);
  find_word_spans(nearness.phrases[1], second_spans_);
  return is_followed_within(first_spans_, second_spans_, nearness.words_between_max) ||
         (nearness.kind == Nearness::Kind::kEitherOrder &&
          is_followed_within(second_spans_, first_spans_, nearness.words_between_max));
}

void Matcher::add_found(uint32_t listener, uint32_t clause, uint32_t phrase) {
  const uint32_t end = phrase_state_[phrase].end;
  found_.push_back({listener, begin_of(phrase, end), end, clause});
}

// Where an occurrence begins that ends there. A phrase's form has a space at either end; `end` is before the last one.
uint32_t Matcher::begin_of(uint32_t phrase, uint32_t end) const {
  const uint32_t bytes = rules_->phrase(phrase).bytes;
  if (bytes > 0) return end + 2 - bytes;
  return static_cast<uint32_t>(normalised_.text().rfind(' ', end - 1) + 1);
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
      const ByteRange range = normalised_.original_range(found_[i].begin, found_[i].end);
      clauses_.push_back({rules_->clause(found_[i].clause).text, range.begin, range.end});
    }
    matches_.push_back({listener, std::span<const ClauseMatch>(clauses_).subspan(first)});
  }
  return matches_;
}

}  // namespace earshot::match
