// What LISTEN remembers of posts that matched: repeats, edits and deletions.
#include "operators/dedup/mention_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace earshot::dedup {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Verdict = MentionMemory::Verdict;

const std::vector<uint32_t> kOneAndTwo{1, 2};
const std::vector<uint32_t> kTwoAndThree{2, 3};

Sighting created(uint64_t id, int64_t offset, std::span<const uint32_t> listeners = kOneAndTwo) {
  return {.post_id = id, .offset = offset, .content = 100, .listeners = listeners};
}

Sighting edited(uint64_t id, int64_t offset, uint64_t content, std::span<const uint32_t> listeners,
                int64_t edited_at_ms = 0) {
  return {.post_id = id,
          .offset = offset,
          .content = content,
          .edited_at_ms = edited_at_ms,
          .is_edit = true,
          .listeners = listeners};
}

TEST(MentionMemory, TellsWhomAPostMatchedBeforeItsEdit) {
  MentionMemory memory(10);
  EXPECT_EQ(memory.see_match(created(7, 0)), Verdict::kNew);
  EXPECT_EQ(memory.see_match(created(7, 1)), Verdict::kRepeat);
  EXPECT_EQ(memory.see_match(edited(7, 2, 101, kTwoAndThree)), Verdict::kEdited);
  EXPECT_THAT(memory.before(), ElementsAre(1, 2));
  EXPECT_EQ(memory.see_match(edited(7, 3, 101, kTwoAndThree)), Verdict::kRepeat);
  EXPECT_EQ(memory.see_unmatched_edit(edited(7, 4, 102, {})), Verdict::kEdited);
  EXPECT_THAT(memory.before(), ElementsAre(2, 3));
  EXPECT_EQ(memory.see_match(created(7, 5)), Verdict::kRepeat);
  EXPECT_EQ(memory.see_match(edited(7, 6, 103, kOneAndTwo)), Verdict::kEdited);
  EXPECT_THAT(memory.before(), IsEmpty());
  EXPECT_THAT(memory.counted(), ElementsAre(1, 2, 3));
}

TEST(MentionMemory, TakesADeletionOnceAndKeepsThePostDeleted) {
  MentionMemory memory(10);
  EXPECT_FALSE(memory.see_deletion(7, 0));
  memory.see_match(created(7, 1));
  EXPECT_TRUE(memory.see_deletion(7, 2));
  EXPECT_THAT(memory.before(), ElementsAre(1, 2));
  EXPECT_FALSE(memory.see_deletion(7, 3));
  EXPECT_EQ(memory.see_match(created(7, 4)), Verdict::kRepeat);
  EXPECT_EQ(memory.see_match(edited(7, 5, 101, kOneAndTwo)), Verdict::kRepeat);
}

TEST(MentionMemory, TakesAnEditOfAPostThatNobodyHeardForANewOne) {
  MentionMemory memory(10);
  EXPECT_EQ(memory.see_unmatched_edit(edited(7, 0, 100, {})), Verdict::kNew);
  EXPECT_EQ(memory.see_match(edited(7, 1, 101, kOneAndTwo)), Verdict::kNew);
  EXPECT_TRUE(memory.see_deletion(7, 2));
}

TEST(MentionMemory, PassesOverAnEditThatComesAfterALaterOne) {
  MentionMemory memory(10);
  memory.see_match(created(7, 0));
  EXPECT_EQ(memory.see_match(edited(7, 1, 102, kTwoAndThree, 2000)), Verdict::kEdited);
  EXPECT_EQ(memory.see_match(edited(7, 2, 101, kOneAndTwo, 1000)), Verdict::kRepeat);
}

TEST(MentionMemory, RewindsToTheSightingBeforeAChange) {
  MentionMemory memory(2);
  memory.see_match(created(1, 10));
  memory.see_match(created(2, 20));
  memory.see_deletion(1, 30);
  EXPECT_EQ(memory.rewind_offset(), 10);
  memory.see_match(created(3, 40));
  memory.see_match(created(4, 50));
  EXPECT_EQ(memory.rewind_offset(), 40);
}

// An event of a random input: what becomes of it is compared between a memory and one that is rebuilt.
struct Event {
  enum class Kind : uint8_t { kCreated, kEdited, kEditedAway, kDeleted } kind;
  Sighting sighting;
};

std::pair<int, std::vector<uint32_t>> see(MentionMemory& memory, const Event& event) {
  int verdict = 0;
  if (event.kind == Event::Kind::kDeleted) {
    verdict = memory.see_deletion(event.sighting.post_id, event.sighting.offset) ? 10 : 11;
  } else if (event.kind == Event::Kind::kEditedAway) {
    verdict = static_cast<int>(memory.see_unmatched_edit(event.sighting));
  } else {
    verdict = static_cast<int>(memory.see_match(event.sighting));
  }
  return {verdict, {memory.before().begin(), memory.before().end()}};
}

std::vector<Event> random_events(std::mt19937_64& random, uint64_t ids, unsigned kinds) {
  std::vector<Event> events;
  for (int64_t offset = 0; offset < 300; ++offset) {
    const uint64_t id = random() % ids;
    const auto kind = static_cast<Event::Kind>(random() % kinds);
    Event event{kind, created(id, offset)};
    if (kind == Event::Kind::kEdited) event.sighting = edited(id, offset, 101 + random() % 3, kTwoAndThree);
    if (kind == Event::Kind::kEditedAway) event.sighting = edited(id, offset, 104 + random() % 3, {});
    events.push_back(event);
  }
  return events;
}

void expect_rebuilt_alike(std::mt19937_64& random, size_t capacity, uint64_t ids, unsigned kinds) {
  const auto events = random_events(random, ids, kinds);
  const size_t restart = random() % events.size();
  MentionMemory original(capacity);
  MentionMemory rebuilt(capacity);
  for (size_t i = 0; i < restart; ++i) see(original, events[i]);
  const auto rewind = original.rewind_offset();
  for (size_t i = 0; i < restart; ++i) {
    if (rewind && events[i].sighting.offset >= *rewind) see(rebuilt, events[i]);
  }
  for (size_t i = restart; i < events.size(); ++i) ASSERT_EQ(see(original, events[i]), see(rebuilt, events[i])) << i;
}

TEST(MentionMemory, DecidesAlikeAfterBeingRebuiltFromItsRewindOffset) {
  std::mt19937_64 random(20260302);
  for (int round = 0; round < 200; ++round) {
    expect_rebuilt_alike(random, 20, 60, 2);  // it forgets posts
    expect_rebuilt_alike(random, 40, 40, 4);
    if (HasFatalFailure()) return;
  }
}

TEST(ListenerSets, KeepsEachSetOnceAndForgetsWhatNobodyUses) {
  ListenerSets sets;
  EXPECT_EQ(sets.take({}), ListenerSets::kEmpty);
  const uint32_t one = sets.take(kOneAndTwo);
  EXPECT_EQ(sets.take(kOneAndTwo), one);
  const uint32_t other = sets.take(kTwoAndThree);
  EXPECT_NE(other, one);
  EXPECT_EQ(sets.size(), 2u);
  sets.release(one);
  EXPECT_THAT(sets.of(one), ElementsAre(1, 2));
  sets.release(one);
  EXPECT_EQ(sets.size(), 1u);
  EXPECT_EQ(sets.take(std::vector<uint32_t>{9}), one);
}

}  // namespace
}  // namespace earshot::dedup
