// SinglePostParser: the pipeline's parser on one record at a time, for commands that go line by line.
#pragma once

#include <string_view>
#include <utility>

#include "engine/base/result.h"
#include "operators/parse/parser.h"

namespace earshot {

class SinglePostParser {
 public:
  explicit SinglePostParser(parse::ParseOptions options) : parser_(std::move(options)) {}
  explicit SinglePostParser(parse::Format format) : SinglePostParser(parse::ParseOptions{.format = format}) {}

  // The result is good until the next call.
  const parse::PostBatch& parse(std::string_view record);

  // The one post of a canonical record, or why there is none.
  Result<const Post*> parse_one(std::string_view record);

 private:
  parse::Parser parser_;
  parse::PostBatch posts_;
};

bool is_valid_utf8(std::string_view text);

}  // namespace earshot
