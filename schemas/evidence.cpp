#include "schemas/evidence.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/utf8_prefix.h"

namespace earshot {
namespace {

using google::protobuf::io::CodedOutputStream;

// Writes fields straight from views, without a message object between. As proto3 does, it leaves out what is empty or
// 0.
class FieldWriter {
 public:
  explicit FieldWriter(std::string& out) : out_(out) {}

  void text(uint32_t field, std::string_view value) {
    if (!value.empty()) repeated_text(field, value);
  }
  void repeated_text(uint32_t field, std::string_view value) {
    head(field, 2, value.size());
    out_.append(value);
  }
  void integer(uint32_t field, int64_t value) {
    if (value != 0) head(field, 0, static_cast<uint64_t>(value));
  }
  void zigzag(uint32_t field, int32_t value) {
    if (value == 0) return;
    head(field, 0, static_cast<uint32_t>(value) << 1 ^ static_cast<uint32_t>(value >> 31));
  }
  void fixed64(uint32_t field, uint64_t value) {
    if (value == 0) return;
    uint8_t bytes[16];
    uint8_t* end = CodedOutputStream::WriteTagToArray(field << 3 | 1, bytes);
    append(bytes, CodedOutputStream::WriteLittleEndian64ToArray(value, end));
  }

 private:
  void head(uint32_t field, uint32_t wire_type, uint64_t number) {
    uint8_t bytes[16];
    uint8_t* end = CodedOutputStream::WriteTagToArray(field << 3 | wire_type, bytes);
    append(bytes, CodedOutputStream::WriteVarint64ToArray(number, end));
  }
  void append(const uint8_t* begin, const uint8_t* end) {
    out_.append(reinterpret_cast<const char*>(begin), static_cast<size_t>(end - begin));
  }

  std::string& out_;
};

}  // namespace

uint64_t evidence_rank(int64_t followers, int64_t engagement, int32_t sentiment_e4) {
  const auto audience = static_cast<uint64_t>(std::max<int64_t>(followers, 0) + 10 * std::max<int64_t>(engagement, 0));
  const auto negativity = static_cast<uint64_t>(20000 - std::clamp(sentiment_e4, -10000, 10000));
  return static_cast<uint64_t>(std::bit_width(audience) + 1) * negativity;
}

RankedEvidence rank(const wire::Evidence& evidence) {
  return {{evidence_rank(evidence.followers(), evidence.engagement(), evidence.sentiment_e4()),
           post_hash(evidence.post_id(), evidence.platform()), evidence.text_hash()},
          evidence.SerializeAsString()};
}

uint64_t post_hash(std::string_view post_id, std::string_view platform) {
  return hash_64(post_id, hash_64(platform));
}

int64_t engagement_of(const Post& post) {
  return post.likes + post.reposts + post.replies;
}

void append_evidence(std::string& out, const Mention& mention, uint64_t text_hash, size_t text_bytes_max) {
  using Field = wire::Evidence;
  const Post& post = *mention.post;
  FieldWriter fields(out);
  fields.text(Field::kPostIdFieldNumber, post.id);
  fields.text(Field::kPlatformFieldNumber, post.platform);
  fields.text(Field::kUrlFieldNumber, post.url);
  fields.text(Field::kAuthorIdFieldNumber, post.author_id);
  fields.text(Field::kAuthorHandleFieldNumber, post.author_handle);
  fields.text(Field::kLangFieldNumber, post.lang);
  fields.text(Field::kTextFieldNumber, utf8_prefix(post.text, text_bytes_max));
  fields.integer(Field::kCreatedAtMsFieldNumber, post.created_at_ms);
  fields.integer(Field::kFollowersFieldNumber, post.followers);
  fields.integer(Field::kEngagementFieldNumber, engagement_of(post));
  fields.zigzag(Field::kSentimentE4FieldNumber, mention.sentiment.compound_e4());
  fields.text(Field::kTriageFieldNumber, to_string(mention.triage.kind));
  fields.text(Field::kKindFieldNumber, to_string(post.kind));
  for (const ClauseMatch& clause : mention.clauses) fields.repeated_text(Field::kClausesFieldNumber, clause.text);
  fields.fixed64(Field::kTextHashFieldNumber, text_hash);
  fields.text(Field::kCountryFieldNumber, post.country);
  fields.integer(Field::kAuthorCreatedAtMsFieldNumber, post.author_created_at_ms);
}

wire::Evidence read_evidence(const RankedEvidence& ranked) {
  wire::Evidence evidence;
  if (!evidence.ParseFromString(ranked.bytes)) evidence.Clear();
  return evidence;
}

RankedEvidence take_evidence(wire::RankedEvidence& wire) {
  return {{wire.rank(), wire.tie(), wire.text_hash()}, std::move(*wire.mutable_evidence())};
}

RankedEvidence copy_evidence(const wire::RankedEvidence& wire) {
  return {{wire.rank(), wire.tie(), wire.text_hash()}, wire.evidence()};
}

void write_evidence(const RankedEvidence& ranked, wire::RankedEvidence& out) {
  out.set_rank(ranked.place.rank);
  out.set_tie(ranked.place.tie);
  out.set_text_hash(ranked.place.text_hash);
  out.set_evidence(ranked.bytes);
}

std::optional<size_t> make_room(std::vector<RankedEvidence>& kept, const EvidencePlace& offered, size_t count_max) {
  const auto is_copy = [&](const RankedEvidence& other) { return other.place.text_hash == offered.text_hash; };
  if (const auto copy = std::ranges::find_if(kept, is_copy); copy != kept.end()) {
    if (offered <= copy->place) return std::nullopt;
    kept.erase(copy);
  } else if (kept.size() >= count_max) {
    if (kept.empty() || offered <= kept.back().place) return std::nullopt;
    kept.pop_back();
  }
  const auto is_worse = [&](const RankedEvidence& other) { return offered > other.place; };
  return static_cast<size_t>(std::ranges::find_if(kept, is_worse) - kept.begin());
}

void offer_evidence(std::vector<RankedEvidence>& kept, RankedEvidence offered, size_t count_max) {
  const auto place = make_room(kept, offered.place, count_max);
  if (place) kept.insert(kept.begin() + static_cast<std::ptrdiff_t>(*place), std::move(offered));
}

}  // namespace earshot
