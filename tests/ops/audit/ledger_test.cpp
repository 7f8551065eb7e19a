#include "ops/audit/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace earshot::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const TopicPartition kInput{"posts", 2};

// Ten records with ten posts, all of them unmatched but one that is a dead letter.
wire::AuditEntry entry_at(int64_t first_offset) {
  wire::AuditEntry entry;
  entry.set_version(1);
  entry.set_group("desk-listen");
  entry.set_topic(kInput.topic);
  entry.set_partition(kInput.partition);
  entry.set_first_offset(first_offset);
  entry.set_next_offset(first_offset + 10);
  entry.set_records(10);
  entry.set_post_records(9);
  entry.set_posts_in(10);
  entry.set_unmatched(9);
  entry.set_dead_lettered(1);
  entry.set_begins(first_offset == 0);
  wire::AuditOutput& output = *entry.add_outputs();
  output.set_topic("dead-letters");
  output.set_records(1);
  return entry;
}

Ledger ledger_of(const std::vector<wire::AuditEntry>& entries, int64_t committed) {
  Ledger ledger("desk-listen", {{kInput, {committed, {}}}});
  for (const auto& entry : entries) EXPECT_TRUE(ledger.add(entry.SerializeAsString()));
  ledger.check_entries();
  return ledger;
}

void count_sound_topics(Ledger& ledger, int64_t committed) {
  for (int64_t offset = 0; offset < committed; ++offset) ledger.count_input(kInput, offset);
  ledger.check_input({{kInput, 0}});
  for (int64_t offset = 3; offset < committed; offset += 10) ledger.count_dead_letter(kInput, offset);
  ledger.check_dead_letters(true);
}

TEST(Ledger, BalancesWhenEverythingAddsUp) {
  Ledger ledger = ledger_of({entry_at(0), entry_at(10), entry_at(20)}, 30);
  count_sound_topics(ledger, 30);
  ledger.check_output("dead-letters", 3, 3);
  EXPECT_THAT(ledger.findings(), IsEmpty());
  EXPECT_TRUE(ledger.is_complete());
  ASSERT_EQ(ledger.rows().size(), 1u);
  EXPECT_EQ(ledger.rows()[0].counts.posts_in, 30u);
  EXPECT_EQ(ledger.rows()[0].counts.unmatched, 27u);
  EXPECT_THAT(to_table(ledger), HasSubstr("\nbalanced\n"));
}

TEST(Ledger, NamesOffsetsThatNoCommitAccountsFor) {
  const Ledger ledger = ledger_of({entry_at(0), entry_at(20)}, 30);
  EXPECT_THAT(ledger.findings(), ElementsAre("posts/2: offsets 10 to 20: lost: no commit accounts for it"));
  EXPECT_THAT(to_table(ledger), HasSubstr("NOT balanced: 1 findings"));
}

TEST(Ledger, NamesOffsetsThatTwoCommitsCount) {
  const Ledger ledger = ledger_of({entry_at(0), entry_at(10), entry_at(5)}, 20);
  EXPECT_THAT(ledger.findings(), ElementsAre("posts/2: offsets 5 to 10: doubled: two commits count it",
                                             "posts/2: offsets 10 to 15: doubled: two commits count it"));
}

TEST(Ledger, NamesPositionsThatEntriesDoNotReach) {
  EXPECT_THAT(ledger_of({entry_at(0)}, 12).findings(),
              ElementsAre("posts/2: offsets 10 to 12: committed without being accounted for"));
  EXPECT_THAT(ledger_of({entry_at(0), entry_at(10)}, 15).findings(),
              ElementsAre("posts/2: offsets 15 to 20: accounted for without being committed"));
}

TEST(Ledger, PassesOverWhatWasCommittedAfterThePositionsWereRead) {
  const Ledger ledger = ledger_of({entry_at(0), entry_at(10), entry_at(20)}, 20);
  EXPECT_THAT(ledger.findings(), IsEmpty());
  EXPECT_EQ(ledger.rows()[0].next_offset, 20);
}

TEST(Ledger, NamesAPostWithoutAnOutcome) {
  wire::AuditEntry entry = entry_at(0);
  entry.set_unmatched(8);
  const Ledger ledger = ledger_of({entry}, 10);
  ASSERT_EQ(ledger.findings().size(), 1u);
  EXPECT_THAT(ledger.findings()[0], HasSubstr("posts/2: offsets 0 to 10: 10 posts in, but 9 outcomes"));
}

TEST(Ledger, NamesARecordThatIsNeitherPostNorDeadLetter) {
  wire::AuditEntry entry = entry_at(0);
  entry.set_records(11);
  const Ledger ledger = ledger_of({entry}, 10);
  ASSERT_EQ(ledger.findings().size(), 1u);
  EXPECT_THAT(ledger.findings()[0], HasSubstr("11 records read, but 10 accounted for"));
}

TEST(Ledger, ComparesTheInputCommitByCommitAsFarAsItIsKept) {
  Ledger ledger = ledger_of({entry_at(0), entry_at(10), entry_at(20)}, 30);
  for (int64_t offset = 8; offset < 40; ++offset) {
    if (offset != 15) ledger.count_input(kInput, offset);
  }
  ledger.check_input({{kInput, 8}});
  EXPECT_THAT(ledger.findings(), ElementsAre("posts/2: offsets 10 to 20: the input holds 9 records, 10 were read"));
}

TEST(Ledger, NamesDeadLettersThatAreMissingOrDoubled) {
  Ledger ledger = ledger_of({entry_at(0), entry_at(10)}, 20);
  ledger.count_dead_letter(kInput, 3);
  ledger.count_dead_letter(kInput, 3);
  ledger.check_dead_letters(true);
  EXPECT_THAT(ledger.findings(), ElementsAre("posts/2: offsets 3 to 4: two dead letters for one record",
                                             "posts/2: offsets 0 to 10: 2 dead letters are there, 1 were written",
                                             "posts/2: offsets 10 to 20: 0 dead letters are there, 1 were written"));
}

TEST(Ledger, ComparesOutputsWithinWhatAnEngineAtWorkMayHaveAdded) {
  Ledger ledger = ledger_of({entry_at(0), entry_at(10)}, 20);
  ledger.check_output("dead-letters", 3, 4);
  EXPECT_THAT(ledger.findings(), IsEmpty());
  ledger.check_output("dead-letters", 1, 4);
  ledger.check_output("dead-letters", 5, 4);
  ledger.check_output("late", 1, 0);
  EXPECT_THAT(ledger.findings(),
              ElementsAre("dead-letters: holds 1 records, 2 were written",
                          "dead-letters: holds 5 records, 2 were written", "late: holds 1 records, 0 were written"));
}

TEST(Ledger, IsIncompleteWhenRetentionHasTakenTheBeginning) {
  EXPECT_FALSE(ledger_of({entry_at(10)}, 20).is_complete());
  EXPECT_FALSE(ledger_of({}, 20).is_complete());
}

TEST(Ledger, RefusesAnEntryThatItDoesNotKnow) {
  Ledger ledger("desk-listen", {});
  wire::AuditEntry newer = entry_at(0);
  newer.set_version(2);
  EXPECT_FALSE(ledger.add(newer.SerializeAsString()));
  EXPECT_FALSE(ledger.add("\xff\xff\xff"));
  EXPECT_FALSE(ledger.add(""));
}

}  // namespace
}  // namespace earshot::audit
