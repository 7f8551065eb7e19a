// What `earshot rules cost` measures; times are what they are, so only their order is asked for where it is sure.
#include "ops/rules/cost.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace earshot::rules {
namespace {

using testing::HasSubstr;

class Cost : public testing::Test {
 protected:
  static std::shared_ptr<const ListenerSet> set_of(const std::vector<std::string>& queries) {
    auto set = std::make_shared<ListenerSet>();
    for (const std::string& query : queries) {
      set->listeners.push_back(
          {.name = "l" + std::to_string(set->listeners.size()), .spoke = "s", .owner = "o", .query = query});
    }
    return set;
  }

  Cost() {
    for (int i = 0; i < 400; ++i) {
      texts_.push_back("post number " + std::to_string(i) +
                       (i % 4 == 0 ? " says that the service is down" : " is fine"));
    }
    for (const std::string& text : texts_) {
      Post& post = posts_.emplace_back();
      post.id = text;
      post.text = text;
    }
  }

  std::vector<std::string> texts_;
  std::vector<Post> posts_;
};

TEST_F(Cost, SaysWhatASetCosts) {
  size_t allocated = 1000;
  const auto cost = measure_cost(set_of({"down", "outage", "serv*"}), posts_,
                                 {.slowest = 2, .allocated_bytes = [&] { return allocated += 500; }});
  ASSERT_TRUE(cost) << cost.error().to_string();
  EXPECT_EQ(cost->listeners, 3u);
  EXPECT_EQ(cost->posts, 400u);
  EXPECT_EQ(cost->matched_posts, 100u);
  EXPECT_GT(cost->database_bytes, 0u);
  EXPECT_EQ(cost->allocated_bytes, 500u);
  EXPECT_GT(cost->ns_per_post, 0);
  EXPECT_EQ(cost->looked_at, 3u);
  ASSERT_EQ(cost->slowest.size(), 2u);
  EXPECT_GE(cost->slowest[0].ns_per_post, cost->slowest[1].ns_per_post);
  EXPECT_THAT(to_text(*cost), HasSubstr("3 listeners compile in "));
}

TEST_F(Cost, LooksAtThoseWithoutPlainWordsFirstAndKeepsToItsBudget) {
  std::vector<std::string> queries(50, "outage");
  queries.emplace_back("*own");
  const auto cost = measure_cost(set_of(queries), posts_, {.slowest = 1, .budget = std::chrono::milliseconds(1)});
  ASSERT_TRUE(cost);
  EXPECT_GE(cost->looked_at, 1u);
  EXPECT_LT(cost->looked_at, 51u);
  EXPECT_THAT(to_text(*cost), HasSubstr("of 51 listeners one by one"));
}

TEST_F(Cost, NamesTheFaultsOfASetAndTheLackOfPosts) {
  EXPECT_THAT(measure_cost(set_of({"down ("}), posts_, {}).error().message, HasSubstr("found the end of the query"));
  EXPECT_THAT(measure_cost(set_of({"down"}), {}, {}).error().message, HasSubstr("no post"));
}

}  // namespace
}  // namespace earshot::rules
