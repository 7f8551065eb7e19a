#include "schemas/dead_letter.h"

#include <openssl/evp.h>

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

}  // namespace

void append_dead_letter_json(std::string& out, const DeadLetter& letter) {
  JsonWriter json(out);
  json.begin_object().member("stage", letter.stage).member("reason", letter.reason).member("topic", letter.topic);
  json.member("partition", letter.partition).member("offset", letter.offset);
  json.key("rule_version").unsigned_integer(letter.rule_version);
  json.key("time").begin_raw_string();
  append_rfc3339(out, letter.time_ms);
  json.end_raw_string();
  json.key("payload").begin_raw_string();
  append_base64(out, letter.payload);
  json.end_raw_string();
  json.end_object();
}

}  // namespace earshot
