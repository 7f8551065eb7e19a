#include "engine/base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/arena.h"
#include "engine/base/secret.h"

namespace earshot {
namespace {

TEST(Result, HoldsAValueOrAnError) {
  Result<std::string> good = std::string("value");
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(*good, "value");
  EXPECT_EQ(good->size(), 5u);
  const Result<std::string> bad = invalid("expected a name", "listeners.yaml:3:7");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(bad.error().to_string(), "listeners.yaml:3:7: expected a name");
}

TEST(Result, TellsAnErrorWithoutAPlaceByItsMessageAlone) {
  EXPECT_EQ(failed("disk full").to_string(), "disk full");
  EXPECT_EQ(failed("disk full").code, ErrorCode::kFailed);
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(*made);
  EXPECT_EQ(*taken, 7);
}

TEST(Result, OfNothingIsGoodUntilItHasAnError) {
  EXPECT_TRUE(Result<void>().ok());
  const Result<void> bad = failed("disk full");
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().message, "disk full");
}

TEST(Arena, KeepsCopiesInPlaceWhileItGrows) {
  Arena arena(64);
  std::vector<std::string_view> copies;
  for (int i = 0; i < 1000; ++i) copies.push_back(arena.copy("text number " + std::to_string(i)));
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(copies[static_cast<size_t>(i)], "text number " + std::to_string(i));
  EXPECT_TRUE(arena.copy("").empty());
  EXPECT_EQ(arena.copy(std::string(1000, 'x')), std::string(1000, 'x'));
}

TEST(Arena, UsesItsFirstChunkAgainAfterAReset) {
  Arena arena(1024);
  const char* const first = arena.copy("first").data();
  arena.copy(std::string(5000, 'x'));
  arena.reset();
  EXPECT_EQ(arena.copy("again").data(), first);
}

TEST(Secret, NeverPrints) {
  std::ostringstream out;
  out << Secret("hunter2");
  EXPECT_EQ(out.str(), "[secret]");
}

TEST(Secret, EqualsItsOwnValueOnly) {
  const Secret secret("hunter2");
  EXPECT_TRUE(secret.equals("hunter2"));
  for (const char* other : {"", "hunter", "hunter22", "hunter3", "Hunter2", "hunter2hunter2"}) {
    EXPECT_FALSE(secret.equals(other)) << other;
  }
  EXPECT_TRUE(Secret().equals(""));
  EXPECT_FALSE(Secret().equals("x"));
}

}  // namespace
}  // namespace earshot
