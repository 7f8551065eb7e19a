// HashtagText: a text in which hashtags are read by their capitals: "#BankFail" as "#Bank Fail".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/position_map.h"

namespace earshot::match {

// Scratch of one thread, used again for each text.
class HashtagText {
 public:
  // False when no hashtag of `text` has two parts; text() then means nothing.
  bool read(std::string_view text);

  [[nodiscard]] std::string_view text() const { return spaced_; }

  // The bytes of the text that was read from bytes of text().
  [[nodiscard]] ByteRange original(ByteRange range) const;

 private:
  void append_split(std::string_view hashtag);

  std::string spaced_;
  std::vector<uint32_t> spaces_;  // where text() has one that the other has not
};

}  // namespace earshot::match
