#include "operators/advocates/advocates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/engine/state/table_state.h"

namespace earshot::advocates {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kStartMs = 1'772'323'200'000;  // a midnight

class AuthorStandings : public testing::Test {
 protected:
  AuthorStandings() { reopen(); }

  void reopen() {
    if (advocates_) advocates_->checkpoint();
    commit_to(table_, *store_);
    store_ = std::make_unique<StateStore>("desk", 0, std::make_unique<TableState>(table_));
    advocates_ = std::make_unique<Advocates>(options_, *store_);
    ASSERT_TRUE(advocates_->restore().ok());
  }

  // What a post brings about, such as "ann advocate".
  std::vector<std::string> say(const std::string& author, TriageClass kind, int64_t hour) {
    Engagement said;
    said.listener = "brand";
    said.kind = kind;
    said.platform = "x";
    said.post_id = author + std::to_string(hour);
    said.author_id = author;
    said.author_handle = author;
    said.followers = 100;
    said.created_at_ms = kStartMs + hour * kHourMs;
    std::vector<std::string> changes;
    const auto before = advocates_->apply(said, [&](const StandingChange& change) {
      changes.push_back(change.author.id + " " + std::string(to_string(change.standing)));
      json_.clear();
      append_standing_change_json(json_, change);
      return Result<void>();
    });
    EXPECT_TRUE(before.ok());
    before_ = *before;
    return changes;
  }

  AdvocateOptions options_;
  Table table_;
  std::unique_ptr<StateStore> store_ = std::make_unique<StateStore>("desk", 0, std::make_unique<TableState>(table_));
  std::unique_ptr<Advocates> advocates_;
  std::string json_;
  AuthorHistory before_;
};

TEST_F(AuthorStandings, AreToldWhenTheDayIsOver) {
  for (int64_t hour = 1; hour <= 3; ++hour) EXPECT_THAT(say("ann", TriageClass::kPraise, hour), IsEmpty());
  for (int64_t hour = 4; hour <= 6; ++hour) EXPECT_THAT(say("bob", TriageClass::kComplaint, hour), IsEmpty());
  EXPECT_THAT(say("eve", TriageClass::kQuestion, 25), ElementsAre("ann advocate", "bob detractor"));
  EXPECT_THAT(say("eve", TriageClass::kQuestion, 50), IsEmpty()) << "only changes are told";
  const auto record = nlohmann::json::parse(json_);
  EXPECT_EQ(record["standing"], "detractor");
  EXPECT_EQ(record["before"], "none");
  EXPECT_EQ(record["day"], "2026-03-01T00:00:00.000Z");
  EXPECT_EQ(record["reach"], 100);
}

TEST_F(AuthorStandings, NeedMoreThanAPostOrTwo) {
  say("ann", TriageClass::kPraise, 1);
  say("ann", TriageClass::kPraise, 2);
  EXPECT_THAT(say("eve", TriageClass::kPraise, 25), IsEmpty());
}

TEST_F(AuthorStandings, AreOfNoKindForWhoSaysBoth) {
  for (int64_t hour = 1; hour <= 3; ++hour) {
    say("ann", TriageClass::kPraise, hour);
    say("ann", TriageClass::kComplaint, hour);
  }
  EXPECT_THAT(say("eve", TriageClass::kPraise, 25), IsEmpty());
}

TEST_F(AuthorStandings, ChangeWhenAnAuthorDoes) {
  for (int64_t hour = 1; hour <= 3; ++hour) say("ann", TriageClass::kAdvocate, hour);
  EXPECT_THAT(say("ann", TriageClass::kChurnThreat, 30), ElementsAre("ann advocate"));
  for (int64_t hour = 31; hour <= 33; ++hour) say("ann", TriageClass::kComplaint, hour);
  EXPECT_THAT(say("eve", TriageClass::kPraise, 50), ElementsAre("ann none"));
}

TEST_F(AuthorStandings, FadeWithTime) {
  say("ann", TriageClass::kComplaint, 0);
  say("ann", TriageClass::kComplaint, 30 * 24);
  EXPECT_NEAR(before_.ill, 0.5, 1e-6);
}

TEST_F(AuthorStandings, AreKnownWhateverTheAuthorSaysNext) {
  say("ann", TriageClass::kComplaint, 0);
  say("ann", TriageClass::kPraise, 0);
  say("ann", TriageClass::kQuestion, 30 * 24);
  EXPECT_NEAR(before_.ill, 0.5, 1e-6);
  EXPECT_NEAR(before_.good, 0.5, 1e-6);
  say("ann", TriageClass::kQuestion, 30 * 24);
  EXPECT_NEAR(before_.ill, 0.5, 1e-6) << "a question counts for neither";
  say("bob", TriageClass::kQuestion, 30 * 24);
  EXPECT_EQ(before_.ill, 0);
}

TEST_F(AuthorStandings, ForgetWhoWasSilentForLongest) {
  options_.authors_max = 2;
  reopen();
  say("ann", TriageClass::kComplaint, 1);
  say("bob", TriageClass::kComplaint, 2);
  say("ann", TriageClass::kComplaint, 3);
  say("eve", TriageClass::kComplaint, 4);
  EXPECT_EQ(advocates_->authors(), 2U);
  say("ann", TriageClass::kComplaint, 5);
  EXPECT_GT(before_.ill, 1.9);
  say("bob", TriageClass::kComplaint, 6);
  EXPECT_EQ(before_.ill, 0) << "bob was forgotten";
}

TEST_F(AuthorStandings, AreTheSameAfterRestarts) {
  std::vector<std::string> uncut;
  std::vector<std::string> cut;
  for (const bool restarts : {false, true}) {
    table_.clear();
    store_->discard_pending();
    advocates_.reset();
    reopen();
    for (int64_t hour = 1; hour < 200; ++hour) {
      const auto kind = hour % 5 == 0 ? TriageClass::kComplaint : TriageClass::kPraise;
      for (const std::string& change : say("author" + std::to_string(hour % 3), kind, hour)) {
        (restarts ? cut : uncut).push_back(change + json_);
      }
      if (restarts && hour % 7 == 0) reopen();
    }
  }
  EXPECT_FALSE(uncut.empty());
  EXPECT_EQ(cut, uncut);
}

TEST_F(AuthorStandings, RefuseStateThatIsNoneOfOurs) {
  table_["a1:a"] = "no record";
  StateStore store("desk", 0, std::make_unique<TableState>(table_));
  EXPECT_EQ(Advocates(options_, store).restore().error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace earshot::advocates
