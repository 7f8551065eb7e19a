// The examples of docs/rules.md are true.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <vector>

#include "tests/operators/match/rules_under_test.h"

namespace earshot::match {
namespace {

// The cells of a Markdown table row; empty for another line.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  if (!line.starts_with("| `")) return cells;
  for (size_t at = 1, end = line.find('|', at); end != std::string::npos; at = end + 1, end = line.find('|', at)) {
    const std::string cell = line.substr(at, end - at);
    const size_t first = cell.find_first_not_of(' ');
    cells.push_back(cell.substr(first, cell.find_last_not_of(' ') - first + 1));
  }
  return cells;
}

std::string_view code_in(std::string_view cell) {
  const size_t open = cell.find('`');
  return cell.substr(open + 1, cell.rfind('`') - open - 1);
}

// A post written as `text`, or with "@author: ", "language: " or "column=value: " before it. `urls` keeps its link.
Post post_in(std::string_view cell, std::vector<std::string_view>& urls) {
  Post post;
  post.text = code_in(cell);
  const size_t colon = cell.find(": ");
  const std::string_view prefix = cell.substr(0, colon < cell.find('`') ? colon : 0);
  const size_t equals = prefix.find('=');
  const std::string_view column = prefix.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? std::string_view() : prefix.substr(equals + 1);
  const std::map<std::string_view, std::string_view*> texts{{"id", &post.id},
                                                            {"platform", &post.platform},
                                                            {"conversation", &post.conversation_id},
                                                            {"in_reply_to", &post.in_reply_to},
                                                            {"repost_of", &post.repost_of},
                                                            {"quote_of", &post.quote_of}};
  const std::map<std::string_view, int64_t*> numbers{
      {"followers", &post.followers}, {"likes", &post.likes}, {"reposts", &post.reposts}, {"replies", &post.replies}};
  if (const auto text = texts.find(column); text != texts.end()) {
    *text->second = value;
  } else if (const auto number = numbers.find(column); number != numbers.end()) {
    *number->second = std::stoll(std::string(value));
  } else if (column == "url" || column == "hashtag") {
    urls.push_back(value);
    (column == "url" ? post.urls : post.hashtags) = urls;
  } else if (column == "kind") {
    for (const PostKind kind : {PostKind::kOriginal, PostKind::kReply, PostKind::kRepost, PostKind::kQuote}) {
      if (to_string(kind) == value) post.kind = kind;
    }
  } else if (prefix.starts_with('@')) {
    post.author_handle = prefix.substr(1);
  } else {
    post.lang = prefix;
  }
  return post;
}

TEST(RulesReference, HasTrueExamples) {
  std::ifstream page(std::string(EARSHOT_SOURCE_DIR) + "/docs/rules.md");
  size_t examples = 0;
  for (std::string line; std::getline(page, line);) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.empty()) continue;
    ASSERT_EQ(cells.size(), 4U) << line;
    const std::string query(code_in(cells[0]));
    ASSERT_EQ(error_of(query), "") << line;
    Matcher matcher(rules_with({query}));
    std::vector<std::string_view> urls;
    EXPECT_FALSE(matcher.match(post_in(cells[2], urls)).empty()) << line;
    urls.clear();
    EXPECT_TRUE(matcher.match(post_in(cells[3], urls)).empty()) << line;
    ++examples;
  }
  EXPECT_GE(examples, 40U);
}

}  // namespace
}  // namespace earshot::match
