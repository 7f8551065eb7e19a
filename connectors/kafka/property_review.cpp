#include "connectors/kafka/property_review.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

#include "connectors/kafka/client.h"
#include "connectors/kafka/oauth_token.h"

namespace earshot::kafka {

namespace {

// Before it librdkafka sent its own nonce twice, which brokers of Kafka 4 refuse as wrong credentials (its #4895).
constexpr int kScramVersionMin = 0x020601ff;

class Review {
 public:
  explicit Review(const KafkaOptions& options) : options_(options) {}

  [[nodiscard]] Result<std::vector<std::string>> run() {
    if (auto usable = check_usable(); !usable) return usable.error();
    if (auto login = review_login(); !login) return login.error();
    review_encryption();
    return std::move(remarks_);
  }

 private:
  // The value, in lower case, of the first of these names that is set.
  [[nodiscard]] std::string value(std::initializer_list<const char*> names) const {
    for (const char* name : names) {
      const auto found = options_.properties.find(name);
      if (found == options_.properties.end()) continue;
      std::string text = found->second.reveal();
      std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      return text;
    }
    return {};
  }
  [[nodiscard]] std::string protocol() const { return value({"security.protocol"}); }
  [[nodiscard]] std::string mechanism() const { return value({"sasl.mechanisms", "sasl.mechanism"}); }

  // Opens a handle of each kind, which reads certificates and keys, but none that would ask a broker.
  Result<void> check_usable() const {
    KafkaOptions offline = options_;
    offline.on_log = [](auto&&...) {};
    offline.properties.erase("bootstrap.servers");
    offline.properties.erase("metadata.broker.list");
    if (protocol().starts_with("sasl")) {
      // A login that runs kinit or asks for a token would begin with the handle.
      offline.properties["sasl.mechanisms"] = "PLAIN";
      offline.properties.erase("sasl.mechanism");
      if (!oauth_token_file(options_).empty()) offline.properties.erase("sasl.oauthbearer.token.endpoint.url");
      offline.properties.try_emplace("sasl.username", "none");
      offline.properties.try_emplace("sasl.password", "none");
    }
    for (const ClientRole role : {ClientRole::kProducer, ClientRole::kReader}) {
      if (auto client = Client::open(offline, role, {}); !client) return client.error();
    }
    return {};
  }

  Result<void> review_login() {
    if (!protocol().starts_with("sasl")) return {};
    const std::string by = mechanism();
    const bool has_account = !value({"sasl.username"}).empty() && !value({"sasl.password"}).empty();
    if ((by == "plain" || by.starts_with("scram-")) && !has_account) {
      return invalid("Kafka properties sasl.username and sasl.password are needed to log in by " + by);
    }
    if (by.starts_with("scram-") && rd_kafka_version() < kScramVersionMin) {
      remarks_.push_back(std::string("SCRAM of librdkafka ") + rd_kafka_version_str() +
                         " is refused as a wrong password by brokers since Kafka 4.0: use librdkafka 2.6.1 or newer, "
                         "PLAIN over TLS, or a client certificate");
    }
    if (by == "oauthbearer") return review_oauthbearer();
    const bool is_known =
        by.empty() || by == "gssapi" || by == "plain" || by == "scram-sha-256" || by == "scram-sha-512";
    if (!is_known) {
      return invalid(
          "Kafka property 'sasl.mechanisms' is none of GSSAPI, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and "
          "OAUTHBEARER");
    }
    return {};
  }

  Result<void> review_oauthbearer() {
    if (const std::string file = oauth_token_file(options_); !file.empty()) return review_token(file);
    if (value({"enable.sasl.oauthbearer.unsecure.jwt"}) == "true") {
      remarks_.push_back("OAUTHBEARER with enable.sasl.oauthbearer.unsecure.jwt proves nothing: for tests only");
      return {};
    }
    if (value({"sasl.oauthbearer.method"}) != "oidc") {
      return invalid(
          "OAUTHBEARER needs a token: sasl.oauthbearer.token.endpoint.url: file:///path/of/a/token, or "
          "sasl.oauthbearer.method: oidc with that url, sasl.oauthbearer.client.id and "
          "sasl.oauthbearer.client.secret");
    }
    return {};  // a librdkafka that was built without it has refused the method by now
  }

  static Result<void> review_token(const std::string& file) {
    const auto token = read_oauth_token(file);
    if (!token) return token.error();
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    if (token->expires_ms > std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) return {};
    return invalid("the token has expired", file);
  }

  void review_encryption() {
    const std::string used = protocol();
    const bool is_encrypted = used.ends_with("ssl");
    if (is_encrypted && value({"ssl.endpoint.identification.algorithm"}) == "none") {
      remarks_.push_back(
          "ssl.endpoint.identification.algorithm is none: any certificate of the authority passes for "
          "the broker's, so whoever has one can read and change everything");
    }
    if (is_encrypted && value({"enable.ssl.certificate.verification"}) == "false") {
      remarks_.push_back(
          "enable.ssl.certificate.verification is false: whoever is in between can read and change "
          "everything");
    }
    if (used == "sasl_plaintext" && mechanism() == "plain") {
      remarks_.push_back("the password crosses the network in the clear: set security.protocol to SASL_SSL");
    }
  }

  const KafkaOptions& options_;
  std::vector<std::string> remarks_;
};

}  // namespace

Result<std::vector<std::string>> review_properties(const KafkaOptions& options) {
  return Review(options).run();
}

}  // namespace earshot::kafka
