#include "operators/parse/parser.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "operators/parse/canonical_walk.h"
#include "operators/parse/formats.h"
#include "operators/parse/language.h"

namespace earshot::parse {
namespace {

namespace dom = simdjson::dom;

static_assert(kMaxNesting == simdjson::DEFAULT_MAX_DEPTH);
static_assert(RecordBatch::kPadding >= simdjson::SIMDJSON_PADDING, "simdjson reads past the end of a record");

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

// XML begins with '<', or with the byte order mark of an encoding that JSON records may not have.
bool looks_like_xml(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return true;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const size_t start = bytes.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && bytes[start] == '<';
}

}  // namespace

struct Parser::Scratch {
  explicit Scratch(ParseOptions how) : options(std::move(how)) {}

  Verdict read_record(std::string_view bytes);
  Verdict read_detected(JsonObject record);
  Verdict read(JsonObject record, Format format);
  void complete_language(Post& post);

  ParseOptions options;
  dom::parser json{kMaxRecordBytes};
  CanonicalWalk walk;
  PostWriter writer;
  MastodonScratch mastodon;
  HtmlScratch html;
  LanguageDetector language;
  Format last_format = Format::kAuto;
};

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names{"auto",     "canonical", "x-v2",    "twitter-v1", "gnip",  "jetstream",
                                              "mastodon", "reddit",    "youtube", "feed",       "gdelt", "custom"};
  return names;
}

std::string format_names_in_words() {
  const auto& names = format_names();
  return fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

std::optional<Format> format_from_name(std::string_view name) {
  const auto& names = format_names();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<Format>(found - names.begin()));
}

std::string_view to_string(Format format) {
  return format_names()[static_cast<size_t>(format)];
}

void PostBatch::clear() {
  posts.clear();
  refusals.clear();
  not_posts = 0;
  text.clear();
  lists.clear();
}

Parser::Parser(ParseOptions options) : scratch_(std::make_unique<Scratch>(std::move(options))) {}
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
    case Format::kGnip:
      return read_gnip(record, writer);
    case Format::kJetstream:
      return read_jetstream(record, writer);
    case Format::kMastodon:
      return read_mastodon(record, mastodon, writer);
    case Format::kReddit:
      return read_reddit(record, writer);
    case Format::kYouTube:
      return read_youtube(record, html, writer);
    case Format::kGdelt:
      return read_gdelt(record, writer);
    case Format::kCustom:
      return options.custom ? read_custom(record, *options.custom, writer)
                            : writer.refuse("the configuration names no fields of the custom format");
    case Format::kFeed:
      return writer.refuse("the record is JSON, not XML");
    case Format::kAuto:
      break;
  }
  return writer.refuse(unknown_format(record));
}

Verdict Parser::Scratch::read_detected(JsonObject record) {
  const Format format = detect_format(record);
  if (format != Format::kAuto) last_format = format;
  const Verdict verdict = read(record, format);
  if (verdict == Verdict::kRefused && format != Format::kAuto) {
    writer.reason() += fmt::format(" (read as {})", to_string(format));
  }
  return verdict;
}

Verdict Parser::Scratch::read_record(std::string_view bytes) {
  if (options.format == Format::kFeed || (options.format == Format::kAuto && looks_like_xml(bytes))) {
    if (bytes.empty()) return writer.refuse("the record is empty");
    return bytes.size() > kMaxRecordBytes ? writer.refuse(json_refusal(simdjson::CAPACITY, bytes.size()))
                                          : read_feed(bytes, html, writer);
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  // What reads as a canonical post would be detected as one, so a stream of them can do without detection.
  const bool may_be_canonical =
      options.format == Format::kCanonical || (options.format == Format::kAuto && last_format == Format::kCanonical);
  if (may_be_canonical && walk.read(bytes, writer)) return Verdict::kPosts;
  dom::element root;
  JsonObject object;
  if (const auto error = json.parse(bytes.data(), bytes.size(), false).get(root)) {
    return writer.refuse(json_refusal(error, bytes.size()));
  }
  if (root.get(object)) return writer.refuse(fmt::format("the record is {}, not an object", type_name(root)));
  return options.format == Format::kAuto ? read_detected(object) : read(object, options.format);
}

void Parser::parse_record(const RecordView& record, uint32_t index, PostBatch& out) {
  scratch_->writer.begin(out, index, record.value.size(), record.timestamp_ms);
  const size_t posts_before = out.posts.size();
  const Verdict verdict = scratch_->read_record(record.value);
  if (verdict == Verdict::kNotAPost) ++out.not_posts;
  if (verdict != Verdict::kPosts) out.posts.resize(posts_before);
  if (verdict == Verdict::kRefused) out.refusals.push_back({index, std::move(scratch_->writer.reason())});
  for (size_t i = posts_before; i < out.posts.size(); ++i) scratch_->complete_language(out.posts[i]);
}

void Parser::Scratch::complete_language(Post& post) {
  if (!is_unknown_language(post.lang)) return;
  const bool is_readable = options.detects_language && !post.text.empty();
  post.lang = is_readable ? language.detect(post.text) : std::string_view();
}

void Parser::parse(const RecordBatch& records, PostBatch& out) {
  for (size_t i = 0; i < records.size(); ++i) parse_record(records[i], static_cast<uint32_t>(i), out);
  // One giant record must not hold its tenfold for ever.
  constexpr size_t kKeptCapacity = 2 * 1024 * 1024;
  if (scratch_->json.capacity() > kKeptCapacity) scratch_->json = dom::parser(kMaxRecordBytes);
}

}  // namespace earshot::parse
