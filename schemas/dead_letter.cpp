#include "schemas/dead_letter.h"

#include <openssl/evp.h>
#include <simdjson.h>

#include <utility>

#include "engine/base/json_writer.h"
#include "engine/time/timestamp.h"

namespace earshot {
namespace {

void append_base64(std::string& out, std::string_view bytes) {
  const size_t start = out.size();
  const size_t encoded_bytes = (bytes.size() + 2) / 3 * 4;
  out.resize(start + encoded_bytes + 1);  // EVP_EncodeBlock ends with a NUL
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + start),
                  reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(start + encoded_bytes);
}

Result<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return invalid("the payload is not base64");
  std::string bytes(text.size() / 4 * 3, '\0');
  const int decoded =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (decoded != static_cast<int>(bytes.size())) return invalid("the payload is not base64");
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(bytes.size() - padding);  // EVP_DecodeBlock writes zeros for it
  return bytes;
}

}  // namespace

uint32_t dead_letter_parts(const DeadLetter& letter) {
  if (letter.payload.empty()) return 1;
  return static_cast<uint32_t>((letter.payload.size() - 1) / kDeadLetterPartBytes + 1);
}

void append_dead_letter_json(std::string& out, const DeadLetter& letter, uint32_t part) {
  const uint32_t parts = dead_letter_parts(letter);
  JsonWriter json(out);
  json.begin_object().member("stage", letter.stage).member("reason", letter.reason).member("topic", letter.topic);
  json.member("partition", letter.partition).member("offset", letter.offset);
  json.key("rule_version").unsigned_integer(letter.rule_version);
  json.key("time").begin_raw_string();
  append_rfc3339(out, letter.time_ms);
  json.end_raw_string();
  if (parts > 1) json.member("part", part).member("parts", parts);
  json.key("payload").begin_raw_string();
  append_base64(out, letter.payload.substr(part * kDeadLetterPartBytes, kDeadLetterPartBytes));
  json.end_raw_string();
  json.end_object();
}

Result<DeadLetterPart> read_dead_letter(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element object;
  if (const auto error = parser.parse(json.data(), json.size()).get(object)) {
    return invalid(std::string("not a dead letter: ") + simdjson::error_message(error));
  }
  DeadLetterPart letter;
  std::string_view stage;
  std::string_view reason;
  std::string_view topic;
  std::string_view time;
  std::string_view payload;
  int64_t partition = 0;
  uint64_t part = 0;
  uint64_t parts = 1;
  const bool is_whole =
      object["stage"].get(stage) == simdjson::SUCCESS && object["reason"].get(reason) == simdjson::SUCCESS &&
      object["topic"].get(topic) == simdjson::SUCCESS && object["partition"].get(partition) == simdjson::SUCCESS &&
      object["offset"].get(letter.offset) == simdjson::SUCCESS &&
      object["rule_version"].get(letter.rule_version) == simdjson::SUCCESS &&
      object["time"].get(time) == simdjson::SUCCESS && object["payload"].get(payload) == simdjson::SUCCESS;
  const auto time_ms = is_whole ? parse_rfc3339_ms(time) : std::nullopt;
  if (!time_ms) return invalid("not a dead letter: a member is missing or of another type");
  if (object["part"].get(part) == simdjson::SUCCESS && object["parts"].get(parts) != simdjson::SUCCESS) {
    return invalid("not a dead letter: part without parts");
  }
  auto bytes = decode_base64(payload);
  if (!bytes) return bytes.error();
  letter.stage = stage;
  letter.reason = reason;
  letter.topic = topic;
  letter.partition = static_cast<int32_t>(partition);
  letter.time_ms = *time_ms;
  letter.payload = std::move(*bytes);
  letter.part = static_cast<uint32_t>(part);
  letter.parts = static_cast<uint32_t>(parts);
  return letter;
}

}  // namespace earshot
