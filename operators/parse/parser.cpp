#include "operators/parse/parser.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <utility>

#include "operators/parse/formats.h"

namespace earshot::parse {
namespace {

namespace dom = simdjson::dom;

static_assert(kMaxNesting == simdjson::DEFAULT_MAX_DEPTH);
static_assert(RecordBatch::kPadding >= simdjson::SIMDJSON_PADDING, "simdjson reads past the end of a record");

constexpr std::array<std::pair<std::string_view, Format>, 7> kFormatNames{{{"auto", Format::kAuto},
                                                                           {"canonical", Format::kCanonical},
                                                                           {"x-v2", Format::kXV2},
                                                                           {"twitter-v1", Format::kTwitterV1},
                                                                           {"jetstream", Format::kJetstream},
                                                                           {"mastodon", Format::kMastodon},
                                                                           {"reddit", Format::kReddit}}};

std::string json_refusal(simdjson::error_code error, size_t record_bytes) {
  switch (error) {
    case simdjson::EMPTY:
      return "the record is empty";
    case simdjson::UTF8_ERROR:
      return "the record is not valid UTF-8";
    case simdjson::DEPTH_ERROR:
      return fmt::format("the record nests deeper than {} levels", kMaxNesting);
    case simdjson::CAPACITY:
      return fmt::format("the record has {} bytes, more than the {} that are read", record_bytes, kMaxRecordBytes);
    case simdjson::STRING_ERROR:
      return "invalid JSON: a string has an unknown escape or half of a surrogate pair (simdjson: " +
             std::string(simdjson::error_message(error)) + ")";
    case simdjson::NUMBER_ERROR:
      return "invalid JSON: a number is malformed or does not fit 64 bits (simdjson: " +
             std::string(simdjson::error_message(error)) + ")";
    default:
      return "invalid JSON: " + std::string(simdjson::error_message(error));
  }
}

std::string unknown_format(JsonObject record) {
  constexpr size_t kShownMembers = 5;
  std::string members;
  size_t shown = 0;
  for (const dom::key_value_pair member : record) {
    if (shown++ == kShownMembers) break;
    members += (shown == 1 ? "" : ", ") + quoted(member.key);
  }
  return "the object is a post of no known format; its members are " +
         (members.empty() ? "none" : members + (shown > kShownMembers ? " and more" : ""));
}

}  // namespace

struct Parser::Scratch {
  dom::parser json{kMaxRecordBytes};
  PostWriter writer;
  MastodonScratch mastodon;
  Format last_format = Format::kAuto;

  Verdict read(JsonObject record, Format format);
  Verdict read_detected(JsonObject record);
};

std::optional<Format> format_from_name(std::string_view name) {
  for (const auto& [known, format] : kFormatNames) {
    if (known == name) return format;
  }
  return std::nullopt;
}

std::string_view to_string(Format format) {
  for (const auto& [name, known] : kFormatNames) {
    if (known == format) return name;
  }
  return "auto";
}

void PostBatch::clear() {
  posts.clear();
  refusals.clear();
  not_posts = 0;
  text.clear();
  lists.clear();
}

Parser::Parser(Format format) : format_(format), scratch_(std::make_unique<Scratch>()) {}
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;
Parser::~Parser() = default;

Verdict Parser::Scratch::read(JsonObject record, Format format) {
  switch (format) {
    case Format::kCanonical:
      return read_canonical(record, writer);
    case Format::kXV2:
      return read_x_v2(record, writer);
    case Format::kTwitterV1:
      return read_twitter_v1(record, writer);
    case Format::kJetstream:
      return read_jetstream(record, writer);
    case Format::kMastodon:
      return read_mastodon(record, mastodon, writer);
    case Format::kReddit:
      return read_reddit(record, writer);
    case Format::kAuto:
      break;
  }
  return writer.refuse(unknown_format(record));
}

Verdict Parser::Scratch::read_detected(JsonObject record) {
  // A record that reads as a canonical post would be detected as one, so a stream of them can do without detection.
  if (last_format == Format::kCanonical && read_canonical(record, writer) == Verdict::kPosts) return Verdict::kPosts;
  const Format format = detect_format(record);
  if (format != Format::kAuto) last_format = format;
  const Verdict verdict = read(record, format);
  if (verdict == Verdict::kRefused && format != Format::kAuto) {
    writer.reason() += fmt::format(" (read as {})", to_string(format));
  }
  return verdict;
}

void Parser::parse_record(std::string_view bytes, uint32_t record, PostBatch& out) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  PostWriter& writer = scratch_->writer;
  writer.begin(out, record, bytes.size());
  const size_t posts_before = out.posts.size();
  dom::element root;
  JsonObject object;
  Verdict verdict = Verdict::kRefused;
  if (const auto error = scratch_->json.parse(bytes.data(), bytes.size(), false).get(root)) {
    verdict = writer.refuse(json_refusal(error, bytes.size()));
  } else if (root.get(object)) {
    verdict = writer.refuse(fmt::format("the record is {}, not an object", type_name(root)));
  } else {
    verdict = format_ == Format::kAuto ? scratch_->read_detected(object) : scratch_->read(object, format_);
  }
  if (verdict == Verdict::kNotAPost) ++out.not_posts;
  if (verdict != Verdict::kRefused) return;
  out.posts.resize(posts_before);
  out.refusals.push_back({record, std::move(writer.reason())});
}

void Parser::parse(const RecordBatch& records, PostBatch& out) {
  for (size_t i = 0; i < records.size(); ++i) parse_record(records[i].value, static_cast<uint32_t>(i), out);
  // One giant record must not hold its tenfold for ever.
  constexpr size_t kKeptCapacity = 2 * 1024 * 1024;
  if (scratch_->json.capacity() > kKeptCapacity) scratch_->json = dom::parser(kMaxRecordBytes);
}

}  // namespace earshot::parse
