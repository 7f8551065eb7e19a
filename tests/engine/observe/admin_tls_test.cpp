// The admin port where other machines may reach it: over TLS, with a token.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/observe/admin_credentials.h"
#include "engine/observe/admin_server.h"
#include "tests/connectors/temporary_folder.h"
#include "tests/engine/observe/raw_connection.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kToken = "0123456789abcdef0123456789abcdef";

class AdminTls : public testing::Test {
 protected:
  void SetUp() override {
    const std::string command = "cd '" + folder_.path() +
                                "' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
                                "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 "
                                "-keyout key.pem -out certificate.pem 2> openssl.log";
    ASSERT_EQ(std::system(command.c_str()), 0) << "openssl is needed to make a certificate";
    fs::permissions(path("key.pem"), fs::perms::owner_read | fs::perms::owner_write);
    write("token", std::string(kToken) + "\n", 0600);
  }

  [[nodiscard]] fs::path path(const std::string& name) const { return fs::path(folder_.path()) / name; }

  void write(const std::string& name, const std::string& text, mode_t mode) const {
    std::ofstream(path(name)) << text;
    ASSERT_EQ(chmod(path(name).c_str(), mode), 0);
  }

  [[nodiscard]] AdminOptions options() const {
    return {.listen = "0.0.0.0:0",
            .certificate = path("certificate.pem"),
            .private_key = path("key.pem"),
            .bearer_token = path("token")};
  }

  void start(const AdminOptions& options) {
    auto started = AdminServer::start(options, metrics_, readiness_);
    ASSERT_TRUE(started.ok()) << started.error().to_string();
    server_ = std::move(*started);
  }

  [[nodiscard]] httplib::Result get(const std::string& target, const std::string& authorization) const {
    httplib::SSLClient client("localhost", server_->port());
    client.set_ca_cert_path(path("certificate.pem").c_str());
    client.enable_server_certificate_verification(true);
    httplib::Headers headers;
    if (!authorization.empty()) headers.emplace("Authorization", authorization);
    return client.Get(target.c_str(), headers);
  }

  [[nodiscard]] std::string fault_of(const AdminOptions& options) {
    const auto started = AdminServer::start(options, metrics_, readiness_);
    const auto loaded = load_admin_credentials(options);
    EXPECT_EQ(started.ok(), loaded.ok()) << "a check must find what a start finds";
    return started ? "" : started.error().to_string();
  }

  TemporaryFolder folder_;
  Metrics metrics_;
  Readiness readiness_;
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminTls, AnswersEveryPageToWhoHasTheToken) {
  readiness_.set_check("log", [] { return Result<void>(); });
  metrics_.counter("earshot_posts_total", "Posts.").add(12);
  start(options());
  for (const char* target : {"/metrics", "/livez", "/readyz"}) {
    const auto response = get(target, std::string("Bearer ") + kToken);
    ASSERT_TRUE(response) << target << ": " << httplib::to_string(response.error());
    EXPECT_EQ(response->status, 200) << target;
  }
}

TEST_F(AdminTls, AnswersNobodyElse) {
  metrics_.counter("earshot_posts_total", "Posts.").add(12);
  start(options());
  const std::string token = kToken;
  for (const std::string& authorization :
       {std::string(), std::string("Bearer"), std::string("Bearer "), "Basic " + token, "bearer" + token, token,
        "Bearer " + token.substr(1), "Bearer " + token + "0", "Bearer " + token + token, "Bearer  " + token}) {
    for (const char* target : {"/metrics", "/livez", "/readyz", "/none"}) {
      const auto response = get(target, authorization);
      ASSERT_TRUE(response) << authorization;
      EXPECT_EQ(response->status, 401) << target << " with '" << authorization << "'";
      EXPECT_EQ(response->get_header_value("WWW-Authenticate"), "Bearer");
      EXPECT_EQ(response->body.find("earshot_posts_total"), std::string::npos);
      EXPECT_EQ(response->body.find(token), std::string::npos);
    }
  }
}

TEST_F(AdminTls, SpeaksNoPlainHttpAndNoOldTls) {
  start(options());
  const RawConnection plain(server_->port());
  plain.send("GET /livez HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + std::string(kToken) + "\r\n\r\n");
  const auto answer = plain.read_to_end();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->find("200"), std::string::npos);
  const std::string with = "echo | openssl s_client -connect 127.0.0.1:" + std::to_string(server_->port()) + " ";
  const std::string quietly = " > /dev/null 2>&1";
  EXPECT_EQ(std::system((with + "-tls1_2" + quietly).c_str()), 0);
  EXPECT_NE(std::system((with + "-tls1_1 -cipher ALL:@SECLEVEL=0" + quietly).c_str()), 0);
}

TEST_F(AdminTls, AsksForTheTokenOnLoopbackTooWhenThereIsOne) {
  start({.listen = "127.0.0.1:0", .bearer_token = path("token")});
  httplib::Client client("127.0.0.1", server_->port());
  EXPECT_EQ(client.Get("/livez")->status, 401);
  EXPECT_EQ(client.Get("/livez", {{"Authorization", std::string("Bearer ") + kToken}})->status, 200);
}

TEST_F(AdminTls, CutsOffAHandshakeThatDrips) {
  AdminOptions slow = options();
  slow.limits.request_time = std::chrono::milliseconds(400);
  start(slow);
  const RawConnection dripping(server_->port());
  const auto began = std::chrono::steady_clock::now();
  dripping.send(std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
  while (!dripping.is_closed() && std::chrono::steady_clock::now() - began < std::chrono::seconds(5)) {
    dripping.send("a");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
}

TEST_F(AdminTls, NeedsBothTlsAndATokenWhereOthersReachIt) {
  AdminOptions open = options();
  open.bearer_token.clear();
  const auto without_token = AdminServer::start(open, metrics_, readiness_);
  ASSERT_FALSE(without_token.ok());
  EXPECT_THAT(without_token.error().to_string(), HasSubstr("it needs TLS and a token"));
  open = options();
  open.certificate.clear();
  open.private_key.clear();
  EXPECT_FALSE(AdminServer::start(open, metrics_, readiness_).ok());
}

TEST_F(AdminTls, RefusesSecretsThatOthersCouldRead) {
  for (const mode_t mode : {0640, 0604, 0644, 0666, 0601, 0610}) {
    ASSERT_EQ(chmod(path("token").c_str(), mode), 0);
    EXPECT_THAT(fault_of(options()), HasSubstr(path("token").string() + ": has mode 0" + (mode < 0700 ? "6" : "7")));
  }
  ASSERT_EQ(chmod(path("token").c_str(), 0400), 0);
  EXPECT_EQ(fault_of(options()), "");
  ASSERT_EQ(chmod(path("key.pem").c_str(), 0644), 0);
  EXPECT_THAT(fault_of(options()), HasSubstr(path("key.pem").string() + ": has mode 0644"));
}

TEST_F(AdminTls, RefusesATokenOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(chown(path("token").c_str(), 65534, 65534), 0);
  EXPECT_THAT(fault_of(options()), HasSubstr(path("token").string() + ": belongs to user 65534"));
}

TEST_F(AdminTls, TakesACredentialOfSystemdWhoseAccessListShowsAsItsGroup) {
  ASSERT_EQ(chmod(path("token").c_str(), 0440), 0);
  EXPECT_THAT(fault_of(options()), HasSubstr("has mode 0440"));
  ASSERT_EQ(setenv("CREDENTIALS_DIRECTORY", folder_.path().c_str(), 1), 0);
  EXPECT_EQ(fault_of(options()), "");
  ASSERT_EQ(chmod(path("token").c_str(), 0444), 0);
  EXPECT_THAT(fault_of(options()), HasSubstr("has mode 0444"));
  unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_F(AdminTls, NamesAFileThatIsNotWhatItShouldBe) {
  AdminOptions wrong = options();
  wrong.bearer_token = path("none");
  EXPECT_THAT(fault_of(wrong), HasSubstr(path("none").string() + ": cannot read it: No such file"));
  wrong.bearer_token = folder_.path();
  EXPECT_THAT(fault_of(wrong), HasSubstr("expected a regular file"));
  for (const std::string& token :
       {std::string(), std::string("short"), std::string("two words, one of them long"), std::string(70'000, 'a')}) {
    write("token", token, 0600);
    EXPECT_THAT(fault_of(options()), HasSubstr(path("token").string() + ": ")) << token.size();
  }
  write("token", kToken, 0600);
  write("key.pem", "no key", 0600);
  EXPECT_THAT(fault_of(options()), HasSubstr(path("key.pem").string() + ": cannot use it as the PEM private key"));
  write("certificate.pem", "no certificate", 0600);
  EXPECT_THAT(fault_of(options()),
              HasSubstr(path("certificate.pem").string() + ": cannot use it as a PEM certificate"));
  wrong = options();
  wrong.private_key.clear();
  EXPECT_THAT(fault_of(wrong), HasSubstr("both a certificate and its private key"));
}

TEST_F(AdminTls, RefusesTheKeyOfAnotherCertificate) {
  const std::string command = "openssl ecparam -name prime256v1 -genkey -noout -out '" + path("key.pem").string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_THAT(fault_of(options()), HasSubstr("cannot use it as the PEM private key, without a passphrase, of " +
                                             path("certificate.pem").string()));
}

TEST(AdminTlsKey, WithAPassphraseIsRefusedInsteadOfAskingTheTerminal) {
  const TemporaryFolder folder;
  const fs::path key = fs::path(folder.path()) / "key.pem";
  const fs::path certificate = fs::path(folder.path()) / "certificate.pem";
  const std::string command =
      "openssl req -x509 -newkey rsa:2048 -days 2 -subj /CN=x -passout pass:canary-71 -keyout '" + key.string() +
      "' -out '" + certificate.string() + "' 2> /dev/null && chmod 0600 '" + key.string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto loaded = load_admin_credentials({.listen = "", .certificate = certificate, .private_key = key});
  ASSERT_FALSE(loaded.ok());
  EXPECT_THAT(loaded.error().to_string(), HasSubstr("without a passphrase"));
}

}  // namespace
}  // namespace earshot
