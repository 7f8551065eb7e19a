#include "operators/match/text_as_written.h"

#include <algorithm>

#include "engine/text/folding_table.h"
#include "engine/text/utf8.h"

namespace earshot::match {
namespace {

using Form = QueryNode::Form;

constexpr uint32_t kJoiner = 0x200D;
constexpr uint32_t kEmojiStyle = 0xFE0F;  // asks for colour; many writers leave it out
constexpr std::string_view kWideHash = "\uFF03";
constexpr std::string_view kWideAt = "\uFF20";

bool is_within(uint32_t value, uint32_t first, uint32_t last) {
  return first <= value && value <= last;
}

bool is_skin_tone(uint32_t c) {
  return is_within(c, 0x1F3FB, 0x1F3FF);
}

bool is_flag_letter(uint32_t c) {
  return is_within(c, 0x1F1E6, 0x1F1FF);
}

bool is_flag_tag(uint32_t c) {
  return is_within(c, 0xE0020, 0xE007F);
}

bool stands_alone(uint32_t c) {
  return FoldingTable::of(CaseFolding::kUnicode).entry(c).action == FoldingAction::kStandAlone;
}

bool is_emoji(uint32_t c) {
  return (is_within(c, 0x2600, 0x2E7F) || is_within(c, 0x1F000, 0x1FFFF)) && stands_alone(c);
}

bool is_ascii_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// A letter, digit or mark of any script.
bool is_letter(uint32_t c) {
  const FoldingAction action = FoldingTable::of(CaseFolding::kUnicode).entry(c).action;
  return action != FoldingAction::kSeparate && action != FoldingAction::kDrop && !is_emoji(c);
}

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_same_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lowered(x) == lowered(y); });
}

// Whether `before`, the text up to a name, ends with the sign, and that sign begins something.
bool ends_with_sign(Form form, std::string_view before) {
  const auto take = [&before](std::string_view sign) {
    if (!before.ends_with(sign)) return false;
    before.remove_suffix(sign.size());
    return true;
  };
  switch (form) {
    case Form::kHashtag:
      return (take("#") || take(kWideHash)) &&
             (before.empty() || (!is_ascii_name_character(before.back()) && before.back() != '&'));
    case Form::kMention:
      return (take("@") || take(kWideAt)) &&
             (before.empty() || (!is_ascii_name_character(before.back()) &&
                                 std::string_view(".-@").find(before.back()) == std::string_view::npos));
    default:
      return take("$") && (before.empty() || (!is_ascii_name_character(before.back()) && before.back() != '$'));
  }
}

bool is_name_as_written(const WrittenPhrase& phrase, std::string_view original, ByteRange range) {
  // '_' at either end is no part of a folded word.
  const size_t leading = std::min(phrase.written.find_first_not_of('_'), phrase.written.size());
  if (leading > range.begin) return false;
  const size_t begin = range.begin - leading;
  if (original.substr(begin, leading).find_first_not_of('_') != std::string_view::npos) return false;
  if (!ends_with_sign(phrase.form, original.substr(0, begin))) return false;
  const std::string_view rest = original.substr(begin);
  if (phrase.form == Form::kHashtag) {
    const size_t end = begin + name_length(phrase.form, rest);
    return end >= range.end &&
           original.substr(range.end, end - range.end).find_first_not_of('_') == std::string_view::npos;
  }
  const std::string_view after = rest.substr(std::min(phrase.written.size(), rest.size()));
  return is_same_in_any_case(rest.substr(0, phrase.written.size()), phrase.written) &&
         (after.empty() || !is_ascii_name_character(after.front()));
}

bool has_words_as_written(const WrittenPhrase& phrase, std::string_view original, const NormalisedText& normalised,
                          uint32_t begin, uint32_t end) {
  const std::string_view text = normalised.text();
  for (const std::string& word : phrase.words) {
    const auto word_end = static_cast<uint32_t>(std::min<size_t>(text.find(' ', begin), end));
    const ByteRange range = normalised.original_range(begin, word_end);
    if (original.substr(range.begin, range.end - range.begin) != word) return false;
    begin = word_end + 1;
  }
  return true;
}

// The code points of a text one by one, without those that only ask for colour.
class Signs {
 public:
  explicit Signs(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  // 0 at the end.
  uint32_t next() {
    while (at_ < end_) {
      const CodePoint sign = decode_utf8(at_, end_);
      at_ += sign.length;
      if (sign.value != kEmojiStyle) return sign.value;
    }
    return 0;
  }

 private:
  const char* at_;
  const char* end_;
};

size_t flag_letters_before(std::string_view text) {
  constexpr size_t kBytes = 4;
  size_t count = 0;
  while (text.size() >= kBytes &&
         is_flag_letter(decode_utf8(text.data() + text.size() - kBytes, text.data() + text.size()).value)) {
    text.remove_suffix(kBytes);
    ++count;
  }
  return count;
}

bool is_sequence_as_written(std::string_view written, std::string_view original, uint32_t begin) {
  constexpr std::string_view kJoinerBytes = "\u200D";
  const std::string_view before = original.substr(0, begin);
  if (before.ends_with(kJoinerBytes)) return false;
  Signs expected(written);
  Signs found(original.substr(begin));
  bool is_first = true;
  for (uint32_t sign = expected.next(); sign != 0; sign = expected.next()) {
    if (found.next() != sign) return false;
    if (is_first && is_flag_letter(sign) && flag_letters_before(before) % 2 == 1) return false;
    is_first = false;
  }
  const uint32_t after = found.next();
  return after != kJoiner && !is_skin_tone(after) && !is_flag_tag(after);
}

}  // namespace

Form form_of_sign(char sign) {
  switch (sign) {
    case '#':
      return Form::kHashtag;
    case '@':
      return Form::kMention;
    case '$':
      return Form::kCashtag;
    default:
      return Form::kFolded;
  }
}

size_t name_length(Form form, std::string_view text) {
  const std::string_view joins = form == Form::kMention ? ".-@" : form == Form::kCashtag ? "." : "";
  size_t length = 0;
  while (length < text.size()) {
    const char c = text[length];
    if (static_cast<signed char>(c) < 0) {
      const CodePoint sign = decode_utf8(text.data() + length, text.data() + text.size());
      if (sign.value == kNotUtf8 || !is_letter(sign.value)) break;
      length += sign.length;
    } else if (is_ascii_name_character(c) || (joins.find(c) != std::string_view::npos && length + 1 < text.size() &&
                                              is_ascii_name_character(text[length + 1]))) {
      ++length;
    } else {
      break;
    }
  }
  return length;
}

size_t hashtag_sign_length(std::string_view text, size_t at) {
  const std::string_view rest = text.substr(at);
  const size_t length = rest.starts_with('#') ? 1 : rest.starts_with(kWideHash) ? kWideHash.size() : 0;
  return length > 0 && ends_with_sign(Form::kHashtag, text.substr(0, at + length)) ? length : 0;
}

bool is_emoji_sequence(std::string_view text) {
  Signs signs(text);
  bool is_joined = false;
  bool is_first = true;
  for (uint32_t sign = signs.next(); sign != 0; sign = signs.next()) {
    const bool joins = sign == kJoiner || is_skin_tone(sign) || is_flag_tag(sign);
    if (sign == kNotUtf8 || (!joins && !is_emoji(sign)) || (is_first && joins)) return false;
    is_joined = is_joined || joins || is_flag_letter(sign);
    is_first = false;
  }
  return is_joined;
}

WrittenPhrase written_phrase(const QueryNode& node, const TextNormaliser& normaliser) {
  WrittenPhrase phrase{node.form, std::string(node.text), {}};
  if (form_of_sign(node.text.front()) == node.form) phrase.written.erase(0, 1);
  if (node.form != Form::kCased) return phrase;
  NormalisedText normalised;
  normaliser.normalise(node.text, normalised);
  const std::span<const uint32_t> starts = normalised.word_starts();
  for (size_t word = 0; word + 1 < starts.size(); ++word) {
    const ByteRange range = normalised.original_range(starts[word], starts[word + 1] - 1);
    phrase.words.emplace_back(node.text.substr(range.begin, range.end - range.begin));
  }
  return phrase;
}

bool is_as_written(const WrittenPhrase& phrase, std::string_view original, const NormalisedText& normalised,
                   uint32_t begin, uint32_t end) {
  switch (phrase.form) {
    case Form::kFolded:
      return true;
    case Form::kCased:
      return has_words_as_written(phrase, original, normalised, begin, end);
    case Form::kSequence:
      return is_sequence_as_written(phrase.written, original, normalised.original_range(begin, end).begin);
    default:
      return is_name_as_written(phrase, original, normalised.original_range(begin, end));
  }
}

}  // namespace earshot::match
