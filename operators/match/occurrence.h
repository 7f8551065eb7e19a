// Occurrence: where something that rules look for was found in one post.
#pragma once

#include <cstdint>

namespace earshot::match {

struct Occurrence {
  uint32_t phrase;
  uint32_t end;  // of its last word in the folded text; kInSplitText is set when that text has its hashtags split
};

inline constexpr uint32_t kInSplitText = 1U << 31;
inline constexpr uint32_t kNoPlace = 0xFFFFFFFEU;  // for `end`: found in another field than the text

}  // namespace earshot::match
