#include "operators/viral_post/viral_post.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/utf8_prefix.h"
#include "engine/time/watermark.h"

namespace earshot::viral_post {
namespace {

constexpr size_t kHandleBytesMax = 60;
constexpr int64_t kQuarterBlocks = 3;
constexpr uint64_t kReportedMax = std::numeric_limits<uint32_t>::max();

}  // namespace

size_t ViralPost::slot(int64_t block) {
  constexpr auto kRing = static_cast<int64_t>(kBlocks);
  return static_cast<size_t>(((block % kRing) + kRing) % kRing);
}

std::optional<ViralPostFinding> ViralPost::observe(int64_t pane_start_ms, int64_t pane_ms, uint64_t mentions,
                                                   std::span<const SampledMention> sample) {
  const int64_t block = pane_start(pane_start_ms, kBlockMs) / kBlockMs;
  if (block < block_ || sample.empty()) return std::nullopt;
  move_to(block);
  bool has_reference = false;
  for (const SampledMention& mention : sample) {
    if (mention.reference == 0) continue;
    has_reference = true;
    const double weight = static_cast<double>(mentions) / static_cast<double>(sample.size());
    add(mention, static_cast<float>(std::max(1.0, weight)));
  }
  if (!has_reference && !episode_.is_active()) return std::nullopt;
  return judge(pane_start_ms + pane_ms);
}

std::optional<ViralPostFinding> ViralPost::pass_quiet_until(int64_t end_ms) {
  move_to(pane_start(end_ms, kBlockMs) / kBlockMs);
  return episode_.is_active() ? judge(end_ms) : std::nullopt;
}

void ViralPost::move_to(int64_t block) {
  if (block_ == kNever) block_ = block;
  constexpr auto kRing = static_cast<int64_t>(kBlocks);
  // Of a long silence the hours count, and the first of them ends what was said before.
  for (int64_t steps = 0; block_ < block; ++steps) {
    ++block_;
    if (steps < kRing && !posts_.empty()) clear_slot(slot(block_));
    if (slot(block_) == 0) end_hour();
    if (posts_.empty() && block - block_ > kRing) {
      const int64_t hours = (block - block_) / kRing - 1;
      hours_ += static_cast<double>(hours);
      for (double& record : records_) record *= std::pow(options_.record_keep, static_cast<double>(hours));
      block_ += hours * kRing;
    }
  }
}

void ViralPost::clear_slot(size_t slot) {
  std::erase_if(posts_, [&](Reference& reference) {
    reference.blocks[slot] = {};
    reference.credit = 0;
    return std::ranges::all_of(reference.blocks, [](const Block& block) { return block.sampled == 0; });
  });
}

// A crisis must not teach that crises are usual, but what comes every day is: a viral post teaches as much as one hour
// can. Without a record yet an hour can teach anything.
void ViralPost::end_hour() {
  const bool is_taught = episode_.is_active() && block_ * kBlockMs - episode_.began_ms() > kHourMs;
  for (size_t gauge = 0; gauge < kGauges; ++gauge) {
    double& record = records_[gauge];
    record *= options_.record_keep;
    const double lesson_max = std::max(options_.lesson_max * record, record_min(static_cast<Gauge>(gauge)));
    const double lesson = hours_ < options_.warm_up_hours ? peaks_[gauge] : std::min(peaks_[gauge], lesson_max);
    if (!is_taught) record = std::max(record, lesson);
  }
  peaks_ = {};
  hours_ += 1;
}

ViralPost::Reference& ViralPost::reference_of(const SampledMention& mention) {
  const auto place = [&] { return std::ranges::lower_bound(posts_, mention.reference, {}, &Reference::post); };
  auto found = place();
  if (found != posts_.end() && found->post == mention.reference) return *found;
  const float credit = posts_.size() >= kPostsMax ? make_room() : 0;
  Reference& added = *posts_.insert(place(), Reference{});
  added.post = mention.reference;
  added.credit = credit;
  return added;
}

// The one that was counted least of late leaves, and hands on what it was counted: else posts that are named once would
// push each other out, and one that rises with them.
float ViralPost::make_room() {
  const auto weight = [&](const Reference& reference) {
    float counted = reference.credit;
    for (int64_t age = 0; age < kQuarterBlocks; ++age) counted += reference.blocks[slot(block_ - age)].counted;
    return counted;
  };
  const auto least = std::ranges::min_element(posts_, {}, weight);
  const float credit = weight(*least);
  posts_.erase(least);
  return credit;
}

void ViralPost::add(const SampledMention& mention, float weight) {
  Reference& reference = reference_of(mention);
  Block& block = reference.blocks[slot(block_)];
  block.counted += weight;
  block.sampled += 1;
  reference.is_named = true;
  if (reference.handle.empty()) reference.handle = utf8_prefix(mention.reference_handle, kHandleBytesMax);
  if (mention.reported_reposts == 0) return;
  reference.text = mention.text;  // only who repeats a post tells what is counted of it
  const auto reported = static_cast<uint32_t>(std::min<uint64_t>(mention.reported_reposts, kReportedMax));
  block.reported_first = block.reported_first == 0 ? reported : std::min(block.reported_first, reported);
  block.reported_last = std::max(block.reported_last, reported);
}

ViralPost::Reading ViralPost::read(const Reference& reference) const {
  Reading reading;
  uint32_t newest = 0;
  uint32_t before_quarter = 0;  // the last count that was told before the quarter, or the first one in it
  uint32_t first = 0;
  for (auto age = static_cast<int64_t>(kBlocks) - 1; age >= 0; --age) {
    const Block& block = reference.blocks[slot(block_ - age)];
    reading.values[kHour] += static_cast<double>(block.counted);
    reading.sampled_hour += static_cast<double>(block.sampled);
    const bool is_in_quarter = age < kQuarterBlocks;
    if (is_in_quarter) {
      reading.values[kQuarter] += static_cast<double>(block.counted);
      reading.sampled_quarter += static_cast<double>(block.sampled);
    }
    if (block.reported_last == 0) continue;
    if (first == 0) first = block.reported_first;
    if (!is_in_quarter) before_quarter = std::max(before_quarter, block.reported_last);
    if (before_quarter == 0) before_quarter = block.reported_first;
    newest = std::max(newest, block.reported_last);
  }
  if (newest > 0) {
    reading.values[kReportedHour] = static_cast<double>(newest - std::min(newest, first));
    reading.values[kReportedQuarter] = static_cast<double>(newest - std::min(newest, before_quarter));
  }
  return reading;
}

// A record below it is taken for as much.
double ViralPost::record_min(Gauge gauge) const {
  return (gauge < kReportedQuarter ? options_.references_min : options_.reported_min) / options_.multiple;
}

double ViralPost::threshold(Gauge gauge) const {
  const double known = std::clamp(hours_, 1.0, options_.record_hours);
  const double multiple = options_.multiple * std::pow(options_.record_hours / known, 1 / options_.tail_exponent);
  const double least = options_.multiple * record_min(gauge);
  const bool is_hour = gauge == kHour || gauge == kReportedHour;
  return std::max(is_hour ? 2 * least : least, multiple * records_[gauge]);
}

ViralPost::Highest ViralPost::highest() {
  std::array<double, kGauges> thresholds{};
  for (size_t gauge = 0; gauge < kGauges; ++gauge) thresholds[gauge] = threshold(static_cast<Gauge>(gauge));
  Highest highest;
  for (Reference& reference : posts_) {
    // Of the others nothing has grown.
    if (!std::exchange(reference.is_named, false) && !episode_.is_active()) continue;
    const Reading reading = read(reference);
    for (size_t gauge = 0; gauge < kGauges; ++gauge) {
      const double value = reading.values[gauge];
      peaks_[gauge] = std::max(peaks_[gauge], value);
      const double sampled = gauge == kQuarter ? reading.sampled_quarter : reading.sampled_hour;
      if (gauge < kReportedQuarter && sampled < options_.sampled_min) continue;
      const double times = value / thresholds[gauge];
      if (times > highest.times) highest = {&reference, static_cast<Gauge>(gauge), value, times};
    }
  }
  return highest;
}

std::optional<ViralPostFinding> ViralPost::judge(int64_t end_ms) {
  const Highest found = highest();
  if (hours_ < options_.warm_up_hours) return std::nullopt;
  constexpr double kGoesOn = 0.5;
  const bool is_told = found.times >= 1 || (episode_.is_active() && found.times >= kGoesOn);
  const int level = !is_told ? 0 : found.times >= options_.critical_multiple ? 2 : 1;
  const auto notice = episode_.advance(end_ms, level);
  if (!notice) return std::nullopt;
  constexpr double kScorePerDoubling = 0.1;
  const bool is_hour = found.gauge == kHour || found.gauge == kReportedHour;
  ViralPostFinding told{
      .finding = {.kind = FindingKind::kViralPost,
                  .level = notice->level,
                  .is_final = notice->is_final,
                  .score = std::clamp(0.5 + kScorePerDoubling * std::log2(std::max(1.0, found.times)), 0.5, 1.0),
                  .observed = found.value,
                  .expected = std::max(records_[found.gauge], record_min(found.gauge)),
                  .window_ms = is_hour ? kHourMs : kQuarterBlocks * kBlockMs}};
  if (notice->level > 0 && found.post != nullptr) {
    told.finding.reason = reason_of(found);
    told.post = found.post->post;
    told.text = found.post->text;
  }
  return told;
}

std::string ViralPost::reason_of(const Highest& highest) const {
  const bool is_hour = highest.gauge == kHour || highest.gauge == kReportedHour;
  const std::string_view time = is_hour ? "an hour" : "15 min";
  const std::string whose = highest.post->handle.empty() ? "" : " by @" + highest.post->handle;
  const double usual = std::ceil(records_[highest.gauge]);
  if (highest.gauge >= kReportedQuarter) {
    return fmt::format(
        "reposts of one post{} grew by {:.0f} in {}, as the platform counts them; usual is at most {:.0f}", whose,
        highest.value, time, usual);
  }
  return fmt::format("one post{} was passed on or answered {:.0f} times in {}; usual is at most {:.0f}", whose,
                     highest.value, time, usual);
}

void ViralPost::save(wire::ViralPostState& out) const {
  out.Clear();
  out.set_block(block_);
  out.set_hours(hours_);
  out.mutable_records()->Assign(records_.begin(), records_.end());
  out.mutable_peaks()->Assign(peaks_.begin(), peaks_.end());
  for (const Reference& reference : posts_) {
    wire::ReferencedPost& post = *out.add_posts();
    post.set_post(reference.post);
    post.set_text(reference.text);
    post.set_handle(reference.handle);
    post.set_credit(reference.credit);
    const bool is_reported = std::ranges::any_of(reference.blocks, [](const Block& b) { return b.reported_last > 0; });
    for (const Block& block : reference.blocks) {
      post.add_counted(block.counted);
      post.add_sampled(block.sampled);
      if (!is_reported) continue;
      post.add_reported_first(block.reported_first);
      post.add_reported_last(block.reported_last);
    }
  }
  episode_.save(*out.mutable_episode());
}

void ViralPost::restore(const wire::ViralPostState& state) {
  episode_.restore(state.episode());
  constexpr auto kRing = static_cast<int>(kBlocks);
  if (state.records_size() != static_cast<int>(kGauges)) return;  // nothing was heard yet
  block_ = state.block();
  hours_ = state.hours();
  std::ranges::copy(state.records(), records_.begin());
  if (state.peaks_size() == state.records_size()) std::ranges::copy(state.peaks(), peaks_.begin());
  posts_.clear();
  for (const wire::ReferencedPost& post : state.posts()) {
    Reference& reference = posts_.emplace_back();
    reference.post = post.post();
    reference.text = post.text();
    reference.handle = post.handle();
    reference.credit = post.credit();
    for (int i = 0; i < kRing; ++i) {
      Block& block = reference.blocks[static_cast<size_t>(i)];
      if (i < post.counted_size()) block.counted = post.counted(i);
      if (i < post.sampled_size()) block.sampled = post.sampled(i);
      if (i < post.reported_first_size()) block.reported_first = post.reported_first(i);
      if (i < post.reported_last_size()) block.reported_last = post.reported_last(i);
    }
  }
}

}  // namespace earshot::viral_post
