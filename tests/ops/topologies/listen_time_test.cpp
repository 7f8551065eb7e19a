// Which posts are late, and what a wrong clock does to the others.
#include <gtest/gtest.h>

#include "engine/time/timestamp.h"
#include "engine/time/wall_clock.h"
#include "tests/ops/topologies/listen_fixture.h"

namespace earshot {
namespace {

class ListenTime : public ListenFixture {
 protected:
  ListenTime() { EXPECT_TRUE(listen_->assigned(kPosts, std::nullopt)); }

  // What became of the posts since the last call.
  wire::AuditEntry outcome() {
    auto entries = commit();
    return entries.empty() ? wire::AuditEntry() : entries.back();
  }

  const int64_t received_ms_ = *parse_rfc3339_ms("2026-03-02T14:00:00Z");
};

TEST_F(ListenTime, APostFromTheFutureMakesNoOtherLate) {
  feed({post("1", "acme", "2026-03-02T14:00:00Z"), post("2", "acme", "2026-03-02T15:00:00Z"),
        post("3", "acme", "2286-01-01T00:00:00Z"), post("4", "acme", "2026-03-02T14:09:00Z")},
       0, received_ms_);
  const auto before = outcome();
  EXPECT_EQ(before.matched(), 3u);
  EXPECT_EQ(before.dead_lettered(), 1u);  // what nobody can have written yet
  feed({post("5", "acme", "2026-03-02T14:00:01Z")}, 4, received_ms_ + 1'000);
  const auto after = outcome();
  EXPECT_EQ(after.matched(), 1u);
  EXPECT_EQ(after.late(), 0u);
}

TEST_F(ListenTime, APostFromNextYearMakesNoOtherLateWhereRecordsHaveNoTime) {
  const std::string next_year = format_rfc3339(wall_clock_ms() + 365 * 86'400'000LL);
  feed({post("1", "acme", "2026-03-02T14:00:00Z"), post("2", "acme", next_year)}, 0);
  const auto before = outcome();
  EXPECT_EQ(before.matched(), 2u);
  feed({post("3", "acme", "2026-03-02T14:00:01Z")}, 2);
  const auto after = outcome();
  EXPECT_EQ(after.matched(), 1u);
  EXPECT_EQ(after.late(), 0u);
}

TEST_F(ListenTime, APostLongAfterItsTimeIsLate) {
  feed({post("1", "acme", "2026-03-02T14:00:00Z"), post("2", "acme", "2026-03-02T13:00:00Z")}, 0, received_ms_);
  const auto both = outcome();
  EXPECT_EQ(both.matched(), 1u);
  EXPECT_EQ(both.late(), 1u);
}

TEST_F(ListenTime, TheRecordsTimeAloneClosesNothing) {
  feed({post("1", "acme", "2026-03-02T12:00:00Z"), post("2", "acme", "2026-03-02T12:00:00Z")}, 0, received_ms_);
  EXPECT_EQ(outcome().late(), 0u);
}

}  // namespace
}  // namespace earshot
