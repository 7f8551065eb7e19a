#include "operators/sentiment/token_memo.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace earshot::sentiment {
namespace {

TokenMemo::Place place_of(const TokenMemo& memo, const std::string& token) {
  std::string readable = token;
  readable.resize(TokenMemo::kBytesMax + 1, '~');  // what follows a token is not part of it
  return memo.place_of(readable.data(), token.size());
}

// Three tokens that are kept in the same line.
std::vector<std::string> tokens_of_one_line(const TokenMemo& memo) {
  std::vector<std::string> tokens = {"first"};
  const size_t line = place_of(memo, tokens[0]).line;
  for (int i = 0; tokens.size() < 3; ++i) {
    std::string token = "t" + std::to_string(i);
    if (place_of(memo, token).line == line) tokens.push_back(std::move(token));
  }
  return tokens;
}

TEST(TokenMemo, TellsTokensOfEachLengthApart) {
  TokenMemo memo;
  for (size_t bytes = 1; bytes <= TokenMemo::kBytesMax; ++bytes) {
    const std::string token(bytes, 'a');
    EXPECT_EQ(memo.find(place_of(memo, token)), nullptr) << token;
    memo.keep(place_of(memo, token), {.hash = static_cast<uint32_t>(bytes)});
  }
  for (size_t bytes = 1; bytes <= TokenMemo::kBytesMax; ++bytes) {
    const TokenMemo::Entry* known = memo.find(place_of(memo, std::string(bytes, 'a')));
    ASSERT_NE(known, nullptr) << bytes;
    EXPECT_EQ(known->hash, bytes);
  }
}

TEST(TokenMemo, KnowsATokenWithZeroBytesFromTheSameTokenWithoutThem) {
  TokenMemo memo;
  memo.keep(place_of(memo, "a"), {.hash = 1});
  EXPECT_EQ(memo.find(place_of(memo, std::string("a\0", 2))), nullptr);
}

TEST(TokenMemo, GivesTheRoomOfTheTokenThatWasNotMetForLonger) {
  TokenMemo memo;
  const std::vector<std::string> tokens = tokens_of_one_line(memo);
  memo.keep(place_of(memo, tokens[0]), {.hash = 10});
  memo.keep(place_of(memo, tokens[1]), {.hash = 11});
  ASSERT_NE(memo.find(place_of(memo, tokens[0])), nullptr);
  memo.keep(place_of(memo, tokens[2]), {.hash = 12});
  ASSERT_NE(memo.find(place_of(memo, tokens[0])), nullptr);
  EXPECT_EQ(memo.find(place_of(memo, tokens[0]))->hash, 10U);
  EXPECT_EQ(memo.find(place_of(memo, tokens[1])), nullptr);
  ASSERT_NE(memo.find(place_of(memo, tokens[2])), nullptr);
  EXPECT_EQ(memo.find(place_of(memo, tokens[2]))->hash, 12U);
}

}  // namespace
}  // namespace earshot::sentiment
