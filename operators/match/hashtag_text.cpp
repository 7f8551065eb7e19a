#include "operators/match/hashtag_text.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "engine/text/utf8.h"
#include "operators/match/query.h"
#include "operators/match/text_as_written.h"

namespace earshot::match {

bool HashtagText::read(std::string_view text) {
  spaces_.clear();
  spaced_.clear();
  size_t copied = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t sign = hashtag_sign_length(text, at);
    if (sign == 0) {
      at = std::min(text.find_first_of("#\xEF", at + 1), text.size());  // 0xEF begins the wide sign
      continue;
    }
    const size_t begin = at + sign;
    const size_t length = name_length(QueryNode::Form::kHashtag, text.substr(begin));
    spaced_.append(text.substr(copied, begin - copied));
    append_split(text.substr(begin, length));
    copied = at = begin + length;
  }
  spaced_.append(text.substr(copied));
  return !spaces_.empty();
}

// A part begins with a capital after what is none, and with the last capital of several before a small letter.
void HashtagText::append_split(std::string_view hashtag) {
  const char* const end = hashtag.data() + hashtag.size();
  bool follows_capital = true;
  for (const char* at = hashtag.data(); at < end;) {
    const CodePoint sign = decode_utf8(at, end);
    const bool is_capital = u_isupper(static_cast<UChar32>(sign.value)) != 0;
    const char* const next = at + sign.length;
    const bool precedes_small = next < end && u_islower(static_cast<UChar32>(decode_utf8(next, end).value)) != 0;
    if (is_capital && at > hashtag.data() && (!follows_capital || precedes_small)) {
      spaces_.push_back(static_cast<uint32_t>(spaced_.size()));
      spaced_ += ' ';
    }
    spaced_.append(at, sign.length);
    follows_capital = is_capital;
    at = next;
  }
}

ByteRange HashtagText::original(ByteRange range) const {
  const auto move = [this](uint32_t at) {
    return at - static_cast<uint32_t>(std::lower_bound(spaces_.begin(), spaces_.end(), at) - spaces_.begin());
  };
  return {move(range.begin), move(range.end)};
}

}  // namespace earshot::match
