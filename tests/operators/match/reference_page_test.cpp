// The examples of docs/rules.md are true.
#include <gtest/gtest.h>

#include <fstream>

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

// A post written as `text`, "@author: `text`" or "language: `text`".
Post post_in(std::string_view cell) {
  Post post;
  post.text = code_in(cell);
  const std::string_view prefix = cell.substr(0, cell.find(':') < cell.find('`') ? cell.find(':') : 0);
  if (prefix.starts_with('@')) {
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
    EXPECT_FALSE(matcher.match(post_in(cells[2])).empty()) << line;
    EXPECT_TRUE(matcher.match(post_in(cells[3])).empty()) << line;
    ++examples;
  }
  EXPECT_GE(examples, 15U);
}

}  // namespace
}  // namespace earshot::match
