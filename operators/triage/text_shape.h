// TextShape: what a text is like besides its words, and where in its sentences a phrase stands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::triage {

struct TextShape {
  bool asks = false;      // has a question mark outside of links
  bool exclaims = false;  // has three exclamation marks or more
  bool shouts = false;    // most of its words are in capitals: twelve letters at least
  uint8_t hashtags = 0;   // 255 stands for more as well, here and below
  uint8_t mentions = 0;   // @names
  uint8_t links = 0;
};

// Linear in the text, which is UTF-8.
TextShape shape_of(std::string_view text);

// True when nothing but @names, emoji and signs stands between byte `at` and the sentence's start, or a comma.
bool opens_clause(std::string_view text, uint32_t at);

// True when the sentence that byte `at` lies in ends with a question mark.
bool is_in_question(std::string_view text, uint32_t at);

// True when one of the three words before byte `at`, in the same sentence, is in `negations`: sorted, in small letters
// and without apostrophes.
bool is_negated(std::string_view text, uint32_t at, const std::vector<std::string>& negations);

}  // namespace earshot::triage
