// Reaching a cluster: properties passed through, secrets kept, faults named.
#include <gtest/gtest.h>

#include <ctime>

#include "tests/connectors/temporary_folder.h"
#include "tests/contract/drain.h"
#include "tests/integration/kafka/kafka_cluster.h"

namespace earshot::kafka {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

KafkaOptions over_tls(const TestCluster& cluster) {
  KafkaOptions options = cluster.options();
  options.properties = {{"bootstrap.servers", environment("EARSHOT_TEST_KAFKA_TLS")},
                        {"security.protocol", "SASL_SSL"},
                        {"sasl.mechanisms", "PLAIN"},
                        {"sasl.username", environment("EARSHOT_TEST_KAFKA_USER")},
                        {"sasl.password", environment("EARSHOT_TEST_KAFKA_PASSWORD")},
                        {"ssl.ca.location", environment("EARSHOT_TEST_KAFKA_CA")},
                        {"ssl.endpoint.identification.algorithm", "https"}};
  return options;
}

#define EARSHOT_NEEDS_TLS()                                                                                          \
  if (environment("EARSHOT_TEST_KAFKA_TLS").empty()) {                                                               \
    GTEST_SKIP() << "needs TLS: EARSHOT_KAFKA_TLS=1 ops/kafka/kafka.sh start && eval \"$(ops/kafka/kafka.sh env)\""; \
  }

TEST(KafkaConnection, ReadsAndWritesOverTlsWithAPassword) {
  EARSHOT_NEEDS_TLS();
  const TestCluster cluster;
  KafkaOptions options = over_tls(cluster);
  options.properties["debug"] = "all";
  const auto log = TestCluster::open_log(options);
  ASSERT_NE(log, nullptr);
  const std::string topic = cluster.unique("posts");
  const std::vector<TopicSpec> specs{{topic, 1}};
  ASSERT_SUCCEEDS(log->ensure_topics(specs));
  auto producer = log->open_producer(cluster.unique("writer"));
  ASSERT_SUCCEEDS(producer);
  ASSERT_SUCCEEDS((*producer)->begin());
  ASSERT_SUCCEEDS((*producer)->produce({topic, 0, "key", "over tls"}));
  ASSERT_SUCCEEDS((*producer)->commit({}));
  auto source = log->subscribe(cluster.unique("group"), {topic}, {.until_end = true});
  ASSERT_SUCCEEDS(source);
  contract::settle(**source);
  EXPECT_EQ(contract::drain(**source).values({topic, 0}), std::vector<std::string>{"over tls"});
  EXPECT_TRUE(cluster.has_logged("SASL")) << "librdkafka said nothing of the login";
  EXPECT_FALSE(cluster.has_logged(environment("EARSHOT_TEST_KAFKA_PASSWORD")));
}

TEST(KafkaConnection, NamesAWrongPasswordAsTheFaultWithoutShowingIt) {
  EARSHOT_NEEDS_TLS();
  const TestCluster cluster;
  KafkaOptions options = over_tls(cluster);
  options.properties["sasl.password"] = "canary-8d1f";
  options.request_timeout_ms = 3'000;
  const auto log = open_kafka_log(options);
  ASSERT_FALSE(log.ok());
  EXPECT_NE(log.error().to_string().find("uthentication"), std::string::npos) << log.error().to_string();
  EXPECT_EQ(log.error().to_string().find("canary-8d1f"), std::string::npos);
  EXPECT_FALSE(cluster.has_logged("canary-8d1f"));
}

TEST(KafkaConnection, RefusesACertificateThatItsCaDidNotSign) {
  EARSHOT_NEEDS_TLS();
  const TestCluster cluster;
  KafkaOptions options = over_tls(cluster);
  options.properties.erase("ssl.ca.location");
  options.request_timeout_ms = 3'000;
  const auto log = open_kafka_log(options);
  ASSERT_FALSE(log.ok());
  EXPECT_NE(log.error().to_string().find("certificate"), std::string::npos) << log.error().to_string();
}

// The fault of opening a log with these properties; empty when it opens.
std::string fault_of(KafkaOptions options) {
  options.request_timeout_ms = 4'000;
  const auto log = open_kafka_log(std::move(options));
  return log ? "" : log.error().to_string();
}

std::string certificate(const std::string& name) {
  return environment("EARSHOT_TEST_KAFKA_CERTIFICATES") + "/" + name;
}

TEST(KafkaConnection, RefusesABrokerWhoseCertificateAnotherAuthoritySigned) {
  EARSHOT_NEEDS_TLS();
  const TestCluster cluster;
  KafkaOptions options = over_tls(cluster);
  options.properties["ssl.ca.location"] = certificate("stranger.crt");
  const std::string fault = fault_of(options);
  EXPECT_NE(fault.find("certificate"), std::string::npos) << fault;
}

// 127.1 is another way to write 127.0.0.1, but not the name in the broker's certificate.
TEST(KafkaConnection, RefusesABrokerUnderAnotherNameUnlessToldNotToLook) {
  EARSHOT_NEEDS_TLS();
  const TestCluster cluster;
  KafkaOptions options = over_tls(cluster);
  const std::string servers = environment("EARSHOT_TEST_KAFKA_TLS");
  options.properties["bootstrap.servers"] =
      "127.1" + servers.substr(servers.find(':'), servers.find(',') - servers.find(':'));
  options.properties.erase("ssl.endpoint.identification.algorithm");  // it is on unless it is turned off
  const std::string fault = fault_of(options);
  EXPECT_NE(fault.find("certificate"), std::string::npos) << fault;
  options.properties["ssl.endpoint.identification.algorithm"] = "none";
  EXPECT_EQ(fault_of(options), "");
}

KafkaOptions with_certificate(const TestCluster& cluster, const std::string& name) {
  KafkaOptions options = cluster.options();
  options.properties = {{"bootstrap.servers", environment("EARSHOT_TEST_KAFKA_MUTUAL_TLS")},
                        {"security.protocol", "SSL"},
                        {"ssl.ca.location", environment("EARSHOT_TEST_KAFKA_CA")}};
  if (name.empty()) return options;
  options.properties["ssl.certificate.location"] = certificate(name + ".crt");
  options.properties["ssl.key.location"] = certificate(name + ".key");
  return options;
}

TEST(KafkaConnection, ProvesItselfByACertificate) {
  EARSHOT_NEEDS_TLS();
  const TestCluster cluster;
  EXPECT_EQ(fault_of(with_certificate(cluster, "client")), "");
  EXPECT_NE(fault_of(with_certificate(cluster, "")), "") << "the broker asks for none";
  EXPECT_NE(fault_of(with_certificate(cluster, "stranger")), "") << "the broker takes any";
}

// {"alg":"none"} and the claims, in base64url: what the test broker takes.
std::string unsigned_token(const std::string& claims) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string encoded;
  for (size_t i = 0; i < claims.size(); i += 3) {
    const auto byte = [&](size_t at) { return at < claims.size() ? static_cast<unsigned char>(claims[at]) : 0U; };
    const unsigned bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    for (size_t j = 0; j < 4 && i + j <= claims.size(); ++j) encoded += alphabet[bits >> (18 - 6 * j) & 63];
  }
  return "eyJhbGciOiJub25lIn0." + encoded + ".";
}

std::string claims_of(const std::string& subject, int64_t from_now_s) {
  const int64_t now_s = std::time(nullptr);
  return R"({"sub":")" + subject + R"(","iat":)" + std::to_string(now_s - 10) + R"(,"exp":)" +
         std::to_string(now_s + from_now_s) + "}";
}

TEST(KafkaConnection, LogsInByATokenFromAFile) {
  EARSHOT_NEEDS_TLS();
  const TestCluster cluster;
  const TemporaryFolder folder;
  const std::string token = unsigned_token(claims_of("earshot", 3600));
  KafkaOptions options = over_tls(cluster);
  options.properties.erase("sasl.username");
  options.properties.erase("sasl.password");
  options.properties["sasl.mechanisms"] = "OAUTHBEARER";
  options.properties["sasl.oauthbearer.token.endpoint.url"] = "file://" + folder.write("token", token + "\n");
  options.properties["debug"] = "all";
  EXPECT_EQ(fault_of(options), "");
  EXPECT_FALSE(cluster.has_logged(token));
  folder.write("token", unsigned_token(claims_of("earshot", -5)));
  const std::string fault = fault_of(options);
  EXPECT_NE(fault.find("OAUTHBEARER: " + (folder / "token")), std::string::npos) << fault;
}

TEST(KafkaConnection, NamesATopicThatIsNotThere) {
  EARSHOT_NEEDS_KAFKA();
  const TestCluster cluster;
  const auto source = open_kafka_source(cluster.options(), cluster.unique("group"), {cluster.unique("missing")}, {});
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code, ErrorCode::kNotFound);
  EXPECT_NE(source.error().to_string().find(cluster.unique("missing")), std::string::npos);
}

}  // namespace

}  // namespace earshot::kafka
