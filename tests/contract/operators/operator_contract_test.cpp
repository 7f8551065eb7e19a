// What every operator promises: the same input gives the same output, wherever it is cut by a restart; no text is too
// odd.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <set>

#include "tests/contract/operators/subject.h"

namespace earshot::contract {
namespace {

std::vector<Item> ordinary_items(size_t count) {
  const std::vector<std::string> words{"acme", "late",  "parcel", "refund", "love", "great", "why?", "never", "日本",
                                       "😡",    "ACME!", "please", "where",  "buy",  "not",   "é",    "worst", "#acme"};
  std::mt19937_64 random(20260301);
  std::vector<Item> items;
  int64_t time_s = 0;
  for (size_t i = 0; i < count; ++i) {
    Item item;
    item.id = "post-" + std::to_string(random() % (count / 2 + 1));
    item.author = "author-" + std::to_string(random() % 4);
    for (size_t left = 1 + random() % 12; left > 0; --left) item.text += words[random() % words.size()] + " ";
    item.time_s = time_s += static_cast<int64_t>(random() % 20);
    items.push_back(item);
  }
  return items;
}

std::vector<Item> odd_items() {
  const std::vector<std::string> texts{"",
                                       " ",
                                       std::string("nul\0inside", 10),
                                       std::string(200'000, 'a'),
                                       std::string(50'000, '!'),
                                       "\xE2\x80\x8F\xE2\x80\xAE right to left \xEF\xBB\xBF",
                                       "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81 zalgo",
                                       "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7",
                                       "\xEF\xB7\xBA \xC4\xB0\xC3\x9F \xEF\xAC\x81",
                                       "\xF4\x8F\xBF\xBF\xEF\xBF\xBF",
                                       "' OR 1=1; -- \"\\ </script> ${HOME} %n%s"};
  std::vector<Item> items;
  for (const std::string& text : texts) items.push_back({"id", text, "author-1", static_cast<int64_t>(items.size())});
  return items;
}

std::vector<std::string> outputs(Subject& subject, const std::vector<Item>& items, size_t restart_every) {
  std::vector<std::string> said;
  for (size_t i = 0; i < items.size(); ++i) {
    if (restart_every > 0 && i % restart_every == 0) subject.restart();
    said.push_back(subject.apply(items[i]));
  }
  return said;
}

class OperatorContract : public testing::TestWithParam<NamedSubject> {};

TEST_P(OperatorContract, SaysTheSameOfTheSameInput) {
  const auto items = ordinary_items(400);
  EXPECT_EQ(outputs(*GetParam().make(), items, 0), outputs(*GetParam().make(), items, 0));
}

TEST_P(OperatorContract, SaysTheSameWhereverARestartCutsTheInput) {
  const auto items = ordinary_items(400);
  const auto uncut = outputs(*GetParam().make(), items, 0);
  for (const size_t every : {1, 7, 100}) {
    EXPECT_EQ(outputs(*GetParam().make(), items, every), uncut) << "restarted every " << every << " items";
  }
}

TEST_P(OperatorContract, SaysMoreThanOneThing) {
  const auto said = outputs(*GetParam().make(), ordinary_items(400), 0);
  EXPECT_GT(std::set<std::string>(said.begin(), said.end()).size(), 1u);
}

TEST_P(OperatorContract, TakesTheOddestTextsAndIsNoWorseForIt) {
  const auto subject = GetParam().make();
  outputs(*subject, odd_items(), 0);
  EXPECT_EQ(outputs(*GetParam().make(), odd_items(), 0), outputs(*GetParam().make(), odd_items(), 1));
}

INSTANTIATE_TEST_SUITE_P(Every, OperatorContract, testing::ValuesIn(subjects()),
                         [](const auto& tested) { return tested.param.name; });

TEST(OperatorContractList, HasEveryOperator) {
  std::set<std::string> folders;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(EARSHOT_SOURCE_DIR) / "operators")) {
    if (entry.is_directory()) folders.insert(entry.path().filename().string());
  }
  std::set<std::string> listed;
  for (const NamedSubject& subject : subjects()) listed.insert(subject.name);
  EXPECT_EQ(listed, folders);
}

}  // namespace
}  // namespace earshot::contract
