#include "operators/queue/service_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/engine/state/table_state.h"

namespace earshot::queue {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kStartMs = 1'772'366'400'000;

class Queue : public testing::Test {
 protected:
  Queue() { reopen(); }

  void reopen() {
    commit_to(table_, *store_);
    store_ = std::make_unique<StateStore>("desk", 0, std::make_unique<TableState>(table_));
    queue_ = std::make_unique<ServiceQueue>(options_, *store_);
    ASSERT_TRUE(queue_->restore().ok());
  }

  static Engagement question(const std::string& id, int64_t minute, int64_t urgency = 3) {
    Engagement asked;
    asked.listener = "brand";
    asked.spoke = "service";
    asked.kind = TriageClass::kQuestion;
    asked.action = TriageAction::kCorrect;
    asked.urgency = urgency;
    asked.platform = "x";
    asked.post_id = id;
    asked.created_at_ms = kStartMs + minute * kMinuteMs;
    asked.json = R"({"listener":"brand"})";
    return asked;
  }
  static Engagement answer_to(const std::string& id, int64_t minute) {
    Engagement answer;
    answer.is_answer = true;
    answer.platform = "x";
    answer.post_id = "answer-to-" + id;
    answer.in_reply_to = id;
    answer.created_at_ms = kStartMs + minute * kMinuteMs;
    return answer;
  }

  static Engagement retraction_of(const std::string& id, int64_t minute) {
    Engagement retraction;
    retraction.is_retraction = true;
    retraction.listener = "brand";
    retraction.spoke = "service";
    retraction.platform = "x";
    retraction.post_id = id;
    retraction.created_at_ms = kStartMs + minute * kMinuteMs;
    return retraction;
  }

  // What it brings about, such as "queued a".
  std::vector<std::string> apply(const Engagement& engagement, const AuthorHistory& before = {}) {
    std::vector<std::string> said;
    EXPECT_TRUE(queue_->apply(engagement, before, listener(said)).ok());
    return said;
  }
  std::vector<std::string> advance_to(int64_t minute) {
    std::vector<std::string> said;
    EXPECT_TRUE(queue_->advance_to(kStartMs + minute * kMinuteMs, listener(said)).ok());
    return said;
  }
  ServiceQueue::Emit listener(std::vector<std::string>& said) {
    return [&](const QueueChange& change) {
      said.push_back(std::string(to_string(change.event)) + " " + change.waiting.post_id);
      last_ = change;
      json_.clear();
      append_queue_change_json(json_, change);
      return Result<void>();
    };
  }

  QueueOptions options_;
  Table table_;
  std::unique_ptr<StateStore> store_ = std::make_unique<StateStore>("desk", 0, std::make_unique<TableState>(table_));
  std::unique_ptr<ServiceQueue> queue_;
  QueueChange last_;
  std::string json_;
};

TEST_F(Queue, TakesWhatAsksForAnAnswerOnce) {
  EXPECT_THAT(apply(question("a", 0)), ElementsAre("queued a"));
  EXPECT_THAT(apply(question("a", 0)), IsEmpty());
  Engagement praise = question("b", 1);
  praise.action = TriageAction::kThankAndShare;
  EXPECT_THAT(apply(praise), IsEmpty());
  EXPECT_EQ(queue_->waiting(), 1U);
}

TEST_F(Queue, StopsTheClockAtTheAnswerAndCountsFromThePost) {
  apply(question("a", 0));
  EXPECT_THAT(apply(answer_to("a", 42)), ElementsAre("answered a"));
  const auto record = nlohmann::json::parse(json_);
  EXPECT_EQ(record["waited_ms"], 42 * kMinuteMs);
  EXPECT_EQ(record["answer_id"], "answer-to-a");
  EXPECT_THAT(apply(answer_to("a", 50)), IsEmpty()) << "the first answer alone counts";
  EXPECT_EQ(queue_->waiting(), 0U);
}

TEST_F(Queue, AnswersEveryListenerThatThePostWaitsFor) {
  Engagement other = question("a", 0);
  other.listener = "rival";
  apply(question("a", 0));
  apply(other);
  EXPECT_THAT(apply(answer_to("a", 5)), ElementsAre("answered a", "answered a"));
  EXPECT_THAT(apply(answer_to("unknown", 6)), IsEmpty());
}

TEST_F(Queue, SaysOnceThatAnAnswerIsOverdueByUrgency) {
  apply(question("slow", 0, 1));
  apply(question("fast", 0, 5));
  EXPECT_THAT(apply(question("b", 15)), ElementsAre("queued b"))
      << "due at the fifteenth minute, not before it is over";
  EXPECT_THAT(apply(question("c", 16)), ElementsAre("overdue fast", "queued c"));
  EXPECT_THAT(apply(question("d", 17)), ElementsAre("queued d"));
}

TEST_F(Queue, SaysThatAnAnswerIsOverdueAlsoWhenNobodySpeaksAnyMore) {
  apply(question("fast", 0, 5));
  EXPECT_THAT(advance_to(15), IsEmpty());
  EXPECT_THAT(advance_to(40), ElementsAre("overdue fast"));
  EXPECT_EQ(last_.time_ms, kStartMs + 15 * kMinuteMs) << "whenever it is noticed";
  EXPECT_THAT(advance_to(41), IsEmpty());
  EXPECT_THAT(advance_to(10), IsEmpty()) << "time does not run back";
}

TEST_F(Queue, LetsGoOfAPostThatItsAuthorTookBack) {
  Engagement other = question("a", 0, 5);
  other.listener = "rival";
  apply(question("a", 0, 5));
  apply(other);
  EXPECT_THAT(apply(retraction_of("a", 1)), ElementsAre("withdrawn a"));
  EXPECT_EQ(nlohmann::json::parse(json_)["event"], "withdrawn");
  EXPECT_EQ(queue_->waiting(), 1U) << "the other listener's stays until its own retraction";
  EXPECT_THAT(apply(retraction_of("a", 2)), IsEmpty());
  reopen();
  EXPECT_THAT(advance_to(60), ElementsAre("overdue a"));
  EXPECT_EQ(last_.waiting.listener, "rival");
}

TEST_F(Queue, TellsWhatIsToBeDoneAndWhatTheAuthorSaidBefore) {
  apply(question("a", 0), {.good = 0.5, .ill = 2.25});
  auto queued = nlohmann::json::parse(json_);
  EXPECT_EQ(queued["action"], "correct");
  EXPECT_EQ(queued["good_before"], 0.5);
  EXPECT_EQ(queued["ill_before"], 2.25);
  apply(question("b", 0));
  queued = nlohmann::json::parse(json_);
  EXPECT_FALSE(queued.contains("ill_before")) << json_;
}

TEST_F(Queue, DropsTheLeastUrgentWhenItIsFull) {
  options_.waiting_max = 2;
  reopen();
  apply(question("old", 0, 2));
  apply(question("new", 1, 2));
  EXPECT_THAT(apply(question("urgent", 2, 4)), ElementsAre("queued urgent", "dropped old"));
  EXPECT_THAT(apply(question("idle", 3, 1)), ElementsAre("queued idle", "dropped idle"));
  EXPECT_EQ(queue_->waiting(), 2U);
}

TEST_F(Queue, ForgetsWhatNobodyAnswers) {
  options_.forget_after_ms = 60 * kMinuteMs;
  reopen();
  apply(question("a", 0, 1));
  EXPECT_THAT(apply(question("b", 60, 1)), ElementsAre("dropped a", "queued b"));
  EXPECT_THAT(apply(question("late", -1, 1)), IsEmpty()) << "it came too late to wait at all";
}

TEST_F(Queue, GoesOnAfterARestart) {
  apply(question("a", 0, 5));
  apply(question("b", 1, 3));
  reopen();
  EXPECT_EQ(queue_->waiting(), 2U);
  EXPECT_THAT(apply(question("c", 20, 3)), ElementsAre("overdue a", "queued c"));
  reopen();
  EXPECT_THAT(apply(question("d", 21, 3)), ElementsAre("queued d")) << "said once";
  EXPECT_THAT(apply(answer_to("b", 30)), ElementsAre("answered b"));
  reopen();
  EXPECT_THAT(apply(answer_to("b", 31)), IsEmpty());
}

TEST_F(Queue, RefusesStateThatIsNoneOfOurs) {
  table_["q1:a"] = "{\"v\":2}";
  StateStore store("desk", 0, std::make_unique<TableState>(table_));
  EXPECT_EQ(ServiceQueue(options_, store).restore().error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace earshot::queue
