// The examples of docs/rules.md are true.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <vector>

#include "tests/operators/match/rules_under_test.h"

namespace earshot::match {
namespace {

// The cells of a Markdown table row, where "\\|" is no end of a cell; empty for another line.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  if (!line.starts_with("| `")) return cells;
  std::string cell;
  for (size_t at = 1; at < line.size(); ++at) {
    if (line[at] != '|') {
      cell += line[at];
    } else if (line[at - 1] == '\\') {
      cell.back() = '|';
    } else {
      const size_t first = cell.find_first_not_of(' ');
      cells.push_back(cell.substr(first, cell.find_last_not_of(' ') - first + 1));
      cell.clear();
    }
  }
  return cells;
}

std::string_view code_in(std::string_view cell) {
  const size_t open = cell.find('`');
  return cell.substr(open + 1, cell.rfind('`') - open - 1);
}

// A post of the page, with what its views and spans point to.
struct Example {
  Post post;
  std::vector<std::string_view> list;  // links, hashtags or titles
  SentimentLabel sentiment = SentimentLabel::kNeutral;
};

bool read_text(std::string_view column, std::string_view value, Post& post) {
  const std::map<std::string_view, std::string_view*> texts{{"id", &post.id},
                                                            {"platform", &post.platform},
                                                            {"conversation", &post.conversation_id},
                                                            {"in_reply_to", &post.in_reply_to},
                                                            {"repost_of", &post.repost_of},
                                                            {"quote_of", &post.quote_of},
                                                            {"to", &post.in_reply_to_handle},
                                                            {"retweets_of", &post.repost_of_handle},
                                                            {"subreddit", &post.subreddit},
                                                            {"country", &post.country},
                                                            {"place", &post.place},
                                                            {"bio", &post.author_bio},
                                                            {"name", &post.author_name}};
  const auto text = texts.find(column);
  if (text == texts.end()) return false;
  *text->second = value;
  return true;
}

bool read_number(std::string_view column, std::string_view value, Post& post) {
  constexpr int64_t kDayMs = 24LL * 60 * 60 * 1000;
  const std::map<std::string_view, int64_t*> numbers{{"followers", &post.followers}, {"likes", &post.likes},
                                                     {"reposts", &post.reposts},     {"replies", &post.replies},
                                                     {"views", &post.views},         {"account_age_days", nullptr}};
  const auto found = numbers.find(column);
  if (found == numbers.end()) return false;
  const int64_t number = std::stoll(std::string(value));
  if (found->second != nullptr) {
    *found->second = number;
  } else {
    post.author_created_at_ms = kDayMs;
    post.created_at_ms = (number + 1) * kDayMs;
  }
  return true;
}

bool read_flag(std::string_view column, std::string_view value, Post& post) {
  if (column == "geo") {
    post.has_geo = true;
  } else if (column == "verified") {
    post.is_verified = true;
  } else if (column == "sensitive") {
    post.is_sensitive = true;
  } else if (column == "media") {
    (value == "video" ? post.media.has_video : post.media.has_images) = true;
  } else {
    return false;
  }
  return true;
}

void read_column(std::string_view column, std::string_view value, Example& example) {
  Post& post = example.post;
  if (read_text(column, value, post) || read_number(column, value, post) || read_flag(column, value, post)) return;
  if (column == "url" || column == "hashtag" || column == "url_title") {
    example.list.push_back(value);
    (column == "url" ? post.urls : column == "hashtag" ? post.hashtags : post.url_titles) = example.list;
  } else if (column == "kind") {
    for (const PostKind kind : {PostKind::kOriginal, PostKind::kReply, PostKind::kRepost, PostKind::kQuote}) {
      if (to_string(kind) == value) post.kind = kind;
    }
  } else if (column == "sentiment") {
    example.sentiment = value == "negative" ? SentimentLabel::kNegative : SentimentLabel::kNeutral;
  } else {
    ADD_FAILURE() << "the page has a column that this test does not know: " << column;
  }
}

// A post written as `text`, or with "@author: ", "language: " or "column=value: " before it.
Example example_in(std::string_view cell) {
  Example example;
  example.post.text = code_in(cell);
  const size_t colon = cell.find(": ");
  const std::string_view prefix = cell.substr(0, colon < cell.find('`') ? colon : 0);
  if (const size_t equals = prefix.find('='); equals != std::string_view::npos) {
    read_column(prefix.substr(0, equals), prefix.substr(equals + 1), example);
  } else if (prefix.starts_with('@')) {
    example.post.author_handle = prefix.substr(1);
  } else {
    example.post.lang = prefix;
  }
  return example;
}

bool matches(Matcher& matcher, std::string_view cell) {
  const Example example = example_in(cell);
  ToldSentiment sentiment(example.sentiment);
  return !matcher.match(example.post, &sentiment).empty();
}

TEST(RulesReference, HasTrueExamples) {
  std::ifstream page(std::string(EARSHOT_SOURCE_DIR) + "/docs/rules.md");
  size_t examples = 0;
  for (std::string line; std::getline(page, line);) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.empty() || cells.size() == 2) continue;  // the page has a table of something else
    ASSERT_EQ(cells.size(), 4U) << line;
    ListenerSet set = *listeners_with({std::string(code_in(cells[0]))});
    set.listeners[0].fold_diacritics = cells[1] == "`fold_diacritics: true`";
    set.listeners[0].split_hashtags = cells[1] == "`split_hashtags: true`";
    set.library = example_library();
    const auto rules = RuleSet::compile(std::make_shared<ListenerSet>(std::move(set)));
    ASSERT_TRUE(rules) << line << '\n' << rules.error().to_string();
    Matcher matcher(*rules);
    EXPECT_TRUE(matches(matcher, cells[2])) << line;
    EXPECT_FALSE(matches(matcher, cells[3])) << line;
    ++examples;
  }
  EXPECT_GE(examples, 75U);
}

}  // namespace
}  // namespace earshot::match
