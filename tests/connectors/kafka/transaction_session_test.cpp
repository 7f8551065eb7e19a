// What a transaction makes of the brokers' errors: waits, asks for an abort, or ends.
#include "connectors/kafka/transaction_session.h"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/connectors/kafka/mock_cluster.h"

namespace earshot::kafka {

namespace {

using std::chrono::milliseconds;

class TransactionSessionTest : public testing::Test {
 protected:
  TransactionSessionTest() { brokers_.create_topic("mentions", 1); }

  void open(const KafkaOptions& options) {
    auto opened = TransactionSession::open(options, "listen-1");
    ASSERT_TRUE(opened.ok()) << opened.error().to_string();
    session_ = std::move(*opened);
  }

  void begin_and_produce() {
    const auto begun = session_->begin();
    ASSERT_TRUE(begun.ok()) << begun.error().to_string();
    const auto produced = session_->produce({"mentions", 0, "key", "value"}, nullptr);
    ASSERT_TRUE(produced.ok()) << produced.error().to_string();
  }

  Result<void> send_offsets() {
    PartitionList offsets = make_partition_list(1);
    add_partition(offsets.get(), {"posts", 0})->offset = 5;
    const GroupMetadata membership(rd_kafka_consumer_group_metadata_new_with_genid("listen", 3, "member", nullptr));
    return session_->send_offsets(offsets, membership.get());
  }

  void expect_abort_and_next_commit() {
    const auto aborted = session_->abort(milliseconds(10'000));
    ASSERT_TRUE(aborted.ok()) << aborted.error().to_string();
    begin_and_produce();
    const auto committed = session_->commit();
    EXPECT_TRUE(committed.ok()) << committed.error().to_string();
  }

  MockCluster brokers_;
  std::unique_ptr<TransactionSession> session_;
};

TEST_F(TransactionSessionTest, WaitsForACoordinatorThatIsLoading) {
  brokers_.fail(ApiKey::kInitProducerId,
                {RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR});
  open(brokers_.options());
  begin_and_produce();
  brokers_.fail(ApiKey::kEndTxn, {RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS});
  const auto committed = session_->commit();
  EXPECT_TRUE(committed.ok()) << committed.error().to_string();
}

TEST_F(TransactionSessionTest, IsFencedAtTheCommitAndOverThen) {
  open(brokers_.options());
  begin_and_produce();
  brokers_.fail(ApiKey::kEndTxn, {RD_KAFKA_RESP_ERR_PRODUCER_FENCED});
  const auto committed = session_->commit();
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().code, ErrorCode::kFenced) << committed.error().to_string();
  EXPECT_NE(committed.error().to_string().find("listen-1"), std::string::npos);
  EXPECT_TRUE(session_->is_over());
  EXPECT_EQ(session_->begin().error().code, ErrorCode::kUnavailable);
}

TEST_F(TransactionSessionTest, CallsATransactionThatWasOpenTooLongUnavailableInsteadOfFenced) {
  KafkaOptions options = brokers_.options();
  options.transaction_timeout_ms = 1'000;
  open(options);
  begin_and_produce();
  std::this_thread::sleep_for(milliseconds(1'100));
  brokers_.fail(ApiKey::kEndTxn, {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH});
  const auto committed = session_->commit();
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().code, ErrorCode::kUnavailable) << committed.error().to_string();
}

TEST_F(TransactionSessionTest, GoesOnAfterTheAbortOfATransactionThatTheGroupsRebalanceSpoiled) {
  open(brokers_.options());
  begin_and_produce();
  brokers_.fail(ApiKey::kTxnOffsetCommit, {RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION});
  const auto sent = send_offsets();
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, ErrorCode::kUnavailable) << sent.error().to_string();
  EXPECT_TRUE(session_->was_refused_by_rebalance());
  EXPECT_FALSE(session_->is_over());
  expect_abort_and_next_commit();
  EXPECT_FALSE(session_->was_refused_by_rebalance());
}

TEST_F(TransactionSessionTest, IsNotWorthRepeatingForAMemberThatTheGroupDropped) {
  open(brokers_.options());
  begin_and_produce();
  brokers_.fail(ApiKey::kTxnOffsetCommit, {RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID});
  const auto sent = send_offsets();
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, ErrorCode::kUnavailable) << sent.error().to_string();
  EXPECT_FALSE(session_->was_refused_by_rebalance());
  expect_abort_and_next_commit();
}

TEST_F(TransactionSessionTest, NamesATopicThatItMayNotWriteTo) {
  open(brokers_.options());
  begin_and_produce();
  brokers_.fail(ApiKey::kAddPartitionsToTxn, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
  const auto committed = session_->commit();
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().code, ErrorCode::kFailed) << committed.error().to_string();
  EXPECT_FALSE(session_->is_over());
  expect_abort_and_next_commit();
}

TEST_F(TransactionSessionTest, FailsTheCommitWhenARecordWasNotTaken) {
  open(brokers_.options());
  begin_and_produce();
  brokers_.fail(ApiKey::kProduce, {RD_KAFKA_RESP_ERR_INVALID_RECORD});
  const auto committed = session_->commit();
  ASSERT_FALSE(committed.ok());
  EXPECT_NE(committed.error().to_string().find("mentions/0"), std::string::npos) << committed.error().to_string();
  EXPECT_TRUE(session_->abort(milliseconds(10'000)).ok());
  session_.reset();
  open(brokers_.options());
  begin_and_produce();
  EXPECT_TRUE(session_->commit().ok());
}

TEST_F(TransactionSessionTest, RefusesAPositionWhoseMetadataIsTooLongForGood) {
  open(brokers_.options());
  begin_and_produce();
  brokers_.fail(ApiKey::kTxnOffsetCommit, {RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE});
  const auto sent = send_offsets();
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, ErrorCode::kInvalid) << sent.error().to_string();
}

TEST(TransactionDeadline, LeavesACallThatHangsBehindInsteadOfHangingWithIt) {
  MockCluster brokers(2);
  brokers.create_topic("mentions", 1);
  brokers.set_transaction_coordinator("listen-1", 1);
  brokers.set_group_coordinator("listen", 2);
  KafkaOptions options = brokers.options();
  options.request_timeout_ms = 1'000;
  auto session = TransactionSession::open(options, "listen-1");
  ASSERT_TRUE(session.ok()) << session.error().to_string();
  ASSERT_TRUE((*session)->begin().ok());
  brokers.stop_broker(2);
  PartitionList offsets = make_partition_list(1);
  add_partition(offsets.get(), {"posts", 0})->offset = 5;
  const GroupMetadata membership(rd_kafka_consumer_group_metadata_new("listen"));
  const auto began = std::chrono::steady_clock::now();
  const auto sent = (*session)->send_offsets(offsets, membership.get());
  session = Error{};  // closing does not wait for it either
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(8));
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, ErrorCode::kUnavailable) << sent.error().to_string();
}

}  // namespace

}  // namespace earshot::kafka
