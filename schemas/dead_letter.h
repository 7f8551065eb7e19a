// Dead letter: a record that could not be used, with the reason and its bytes, so that nothing is lost in silence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

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

// Bytes of the payload in one record: a record of a dead letter stays below the megabyte that Kafka takes by default.
inline constexpr size_t kDeadLetterPartBytes = 512 * 1024;

// Records that the dead letter takes: one, unless its payload is large.
[[nodiscard]] uint32_t dead_letter_parts(const DeadLetter& letter);

// Appends one part as JSON (schemas/dead_letter.schema.json) without a newline; the payload in base64.
void append_dead_letter_json(std::string& out, const DeadLetter& letter, uint32_t part = 0);

// One record of the dead letters' topic, read back.
struct DeadLetterPart {
  std::string stage;
  std::string reason;
  std::string topic;
  int32_t partition = 0;
  int64_t offset = 0;
  uint64_t rule_version = 0;
  int64_t time_ms = 0;
  std::string payload;  // of this part
  uint32_t part = 0;    // from 0
  uint32_t parts = 1;
};

// kInvalid: what is wrong with it.
[[nodiscard]] Result<DeadLetterPart> read_dead_letter(std::string_view json);

}  // namespace earshot
