// What a parser made of a few records; it owns both the records and the posts.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "operators/parse/parser.h"

namespace earshot::parse {

struct Parsed {
  Parsed(const std::vector<std::string>& records, const ParseOptions& options) {
    RecordBatch batch({"posts", 0}, 1024);
    for (const std::string& record : records)
      batch.append({}, record, static_cast<int64_t>(batch.size()), kNoTimestamp);
    Parser(options).parse(batch, result);
  }
  // Without detection of languages, which is about another thing.
  explicit Parsed(const std::vector<std::string>& records, Format format = Format::kAuto)
      : Parsed(records, ParseOptions{.format = format, .detects_language = false}) {}
  explicit Parsed(std::string_view record, Format format = Format::kAuto)
      : Parsed(std::vector<std::string>{std::string(record)}, format) {}

  PostBatch result;

  [[nodiscard]] bool is_not_a_post() const {
    return result.not_posts == 1 && result.posts.empty() && result.refusals.empty();
  }
  // The reason of the only record's refusal; says so when it was not refused.
  [[nodiscard]] std::string refusal() const {
    return result.refusals.size() == 1 && result.posts.empty() && result.not_posts == 0 ? result.refusals[0].reason
                                                                                        : "(not refused)";
  }
  // The only record's only post.
  [[nodiscard]] const Post& post() const {
    static const Post none;
    EXPECT_EQ(result.posts.size(), 1U) << (result.refusals.empty() ? "" : result.refusals[0].reason);
    return result.posts.size() == 1 ? result.posts[0] : none;
  }
};

inline std::vector<std::string> strings_of(std::span<const std::string_view> views) {
  return {views.begin(), views.end()};
}

}  // namespace earshot::parse
