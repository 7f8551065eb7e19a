// Dead letter: a record that could not be used, with the reason and its bytes, so that nothing is lost in silence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace earshot {

struct DeadLetter {
  std::string_view stage;   // operator that refused it
  std::string_view reason;  // for the person who repairs the feed
  std::string_view topic;   // of the input
  int32_t partition = 0;
  int64_t offset = 0;  // in the unit of the source
  uint64_t rule_version = 0;
  int64_t time_ms = 0;       // the record's time, else when it was refused
  std::string_view payload;  // the record's bytes, whatever they are
};

// Appends the dead letter as JSON (schemas/dead_letter.schema.json) without a newline; the payload in base64.
void append_dead_letter_json(std::string& out, const DeadLetter& letter);

}  // namespace earshot
