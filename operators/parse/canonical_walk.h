// CanonicalWalk: reads canonical posts of ordinary size without building a document first. simdjson finds where the
// values begin and checks the encoding (its stage 1, with the widest vectors that the CPU has); the walk over those
// places checks the rest of the grammar and fills the post, whose texts stay where they lie in one copy of the record.
#pragma once

#include <simdjson.h>

#include <memory>
#include <string_view>

#include "operators/parse/post_writer.h"

namespace earshot::parse {

// Not for two threads at once: it holds the places of one record.
class CanonicalWalk {
 public:
  // Longer records gain nothing: what is in them is mostly unread.
  static constexpr size_t kMostBytes = 4096;

  // Adds the post of the record and says so. False leaves everything as it was, and the judgement to read_canonical():
  // the record is no sound canonical post, or is one in a form that is too rare to be known here. `record` is followed
  // by RecordBatch::kPadding readable bytes.
  bool read(std::string_view record, PostWriter& out);

 private:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1_;
};

}  // namespace earshot::parse
