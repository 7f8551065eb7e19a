#include "schemas/listener_directory.h"

#include <gtest/gtest.h>

#include <string>

namespace earshot {
namespace {

std::shared_ptr<const ListenerSet> set_of(const std::vector<std::pair<std::string, std::string>>& listeners) {
  auto set = std::make_shared<ListenerSet>();
  for (const auto& [name, spoke] : listeners) set->listeners.push_back({.name = name, .spoke = spoke});
  return set;
}

TEST(ListenerDirectory, FindsEachListenerByItsWholeName) {
  const auto set = set_of({{"zenit", "sales"}, {"acme", "desk"}, {"acme-uk", "desk"}});
  const ListenerDirectory directory(set);
  for (const Listener& listener : set->listeners) EXPECT_EQ(directory.find(listener.name), &listener);
  for (const char* unknown : {"", "acm", "acme-", "acme-us", "zenith"}) EXPECT_EQ(directory.find(unknown), nullptr);
}

TEST(ListenerDirectory, HasEachSpokeOnceAndSaysWhoseItIs) {
  const auto set = set_of({{"a", "service"}, {"b", "desk"}, {"c", "service"}, {"d", "sales"}});
  const ListenerDirectory directory(set);
  const std::vector<std::string_view> spokes(directory.spokes().begin(), directory.spokes().end());
  EXPECT_EQ(spokes, (std::vector<std::string_view>{"desk", "sales", "service"}));
  for (uint32_t i = 0; i < set->listeners.size(); ++i) {
    EXPECT_EQ(spokes[directory.spoke_of(i)], set->listeners[i].spoke);
  }
  EXPECT_TRUE(directory.has_spoke("sales"));
  EXPECT_FALSE(directory.has_spoke("marketing"));
}

TEST(ListenerDirectory, OfAnEmptySetFindsNothing) {
  const ListenerDirectory directory(set_of({}));
  EXPECT_EQ(directory.find("acme"), nullptr);
  EXPECT_TRUE(directory.spokes().empty());
}

}  // namespace
}  // namespace earshot
