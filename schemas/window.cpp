#include "schemas/window.h"

#include <fmt/format.h>

#include <iterator>

#include "engine/base/json_writer.h"
#include "engine/time/timestamp.h"
#include "schemas/counts.h"

namespace earshot {
namespace {

// Ten-thousandths as an exact decimal: a sum must not depend on how a double rounds.
std::string exact_decimal_e4(int64_t value_e4) {
  const uint64_t magnitude = value_e4 < 0 ? 0 - static_cast<uint64_t>(value_e4) : static_cast<uint64_t>(value_e4);
  return fmt::format("{}{}.{:04}", value_e4 < 0 ? "-" : "", magnitude / 10000, magnitude % 10000);
}

}  // namespace

void append_window_json(std::string& out, const WindowResult& window) {
  const CountSums& counts = *window.counts;
  const uint64_t mentions = counts.mentions;
  const double mean =
      mentions == 0 ? 0 : static_cast<double>(counts.sentiment_sum_e4) / 1e4 / static_cast<double>(mentions);
  JsonWriter json(out);
  json.begin_object().member("listener", window.listener).member_if("spoke", window.spoke);
  json.member("start", format_rfc3339(window.start_ms));
  json.member("end", format_rfc3339(window.start_ms + window.length_ms));
  json.member("length_ms", window.length_ms).key("revision").unsigned_integer(window.revision);
  json.key("mentions").unsigned_integer(mentions).key("hits").unsigned_integer(counts.hits);
  json.key("sentiment_sum").raw(exact_decimal_e4(counts.sentiment_sum_e4));
  json.key("sentiment_mean").decimal(mean, 4);
  json.key("negative").unsigned_integer(counts.negative).key("positive").unsigned_integer(counts.positive);
  json.key("reach").unsigned_integer(counts.reach).key("engagement").unsigned_integer(counts.engagement);
  json.key("originals").unsigned_integer(counts.originals).key("complaints").unsigned_integer(counts.complaints);
  json.key("authors").unsigned_integer(estimate_distinct(sketch_bytes(counts.author_bits), mentions));
  json.key("distinct_texts").unsigned_integer(estimate_distinct(sketch_bytes(counts.text_bits), mentions));
  json.end_object();
}

}  // namespace earshot
