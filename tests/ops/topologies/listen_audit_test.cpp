// What LISTEN writes to the audit topic with each commit.
#include <gtest/gtest.h>

#include "tests/ops/topologies/listen_fixture.h"

namespace earshot {
namespace {

const std::string kLike =
    R"({"did":"did:plc:a","time_us":1772460000000000,"kind":"commit","commit":{"rev":"r","operation":"create",)"
    R"("collection":"app.bsky.feed.like","rkey":"k","record":{},"cid":"c"}})";

class ListenAudit : public ListenFixture {};

TEST_F(ListenAudit, TellsWhatBecameOfEachRecordAndWhatWasWritten) {
  ASSERT_TRUE(listen_->assigned(kPosts, std::nullopt));
  feed({post("1", "acme"), post("2", "weather"), post("1", "acme"), kLike, "{broken",
        post("3", "acme", "2026-03-02T13:00:00Z")},
       4);
  const auto entries = commit();
  ASSERT_EQ(entries.size(), 1u);
  const wire::AuditEntry& entry = entries[0];
  EXPECT_EQ(entry.version(), kAuditVersion);
  EXPECT_EQ(entry.group(), "listen");
  EXPECT_EQ(entry.topic(), "posts");
  EXPECT_TRUE(entry.begins());
  EXPECT_EQ(entry.first_offset(), 4);
  EXPECT_EQ(entry.next_offset(), 10);
  EXPECT_EQ(entry.records(), 6u);
  EXPECT_EQ(entry.post_records(), 4u);
  EXPECT_EQ(entry.not_posts(), 1u);
  EXPECT_EQ(entry.posts_in(), 5u);
  EXPECT_EQ(entry.matched(), 1u);
  EXPECT_EQ(entry.unmatched(), 1u);
  EXPECT_EQ(entry.duplicate(), 1u);
  EXPECT_EQ(entry.late(), 1u);
  EXPECT_EQ(entry.dead_lettered(), 1u);
  ASSERT_EQ(entry.outputs_size(), 3);
  for (const auto& output : entry.outputs()) {
    EXPECT_EQ(output.records(), outbox_.of(output.topic()).size()) << output.topic();
  }
}

TEST_F(ListenAudit, CountsOfABatchThatIsNewInPartTheNewPartOnly) {
  ASSERT_TRUE(listen_->assigned(kPosts, Position{3, {}}));
  feed({kLike, "{broken", post("1", "acme"), kLike, kLike, "{broken", post("2", "weather"), post("1", "acme")}, 0);
  const auto entries = commit();
  ASSERT_EQ(entries.size(), 1u);
  const wire::AuditEntry& entry = entries[0];
  EXPECT_FALSE(entry.begins());
  EXPECT_EQ(entry.first_offset(), 3);
  EXPECT_EQ(entry.next_offset(), 8);
  EXPECT_EQ(entry.records(), 5u);
  EXPECT_EQ(entry.not_posts(), 2u);
  EXPECT_EQ(entry.post_records(), 2u);
  EXPECT_EQ(entry.dead_lettered(), 1u);
  EXPECT_EQ(entry.duplicate(), 1u) << "the id was seen before the commit";
  EXPECT_EQ(stats_.not_posts, 2u);
  EXPECT_EQ(stats_.posts_in, 3u);
}

TEST_F(ListenAudit, WritesAnEntryForEachCommitThatMovedAndNoOther) {
  ASSERT_TRUE(listen_->assigned(kPosts, Position{2, {}}));
  EXPECT_TRUE(commit().empty());
  feed({post("1", "acme"), post("2", "weather")}, 0);
  EXPECT_TRUE(commit().empty()) << "all of it was committed before";
  feed({post("3", "acme")}, 2);
  EXPECT_EQ(commit().size(), 1u);
  EXPECT_EQ(commit().size(), 1u);
  feed({post("4", "acme")}, 3);
  const auto entries = commit();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].first_offset(), entries[0].next_offset());
  EXPECT_EQ(entries[1].records(), 1u);
}

TEST_F(ListenAudit, CountsADeletedPostThatNobodyMatches) {
  ASSERT_TRUE(listen_->assigned(kPosts, std::nullopt));
  std::string deleted = post("1", "acme");
  deleted.insert(1, R"("change":"deleted",)");
  feed({deleted, post("2", "acme")}, 0);
  EXPECT_EQ(stats_.matched, 1u);
  EXPECT_EQ(stats_.unmatched, 1u);
  EXPECT_EQ(stats_.deleted, 1u);
  EXPECT_EQ(stats_.posts_in, 2u);
}

}  // namespace
}  // namespace earshot
