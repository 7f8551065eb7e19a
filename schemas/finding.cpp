#include "schemas/finding.h"

#include <algorithm>

namespace earshot {

std::string_view to_string(FindingKind kind) {
  switch (kind) {
    case FindingKind::kSurge:
      return "surge";
    case FindingKind::kFeedSilence:
      return "feed_silence";
    case FindingKind::kMentionsDrop:
      return "mentions_drop";
    case FindingKind::kSentimentShift:
      return "sentiment_shift";
    case FindingKind::kViralPost:
      return "viral_post";
    case FindingKind::kEmergingTerm:
      return "emerging_term";
  }
  return "surge";
}

std::optional<FindingEpisode::Notice> FindingEpisode::advance(int64_t time_ms, int level) {
  if (!is_active_) {
    if (level == 0 || !may_begin(time_ms)) return std::nullopt;
    is_active_ = true;
    began_ms_ = calm_since_ms_ = last_told_ms_ = time_ms;
    level_ = level;
    return Notice{level, false};
  }
  if (level > 0) {
    calm_since_ms_ = time_ms;
  } else if (time_ms - calm_since_ms_ >= options_.calm_ms) {
    is_active_ = false;
    level_ = 0;
    return Notice{0, true};
  }
  if (level <= level_ && time_ms - last_told_ms_ < options_.repeat_ms) return std::nullopt;
  last_told_ms_ = time_ms;
  level_ = std::max(level_, level);
  return Notice{level, false};
}

void FindingEpisode::save(wire::EpisodeState& out) const {
  out.set_is_active(is_active_);
  out.set_began_ms(began_ms_);
  out.set_calm_since_ms(calm_since_ms_);
  out.set_last_told_ms(last_told_ms_);
  out.set_level(static_cast<uint32_t>(level_));
}

void FindingEpisode::restore(const wire::EpisodeState& state) {
  is_active_ = state.is_active();
  began_ms_ = state.began_ms();
  calm_since_ms_ = state.calm_since_ms();
  last_told_ms_ = state.last_told_ms();
  level_ = static_cast<int>(state.level());
}

}  // namespace earshot
