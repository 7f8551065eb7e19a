#include "operators/emerging_term/emerging_term.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/text/term_words.h"
#include "engine/text/text_normaliser.h"
#include "engine/time/watermark.h"

namespace earshot::emerging_term {
namespace {

constexpr double kFullShare = 255;
constexpr double kVoicesOfQuietHour = 40;  // a share of fewer is not one: half of three mentions is no peak

uint32_t term_hash(std::string_view word) {
  return static_cast<uint32_t>(hash_64(word));
}

// Ids in links are words that nobody says.
bool is_link_part(std::string_view word) {
  constexpr size_t kBytesMin = 8;
  return word.size() >= kBytesMin && std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

// Calls `visit` for each term of a text whose words are parted by spaces, in its order, repeats included.
template <class Visit>
void visit_terms(std::string_view words, const Visit& visit) {
  while (!words.empty()) {
    const size_t end = std::min(words.find(' '), words.size());
    const std::string_view word = words.substr(0, end);
    if (is_term(word) && !is_link_part(word)) visit(word);
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

// In the order of the text; of a long one the first.
std::vector<uint32_t> distinct_terms(std::string_view words, size_t count_max) {
  std::vector<uint32_t> terms;
  terms.reserve(count_max);
  visit_terms(words, [&](std::string_view word) {
    if (terms.size() >= count_max) return;
    const uint32_t term = term_hash(word);
    if (std::ranges::find(terms, term) == terms.end()) terms.push_back(term);
  });
  return terms;
}

// Of `count` or more in `of` trials.
double upper_tail(double count, double of, double share) {
  return boost::math::ibeta(count, of - count + 1, share);
}

double share_of(uint32_t voices, double all) {
  return static_cast<double>(voices) / all;
}

}  // namespace

EmergingTerm::EmergingTerm(std::string_view query, const EmergingTermOptions& options)
    : options_(options), episode_(options.episode) {
  static const TextNormaliser normaliser;
  visit_terms(normaliser.normalise(query), [&](std::string_view word) { own_terms_.push_back(term_hash(word)); });
  std::ranges::sort(own_terms_);
}

size_t EmergingTerm::slot(int64_t block) {
  constexpr auto kRing = static_cast<int64_t>(kBlocks);
  return static_cast<size_t>(((block % kRing) + kRing) % kRing);
}

std::optional<EmergingTermFinding> EmergingTerm::observe(int64_t pane_start_ms, std::span<const SampledMention> sample,
                                                         bool is_surging) {
  if (pane_start(pane_start_ms, kBlockMs) / kBlockMs < block_) return std::nullopt;
  auto finding = pass_quiet_until(pane_start_ms, is_surging);
  for (const SampledMention& mention : sample) add(mention);
  return finding;
}

void EmergingTerm::add(const SampledMention& mention) {
  mentions_ += 1;
  std::vector<Said>& block = blocks_[slot(block_)];
  if (block.size() >= kSaidPerBlock && mention.post >= block.back().post) return;
  // Most of a loud listener's are pushed out again: the terms are looked for in what the block has when it ends.
  Said said{.post = mention.post,
            .author = static_cast<uint32_t>(mention.author),
            .shape = static_cast<uint32_t>(mention.shape == 0 ? mention.text : mention.shape),
            .terms = {},
            .words = mention.words};
  block.insert(std::ranges::upper_bound(block, said.post, {}, &Said::post), std::move(said));
  if (block.size() > kSaidPerBlock) block.pop_back();
}

std::optional<EmergingTermFinding> EmergingTerm::pass_quiet_until(int64_t end_ms, bool is_surging) {
  const int64_t end = pane_start(end_ms, kBlockMs) / kBlockMs;
  if (block_ == kNever) block_ = end;
  if (is_surging) last_surge_block_ = end;
  std::optional<EmergingTermFinding> finding;
  while (block_ < end) {
    if (auto said = close_block()) finding = std::move(said);
    const bool is_empty = std::ranges::all_of(blocks_, [](const auto& block) { return block.empty(); });
    if (is_empty && waiting_.empty() && !episode_.is_active()) skip_silence(end);
  }
  return finding;
}

// What is left to do in a silence is to fade.
void EmergingTerm::skip_silence(int64_t end_block) {
  constexpr auto kDay = static_cast<int64_t>(kBlocks) * 24;
  const int64_t days = pane_start(end_block, kDay) / kDay - pane_start(block_, kDay) / kDay;
  constexpr int64_t kFaded = 60;  // nothing is left of a full peak
  for (int64_t day = 0; day < std::min(days, kFaded); ++day) peaks_.fade();
  block_ = std::max(block_, end_block);
}

std::optional<EmergingTermFinding> EmergingTerm::close_block() {
  const bool ends_hour = slot(block_ + 1) == 0;
  const bool is_known = hours_ >= options_.warm_up_hours && mentions_ >= options_.warm_up_mentions;
  std::vector<Said>& closed = blocks_[slot(block_)];
  for (Said& mention : closed) mention.terms = distinct_terms(mention.words, kTermsPerMention);
  size_t said = 0;
  for (const auto& block : blocks_) said += block.size();
  const bool may_be_told = is_known && static_cast<double>(said) >= options_.all_voices_min && !closed.empty();
  std::optional<EmergingTermFinding> finding;
  if (ends_hour || may_be_told || episode_.is_active()) {
    const Hour last = ends_hour ? hour() : hour_of(terms_judged());
    if (may_be_told || episode_.is_active()) finding = judge((block_ + 1) * kBlockMs, last);
    if (ends_hour) learn(last);
  }
  for (Said& mention : closed) mention.words = {};
  ++block_;
  blocks_[slot(block_)].clear();
  constexpr auto kDay = static_cast<int64_t>(kBlocks) * 24;
  if (block_ % kDay == 0) peaks_.fade();
  return finding;
}

std::vector<const EmergingTerm::Said*> EmergingTerm::heard() const {
  std::vector<const Said*> heard;
  heard.reserve(kBlocks * kSaidPerBlock);
  for (size_t age = kBlocks; age-- > 0;) {
    for (const Said& said : blocks_[slot(block_ - static_cast<int64_t>(age))]) {
      const bool is_repeat = std::ranges::any_of(
          heard, [&](const Said* before) { return before->author == said.author || before->shape == said.shape; });
      if (!is_repeat) heard.push_back(&said);
    }
  }
  return heard;
}

EmergingTerm::Hour EmergingTerm::hour() const {
  Hour hour;
  const std::vector<const Said*> mentions = heard();
  hour.voices = static_cast<double>(mentions.size());
  std::vector<uint32_t> terms;
  terms.reserve(mentions.size() * kTermsPerMention);
  for (const Said* said : mentions) terms.insert(terms.end(), said->terms.begin(), said->terms.end());
  std::ranges::sort(terms);
  for (size_t i = 0, end = 0; i < terms.size(); i = end) {
    while (end < terms.size() && terms[end] == terms[i]) ++end;
    hour.counts.push_back({terms[i], static_cast<uint32_t>(end - i)});
  }
  return hour;
}

// Those that can be told are in the block that ends; what is told may go on without it.
std::vector<uint32_t> EmergingTerm::terms_judged() const {
  std::vector<uint32_t> terms;
  for (const Said& said : blocks_[slot(block_)]) {
    visit_terms(said.words, [&](std::string_view word) { terms.push_back(term_hash(word)); });
  }
  if (episode_.is_active()) terms.insert(terms.end(), told_.begin(), told_.end());
  std::ranges::sort(terms);
  const auto repeats = std::ranges::unique(terms);
  terms.erase(repeats.begin(), repeats.end());
  return terms;
}

EmergingTerm::Hour EmergingTerm::hour_of(const std::vector<uint32_t>& terms) const {
  Hour hour;
  const std::vector<const Said*> mentions = heard();
  hour.voices = static_cast<double>(mentions.size());
  constexpr size_t kFilterBits = 4096;
  std::bitset<kFilterBits> filter;  // most terms of an hour are others: they are not looked up
  for (const uint32_t term : terms) {
    filter.set(term % kFilterBits);
    hour.counts.push_back({term, 0});
  }
  for (const Said* said : mentions) {
    for (const uint32_t term : said->terms) {
      if (!filter.test(term % kFilterBits)) continue;
      const auto found = std::ranges::lower_bound(hour.counts, term, {}, &Count::term);
      if (found != hour.counts.end() && found->term == term) ++found->voices;
    }
  }
  std::erase_if(hour.counts, [](const Count& count) { return count.voices == 0; });
  return hour;
}

bool EmergingTerm::is_emerging(const Count& count, double voices) const {
  const double share = share_of(count.voices, voices);
  if (count.voices < options_.voices_min || share < options_.share_min) return false;
  if (std::ranges::binary_search(own_terms_, count.term)) return false;
  const double peak = std::max(peaks_.peak(count.term), options_.peak_min);
  return share >= options_.multiple * peak && upper_tail(count.voices, voices, peak) <= options_.probability_max;
}

// Those that were said in the block that ends, the one most said first.
std::vector<EmergingTerm::Count> EmergingTerm::emerging(const Hour& hour) const {
  std::vector<Count> found;
  if (hour.voices < options_.all_voices_min) return found;
  for (const Count& count : hour.counts) {
    if (is_emerging(count, hour.voices) && !word_of(count.term).empty()) found.push_back(count);
  }
  std::ranges::stable_sort(found, [](const Count& a, const Count& b) { return a.voices > b.voices; });
  if (found.size() > kTermsTold) found.resize(kTermsTold);
  return found;
}

std::string_view EmergingTerm::word_of(uint32_t term) const {
  std::string_view found;
  for (const Said& said : blocks_[slot(block_)]) {
    visit_terms(said.words, [&](std::string_view word) {
      if (found.empty() && term_hash(word) == term) found = word;
    });
  }
  return found;
}

bool EmergingTerm::is_still_said(const Hour& hour) const {
  return std::ranges::any_of(hour.counts, [&](const Count& count) {
    return std::ranges::find(told_, count.term) != told_.end() && count.voices >= options_.voices_min / 2 &&
           share_of(count.voices, hour.voices) >= options_.share_min / 2;
  });
}

std::optional<EmergingTermFinding> EmergingTerm::judge(int64_t end_ms, const Hour& hour) {
  std::vector<Count> found = emerging(hour);
  // By then the words of a surge are known.
  const bool is_surges = block_ - last_surge_block_ <= 2 * static_cast<int64_t>(kBlocks);
  if (is_surges && !episode_.is_active()) found.clear();
  const bool is_news = end_ms - episode_.began_ms() < options_.accept_after_ms;
  const bool lasts = episode_.is_active() && is_news && is_still_said(hour);
  const bool is_critical = !found.empty() && share_of(found[0].voices, hour.voices) >= options_.critical_share;
  const auto notice = episode_.advance(end_ms, found.empty() ? static_cast<int>(lasts) : is_critical ? 2 : 1);
  if (!notice) return std::nullopt;
  EmergingTermFinding told{.finding = {.kind = FindingKind::kEmergingTerm,
                                       .level = notice->level,
                                       .is_final = notice->is_final,
                                       .score = 0.5,
                                       .observed = hour.voices,
                                       .expected = hour.voices,
                                       .window_ms = kHourMs},
                           .terms = {}};
  if (notice->level == 0) return told;
  if (!found.empty()) tell(hour, found, told);
  told.finding.reason = reason_;
  return told;
}

void EmergingTerm::tell(const Hour& hour, const std::vector<Count>& found, EmergingTermFinding& told) {
  told_.clear();
  for (const Count& count : found) {
    told_.push_back(count.term);
    wire::Term& term = told.terms.emplace_back();
    term.set_text(std::string(word_of(count.term)));
    term.set_count(count.voices);
    term.set_lift(share_of(count.voices, hour.voices) / std::max(peaks_.peak(count.term), 1 / kFullShare));
  }
  const double share = share_of(found[0].voices, hour.voices);
  const double peak = std::max(peaks_.peak(found[0].term), options_.peak_min);
  told.finding.score = std::clamp(0.5 + 0.1 * std::log2(share / (options_.multiple * peak)), 0.5, 1.0);
  std::string others;
  for (size_t i = 1; i < told.terms.size(); ++i) others += (i == 1 ? ", with '" : ", '") + told.terms[i].text() + "'";
  reason_ = fmt::format(
      "'{}'{} is said by {} of {} people in the last hour's mentions ({:.0f} %); in no hour before by more than {:.0f} "
      "%",
      told.terms[0].text(), others, found[0].voices, hour.voices, 100 * share, std::ceil(100 * peak));
}

// What is said once is no news. What is said by several waits for an hour, so that what emerges is not known by its own
// beginning.
void EmergingTerm::learn(const Hour& hour) {
  for (const auto& [term, share] : waiting_) peaks_.raise(term, share / kFullShare);
  waiting_.clear();
  if (hour.voices == 0) return;
  hours_ += 1;
  const double all = std::max(hour.voices, kVoicesOfQuietHour);
  for (const Count& count : hour.counts) {
    const double share = share_of(count.voices, all);
    if (count.voices == 1) {
      peaks_.raise(count.term, share);
    } else {
      waiting_.emplace_back(count.term, static_cast<uint8_t>(std::ceil(std::min(1.0, share) * kFullShare)));
    }
  }
  if (waiting_.size() <= kWaitingMax) return;
  std::ranges::stable_sort(waiting_, [](const auto& a, const auto& b) { return a.second > b.second; });
  for (size_t i = kWaitingMax; i < waiting_.size(); ++i)
    peaks_.raise(waiting_[i].first, waiting_[i].second / kFullShare);
  waiting_.resize(kWaitingMax);
}

void EmergingTerm::save(wire::EmergingTermState& out) const {
  out.Clear();
  episode_.save(*out.mutable_episode());
  if (block_ == kNever) return;
  out.set_block(block_);
  for (size_t place = 0; place < kBlocks; ++place) {
    for (const Said& said : blocks_[place]) {
      wire::SaidMention& mention = *out.add_said();
      mention.set_place(static_cast<uint32_t>(place));
      const bool is_open = place == slot(block_);
      if (is_open) mention.set_post(said.post);
      mention.set_author(said.author);
      mention.set_shape(said.shape);
      const std::vector<uint32_t> terms = is_open ? distinct_terms(said.words, kTermsPerMention) : said.terms;
      mention.mutable_terms()->Assign(terms.begin(), terms.end());
      mention.set_words(said.words);
    }
  }
  for (const auto& [term, share] : waiting_) {
    out.add_waiting_terms(term);
    out.mutable_waiting_shares()->push_back(static_cast<char>(share));
  }
  out.set_peaks(std::string(peaks_.bytes()));
  out.set_hours(hours_);
  out.set_mentions(mentions_);
  out.set_last_surge_block(last_surge_block_);
  if (!episode_.is_active()) return;
  out.mutable_told()->Assign(told_.begin(), told_.end());
  out.set_reason(reason_);
}

void EmergingTerm::restore(const wire::EmergingTermState& state) {
  episode_.restore(state.episode());
  if (state.block() == 0 || !peaks_.restore(state.peaks())) return;  // nothing was heard yet
  block_ = state.block();
  for (auto& block : blocks_) block.clear();
  for (const wire::SaidMention& mention : state.said()) {
    if (mention.place() >= kBlocks) continue;
    blocks_[mention.place()].push_back({.post = mention.post(),
                                        .author = mention.author(),
                                        .shape = mention.shape(),
                                        .terms = {mention.terms().begin(), mention.terms().end()},
                                        .words = mention.words()});
  }
  waiting_.clear();
  const auto waiting = std::min(static_cast<size_t>(state.waiting_terms_size()), state.waiting_shares().size());
  for (size_t i = 0; i < waiting; ++i) {
    waiting_.emplace_back(state.waiting_terms(static_cast<int>(i)), static_cast<uint8_t>(state.waiting_shares()[i]));
  }
  hours_ = state.hours();
  mentions_ = state.mentions();
  last_surge_block_ = state.last_surge_block();
  told_.assign(state.told().begin(), state.told().end());
  reason_ = state.reason();
}

}  // namespace earshot::emerging_term
