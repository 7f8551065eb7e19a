// What a configuration of Kafka is told before anything runs.
#include "connectors/kafka/property_review.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include "tests/connectors/temporary_folder.h"

namespace earshot::kafka {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Properties = std::map<std::string, Secret>;

Result<std::vector<std::string>> review(Properties properties) {
  properties.try_emplace("bootstrap.servers", "127.0.0.1:1");
  KafkaOptions options;
  options.properties = std::move(properties);
  return review_properties(options);
}

std::string fault_of(Properties properties) {
  const auto reviewed = review(std::move(properties));
  return reviewed ? "" : reviewed.error().to_string();
}

std::string remarks_of(Properties properties) {
  const auto reviewed = review(std::move(properties));
  if (!reviewed) return "fault: " + reviewed.error().to_string();
  std::string all;
  for (const std::string& remark : *reviewed) all += remark + "\n";
  return all;
}

Properties account(const std::string& mechanism) {
  return {{"security.protocol", "SASL_SSL"},
          {"sasl.mechanisms", mechanism},
          {"sasl.username", "earshot"},
          {"sasl.password", "canary-4711"}};
}

TEST(KafkaReview, HasNothingToSayAboutTheUsualWays) {
  EXPECT_THAT(remarks_of({}), IsEmpty());
  EXPECT_THAT(remarks_of(account("PLAIN")), IsEmpty());
  EXPECT_THAT(remarks_of({{"security.protocol", "ssl"}}), IsEmpty());
}

TEST(KafkaReview, FindsWhatAClientWouldRefuse) {
  EXPECT_THAT(fault_of({{"bootstrap.severs", "x"}}), HasSubstr("'bootstrap.severs'"));
  EXPECT_THAT(fault_of({{"isolation.level", "read_uncommitted"}}), HasSubstr("'isolation.level' is set by earshot"));
  EXPECT_THAT(fault_of({{"session.timeout.ms", "soon"}}), HasSubstr("'session.timeout.ms'"));
  EXPECT_THAT(fault_of({{"security.protocol", "ssl"}, {"ssl.ca.location", "/nowhere/ca.crt"}}),
              HasSubstr("ssl.ca.location"));
}

TEST(KafkaReview, FindsAKeyThatIsNone) {
  const TemporaryFolder folder;
  const std::string key = folder.write("key.pem", "canary-4711, not a key");
  const std::string fault = fault_of({{"security.protocol", "ssl"}, {"ssl.key.location", key.c_str()}});
  EXPECT_THAT(fault, HasSubstr("ssl.key.location"));
  EXPECT_THAT(fault, Not(HasSubstr("canary")));
}

TEST(KafkaReview, ChecksTheBrokersHostNameUnlessTold) {
  char value[32] = {};
  size_t size = sizeof value;
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  EXPECT_EQ(rd_kafka_conf_get(conf, "ssl.endpoint.identification.algorithm", value, &size), RD_KAFKA_CONF_OK);
  rd_kafka_conf_destroy(conf);
  EXPECT_STREQ(value, "https") << "this librdkafka leaves it off by default: earshot must set it";
  Properties unchecked = account("PLAIN");
  unchecked["ssl.endpoint.identification.algorithm"] = "none";
  EXPECT_THAT(remarks_of(unchecked), HasSubstr("ssl.endpoint.identification.algorithm is none"));
  unchecked["enable.ssl.certificate.verification"] = "false";
  EXPECT_THAT(remarks_of(unchecked), HasSubstr("enable.ssl.certificate.verification is false"));
}

TEST(KafkaReview, SaysThatAPasswordGoesInTheClear) {
  Properties open = account("PLAIN");
  open["security.protocol"] = "SASL_PLAINTEXT";
  EXPECT_THAT(remarks_of(open), HasSubstr("in the clear"));
}

TEST(KafkaReview, WarnsOfScramThatNewBrokersRefuse) {
  for (const char* mechanism : {"SCRAM-SHA-256", "SCRAM-SHA-512"}) {
    const std::string remarks = remarks_of(account(mechanism));
    if (rd_kafka_version() < 0x020601ff) {
      EXPECT_THAT(remarks, HasSubstr("librdkafka 2.6.1")) << mechanism;
    } else {
      EXPECT_THAT(remarks, IsEmpty()) << mechanism;
    }
  }
}

TEST(KafkaReview, SaysWhatOauthbearerNeeds) {
  EXPECT_THAT(fault_of({{"security.protocol", "SASL_SSL"}, {"sasl.mechanisms", "OAUTHBEARER"}}),
              HasSubstr("sasl.oauthbearer.method: oidc"));
  const TemporaryFolder folder;
  const auto with_token = [&](std::string_view text) -> Properties {
    return {{"security.protocol", "SASL_SSL"},
            {"sasl.mechanisms", "OAUTHBEARER"},
            {"sasl.oauthbearer.token.endpoint.url", "file://" + folder.write("token", text)}};
  };
  // {"sub":"a","exp":4102444800} and, long over, 1000000000.
  EXPECT_THAT(remarks_of(with_token("e30.eyJzdWIiOiJhIiwiZXhwIjo0MTAyNDQ0ODAwfQ.canary\n")), IsEmpty());
  EXPECT_THAT(fault_of(with_token("e30.eyJzdWIiOiJhIiwiZXhwIjoxMDAwMDAwMDAwfQ.canary")),
              HasSubstr("token: the token has expired"));
  for (const char* text : {"", "canary", "canary.canary.canary", "e30.e30.canary", "e30.W10.canary", "e30.*.canary"}) {
    const std::string fault_of_text = fault_of(with_token(text));
    EXPECT_THAT(fault_of_text, HasSubstr("token: expected a JSON Web Token")) << text;
    EXPECT_THAT(fault_of_text, Not(HasSubstr("canary"))) << text;
  }
  char features[512] = {};
  size_t size = sizeof features;
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  EXPECT_EQ(rd_kafka_conf_get(conf, "builtin.features", features, &size), RD_KAFKA_CONF_OK);
  rd_kafka_conf_destroy(conf);
  const std::string fault = fault_of({{"security.protocol", "SASL_SSL"},
                                      {"sasl.mechanisms", "OAUTHBEARER"},
                                      {"sasl.oauthbearer.method", "oidc"},
                                      {"sasl.oauthbearer.client.id", "earshot"},
                                      {"sasl.oauthbearer.client.secret", "canary-4711"},
                                      {"sasl.oauthbearer.token.endpoint.url", "https://127.0.0.1:1/token"}});
  if (std::string_view(features).find("oidc") == std::string_view::npos) {
    EXPECT_THAT(fault, HasSubstr("'sasl.oauthbearer."));
    EXPECT_THAT(fault, HasSubstr("not supported in this build"));
  } else {
    EXPECT_THAT(fault, IsEmpty());
  }
  EXPECT_THAT(fault, Not(HasSubstr("canary")));
}

TEST(KafkaReview, NeedsAnAccountToLogInWith) {
  for (const char* missing : {"sasl.username", "sasl.password"}) {
    Properties without = account("PLAIN");
    without.erase(missing);
    EXPECT_THAT(fault_of(without), HasSubstr("sasl.username and sasl.password are needed")) << missing;
  }
}

TEST(KafkaReview, KnowsNoOtherMechanism) {
  EXPECT_THAT(fault_of(account("SCRAM-SHA-1")), HasSubstr("none of GSSAPI, PLAIN, SCRAM-SHA-256"));
}

// A user may put a password under any name.
TEST(KafkaReview, ShowsNoValueThatItRefuses) {
  for (const char* name : {"security.protocol", "compression.type", "partitioner", "socket.timeout.ms",
                           "sasl.jaas.config", "sasl.password.file", "enable.ssl.certificate.verification",
                           "broker.address.family", "ssl.key.pem", "ssl.ca.pem", "ssl.certificate.pem"}) {
    const std::string fault = fault_of({{name, "canary-4711"}, {"security.protocol", "SASL_SSL"}});
    EXPECT_FALSE(fault.empty()) << name;
    EXPECT_THAT(fault, Not(HasSubstr("canary"))) << name;
  }
}

}  // namespace

}  // namespace earshot::kafka
