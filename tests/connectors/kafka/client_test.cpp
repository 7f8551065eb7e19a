// Properties pass through to librdkafka by name, and secrets stop here.
#include "connectors/kafka/client.h"

#include <gtest/gtest.h>

#include "connectors/kafka/kafka_log.h"

namespace earshot::kafka {

namespace {

std::string error_of(const KafkaOptions& options, ClientRole role = ClientRole::kProducer) {
  const auto client = Client::open(options, role, {});
  return client ? "" : client.error().to_string();
}

KafkaOptions with(const std::string& name, const std::string& value) {
  KafkaOptions options;
  options.properties = {{"bootstrap.servers", "127.0.0.1:1"}, {name, value}};
  return options;
}

TEST(KafkaProperties, AreRefusedByNameWhenLibrdkafkaHasNoneOfThatName) {
  const std::string error = error_of(with("bootstrap.severs", "broker:9092"));
  EXPECT_NE(error.find("'bootstrap.severs'"), std::string::npos) << error;
}

TEST(KafkaProperties, AreRefusedByNameWhenTheValueDoesNotFit) {
  const std::string error = error_of(with("socket.timeout.ms", "soon"));
  EXPECT_NE(error.find("'socket.timeout.ms'"), std::string::npos) << error;
}

TEST(KafkaProperties, AreRefusedWhenExactlyOnceRestsOnThem) {
  for (const char* name : {"enable.auto.commit", "isolation.level", "transactional.id", "group.id",
                           "enable.idempotence", "partition.assignment.strategy", "acks"}) {
    const std::string error = error_of(with(name, "x"));
    EXPECT_NE(error.find(name), std::string::npos) << error;
    EXPECT_NE(error.find("set by earshot"), std::string::npos) << error;
  }
}

TEST(KafkaProperties, OfTheOtherKindOfClientAreAcceptedWithoutARemark) {
  KafkaOptions options = with("session.timeout.ms", "10000");
  options.properties["linger.ms"] = "2";
  std::string logged;
  options.on_log = [&](LogLevel, std::string_view message) { logged.append(message); };
  EXPECT_EQ(error_of(options, ClientRole::kProducer), "");
  EXPECT_EQ(error_of(options, ClientRole::kInspector), "");
  EXPECT_EQ(logged.find("will be ignored"), std::string::npos) << logged;
}

TEST(KafkaProperties, MayReplaceADefault) {
  EXPECT_EQ(error_of(with("linger.ms", "50")), "");
  EXPECT_EQ(error_of(with("compression.type", "zstd")), "");
}

TEST(KafkaProperties, NeverShowASecretInAnError) {
  for (const char* name : {"sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem"}) {
    KafkaOptions options = with(name, "canary-4711");
    options.properties["security.protocol"] = "ssl";
    const std::string error = error_of(options);
    EXPECT_EQ(error.find("canary"), std::string::npos) << error;
  }
}

TEST(KafkaProperties, NeverShowASecretInALogLine) {
  ClientEvents events;
  events.secrets = {"canary-4711", "sesame"};
  std::string logged;
  events.log = [&](LogLevel, std::string_view message) { logged.append(message); };
  events.report(LogLevel::kError, "user=a password=canary-4711 again canary-4711, sesame");
  EXPECT_EQ(logged, "user=a password=[secret] again [secret], [secret]");
  EXPECT_EQ(events.last_fault(), logged);
}

TEST(KafkaProperties, KnowTheSecretOnesByName) {
  for (const char* name : {"sasl.password", "ssl.key.password", "sasl.oauthbearer.client.secret", "ssl.key.pem",
                           "sasl.jaas.config", "sasl.oauthbearer.config", "ssl.keystore.password"}) {
    EXPECT_TRUE(is_secret_property(name)) << name;
  }
  for (const char* name : {"sasl.username", "ssl.keystore.location", "sasl.oauthbearer.token.endpoint.url"}) {
    EXPECT_FALSE(is_secret_property(name)) << name;
  }
}

TEST(KafkaProperties, AreRefusedWithoutABroker) {
  const auto log = open_kafka_log({});
  ASSERT_FALSE(log.ok());
  EXPECT_NE(log.error().to_string().find("bootstrap.servers"), std::string::npos) << log.error().to_string();
}

TEST(KafkaConnection, NamesTheLastFaultOfABrokerThatDoesNotAnswer) {
  KafkaOptions options;
  options.properties["bootstrap.servers"] = "127.0.0.1:1";
  options.request_timeout_ms = 500;
  const auto log = open_kafka_log(options);
  ASSERT_FALSE(log.ok());
  EXPECT_EQ(log.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(log.error().to_string().find("Connection refused"), std::string::npos) << log.error().to_string();
}

}  // namespace

}  // namespace earshot::kafka
