#include "operators/match/further_texts.h"

#include <algorithm>

#include "engine/text/utf8.h"

namespace earshot::match {
namespace {

constexpr size_t kHashtagsMax = 100;  // looked at of one post's
constexpr size_t kTitlesMax = 16;

// Bytes of the marks that a text begins with and that count for nothing.
uint32_t diacritics_length(std::string_view text) {
  const auto action = [](CaseFolding folding, CodePoint sign) {
    return FoldingTable::of(folding).entry(sign.value).action;
  };
  uint32_t length = 0;
  while (length < text.size()) {
    const CodePoint sign = decode_utf8(text.data() + length, text.data() + text.size());
    if (sign.value == kNotUtf8 || action(CaseFolding::kUnicode, sign) == FoldingAction::kDrop) break;
    if (action(CaseFolding::kUnicodeWithoutDiacritics, sign) != FoldingAction::kDrop) break;
    length += sign.length;
  }
  return length;
}

}  // namespace

FurtherTexts::FurtherTexts(const RuleSet& rules)
    : rules_(rules),
      planes_(rules.planes().size()),
      regex_scratch_(rules.regex_scanner().make_scratch()),
      regex_places_(rules.phrase_count() - rules.first_regex()) {
  for (size_t i = 0; i < planes_.size(); ++i) {
    planes_[i].plane = &rules.planes()[i];
    if (i == 0) continue;
    planes_[i].trial = FinderTrial(planes_[i].plane->finder);
    planes_[i].scratch = planes_[i].plane->scanner.make_scratch();
    planes_[i].pattern_scratch = planes_[i].plane->pattern_scanner.make_scratch();
  }
}

void FurtherTexts::scan(const Post& post, const NormalisedText& main, std::vector<Occurrence>& found) {
  ++post_;
  for (size_t i = 1; i < planes_.size(); ++i) {
    PlaneText& plane = planes_[i];
    if (plane.plane->key.source == TextSource::kText) {
      read_text(plane, post, found);
    } else if (plane.plane->is_waited_for) {
      read_field(plane, post, found);
    }
  }
  if (rules_.waits_for_regexes()) scan_regexes(post, found);
  if (rules_.derived().empty()) return;
  derive(post, main, found);
  find_hashtags(post, found);
}

void FurtherTexts::scan_late(uint32_t phrase, const Post& post, std::vector<Occurrence>& found) {
  if (is_regex(phrase)) {
    if (regexes_read_for_ != post_) scan_regexes(post, found);
  } else if (PlaneText& plane = planes_[plane_of(phrase)]; plane.read_for != post_) {
    read_field(plane, post, found);
  }
}

void FurtherTexts::read(PlaneText& plane, std::string_view source, NormalisedText& text, uint32_t sign,
                        std::vector<Occurrence>& found) {
  const TextPlane& texts = *plane.plane;
  texts.normaliser.normalise(source, text);
  Reading reading{&texts, &found, sign};
  const auto found_before = found.size();
  plane.trial.run(
      [&] {
        found.resize(found_before);
        texts.scanner.scan(text.text(), plane.scratch, &FurtherTexts::on_phrase, &reading);
      },
      [&] {
        found.resize(found_before);
        plane.words.read(text.text());
        texts.index.scan(plane.words, [&](uint32_t phrase, uint32_t end) { on_phrase(phrase, 0, end, 0, &reading); });
      });
  texts.pattern_scanner.scan(text.text(), plane.pattern_scratch, &FurtherTexts::on_pattern, &reading);
}

void FurtherTexts::add(const Reading& reading, uint32_t phrase, uint32_t end) {
  reading.found->push_back({phrase, reading.sign == kNoPlace ? kNoPlace : end | reading.sign});
}

int FurtherTexts::on_phrase(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
  const auto& reading = *static_cast<Reading*>(context);
  add(reading, id, static_cast<uint32_t>(to - 1));
  return 0;
}

// A substring has no space behind it.
int FurtherTexts::on_pattern(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
  const auto& reading = *static_cast<Reading*>(context);
  const uint32_t phrase = reading.plane->first_pattern + id;
  const bool is_substring = phrase >= reading.plane->first_substring;
  add(reading, phrase, static_cast<uint32_t>(to - (is_substring ? 0 : 1)));
  return 0;
}

void FurtherTexts::read_text(PlaneText& plane, const Post& post, std::vector<Occurrence>& found) {
  plane.read_for = post_;
  read(plane, post.text, plane.text, 0, found);
  plane.has_split_text = plane.plane->key.splits_hashtags && plane.split.read(post.text);
  if (plane.has_split_text) read(plane, plane.split.text(), plane.split_text, kInSplitText, found);
}

void FurtherTexts::read_field(PlaneText& plane, const Post& post, std::vector<Occurrence>& found) {
  plane.read_for = post_;
  switch (plane.plane->key.source) {
    case TextSource::kBio:
      return read(plane, post.author_bio, plane.text, kNoPlace, found);
    case TextSource::kName:
      return read(plane, post.author_name, plane.text, kNoPlace, found);
    case TextSource::kPlace:
      return read(plane, post.place, plane.text, kNoPlace, found);
    default:
      break;
  }
  for (const std::string_view title : post.url_titles.subspan(0, std::min(post.url_titles.size(), kTitlesMax))) {
    read(plane, title, plane.text, kNoPlace, found);
  }
}

void FurtherTexts::scan_regexes(const Post& post, std::vector<Occurrence>& found) {
  regexes_read_for_ = post_;
  regexes_found_ = &found;
  original_ = post.text;
  rules_.regex_scanner().scan(post.text, regex_scratch_, &FurtherTexts::on_regex, this);
}

// Keeps the leftmost match, of those the longest; of a regex whose begins are not tracked the first one to end.
int FurtherTexts::on_regex(unsigned id, unsigned long long from, unsigned long long to, unsigned, void* context) {
  auto& texts = *static_cast<FurtherTexts*>(context);
  const RegexScanner& scanner = texts.rules_.regex_scanner();
  RegexPlace& place = texts.regex_places_[id];
  const auto end = static_cast<uint32_t>(to);
  auto begin = static_cast<uint32_t>(from);
  if (!scanner.tracks_begin(id)) {
    begin = end - std::min(end, scanner.match_bytes_max(id));
    while (begin < end && (static_cast<unsigned char>(texts.original_[begin]) & 0xC0U) == 0x80U) ++begin;
  }
  if (place.post != texts.post_) {
    place = {texts.post_, {begin, end}};
    texts.regexes_found_->push_back({texts.rules_.first_regex() + id, 0});
  } else if (!scanner.tracks_begin(id)) {
    if (end < place.range.end) place.range = {begin, end};
  } else if (begin < place.range.begin) {
    place.range = {begin, end};
  } else if (begin == place.range.begin) {
    place.range.end = std::max(place.range.end, end);
  }
  return 0;
}

// Looks at each occurrence of a phrase that some term wants as it is written.
void FurtherTexts::derive(const Post& post, const NormalisedText& main, std::vector<Occurrence>& found) {
  const size_t count = found.size();
  for (size_t i = 0; i < count; ++i) {
    const Occurrence occurrence = found[i];
    if (!rules_.has_derived(occurrence.phrase)) continue;
    const bool is_split = (occurrence.end & kInSplitText) != 0;
    const uint32_t end = occurrence.end & ~kInSplitText;
    const uint32_t begin = end + 2 - rules_.phrase(occurrence.phrase).bytes;
    for (const uint32_t index : rules_.derived_from(occurrence.phrase)) {
      const DerivedPhrase& derived = rules_.derived()[index];
      if (is_split && derived.written.form != QueryNode::Form::kCased) continue;  // parts of a hashtag are no names
      const PlaneText& plane = planes_[derived.plane];
      const std::string_view original = is_split ? plane.split.text() : post.text;
      const NormalisedText& text = derived.plane == 0 ? main : is_split ? plane.split_text : plane.text;
      if (!is_as_written(derived.written, original, text, begin, end)) continue;
      found.push_back({rules_.first_derived() + index, occurrence.end});
    }
  }
}

// Hashtags that the platform names beside the text.
void FurtherTexts::find_hashtags(const Post& post, std::vector<Occurrence>& found) {
  for (const PlaneText& plane : planes_) {
    if (plane.plane->hashtags.empty()) continue;
    for (const std::string_view hashtag : post.hashtags.subspan(0, std::min(post.hashtags.size(), kHashtagsMax))) {
      plane.plane->normaliser.normalise(hashtag, hashtag_);
      const auto known = plane.plane->hashtags.find(hashtag_.text());
      if (known != plane.plane->hashtags.end()) found.push_back({known->second, kNoPlace});
    }
  }
}

size_t FurtherTexts::plane_of(uint32_t phrase) const {
  if (phrase >= rules_.first_derived() && phrase < rules_.first_late()) {
    return rules_.derived()[phrase - rules_.first_derived()].plane;
  }
  const auto found =
      std::find_if(planes_.begin(), planes_.end(), [&](const PlaneText& plane) { return plane.plane->has(phrase); });
  return static_cast<size_t>(found - planes_.begin());
}

NormalisedText* FurtherTexts::text_of(uint32_t phrase, bool is_split) {
  const size_t plane = plane_of(phrase);
  if (plane == 0) return nullptr;
  return is_split ? &planes_[plane].split_text : &planes_[plane].text;
}

bool FurtherTexts::has_split_text(uint32_t phrase) const {
  const size_t plane = plane_of(phrase);
  return plane > 0 && planes_[plane].has_split_text;
}

ByteRange FurtherTexts::original(uint32_t phrase, bool is_split, ByteRange words, std::string_view text) const {
  const PlaneText& plane = planes_[plane_of(phrase)];
  ByteRange range = is_split ? plane.split.original(plane.split_text.original_range(words.begin, words.end))
                             : plane.text.original_range(words.begin, words.end);
  if (plane.plane->key.folds_diacritics) range.end += diacritics_length(text.substr(range.end));
  return range;
}

}  // namespace earshot::match
