// Parser: turns records into canonical posts. It owns the formats of the platforms; the pipeline's parallel stage calls
// it, one Parser for each thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/flow/record_batch.h"
#include "operators/parse/chunk_pool.h"
#include "schemas/post.h"

namespace earshot::parse {

class CustomFields;

// kAuto decides for each record by its members. The others refuse what is not theirs. kCustom reads the members that
// CustomFields names.
enum class Format {
  kAuto,
  kCanonical,
  kXV2,
  kTwitterV1,
  kGnip,
  kJetstream,
  kMastodon,
  kReddit,
  kYouTube,
  kFeed,
  kGdelt,
  kCustom
};

// The names of the configuration, in the order of the enumeration: auto, canonical, x-v2 and so on.
const std::vector<std::string>& format_names();
// The same as a sentence has them: "auto, canonical, … or custom".
std::string format_names_in_words();
std::optional<Format> format_from_name(std::string_view name);
std::string_view to_string(Format format);

struct ParseOptions {
  Format format = Format::kAuto;
  bool detects_language = true;                // of posts whose platform gives none
  std::shared_ptr<const CustomFields> custom;  // for kCustom, which refuses every record without
};

// A record that is not what it should be; it belongs in the dead letters.
struct Refusal {
  uint32_t record = 0;  // index in the batch
  std::string reason;   // one sentence for the person who reads the dead letter; valid UTF-8
};

// What the records of one batch turned out to be: each record is one of posts (several for a page), refused, or not a
// post. It owns the memory of its posts, so it must outlive them; moving it leaves them valid.
struct PostBatch {
  std::vector<Post> posts;        // by record, and in the order of the page within a record
  std::vector<Refusal> refusals;  // by record
  uint64_t not_posts = 0;         // records that are sound and carry no post: likes, notices, empty pages

  ChunkPool<char> text{512 * 1024};
  ChunkPool<std::string_view> lists{16 * 1024};

  // Forgets everything and keeps the memory for the next batch.
  void clear();
};

// Greatest record that is read; a larger one is refused. It bounds the scratch of a parser (about ten times as much).
inline constexpr size_t kMaxRecordBytes = 16 * 1024 * 1024;
// Deepest nesting of arrays and objects that is read.
inline constexpr size_t kMaxNesting = 1024;

// Not for two threads at once: the JSON parser and the buffers inside are its scratch.
class Parser {
 public:
  explicit Parser(ParseOptions options);
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;
  ~Parser();

  // Adds what `records` hold to `out`; posts and refusals carry the index of their record. Posts don't point into
  // `records`. A record is taken whole or not at all: a page with one bad post is refused with the place of that post.
  void parse(const RecordBatch& records, PostBatch& out);

 private:
  struct Scratch;
  void parse_record(const RecordView& record, uint32_t index, PostBatch& out);

  std::unique_ptr<Scratch> scratch_;
};

}  // namespace earshot::parse
