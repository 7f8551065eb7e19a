#include "ops/earshot/single_post.h"

#include <simdjson.h>

namespace earshot {

const parse::PostBatch& SinglePostParser::parse(std::string_view record) {
  RecordBatch batch({"stdin", 0}, record.size());
  batch.append({}, record, 0, kNoTimestamp);
  posts_.clear();
  parser_.parse(batch, posts_);
  return posts_;
}

Result<const Post*> SinglePostParser::parse_one(std::string_view record) {
  const parse::PostBatch& parsed = parse(record);
  if (!parsed.refusals.empty()) return invalid(parsed.refusals.front().reason);
  if (parsed.posts.size() != 1) return invalid("expected one post, found " + std::to_string(parsed.posts.size()));
  return &parsed.posts.front();
}

bool is_valid_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace earshot
