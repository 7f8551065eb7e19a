#include "engine/observe/admin_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "tests/engine/observe/raw_connection.h"

namespace earshot {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class AdminPort : public testing::Test {
 protected:
  void SetUp() override { start({.listen = "127.0.0.1:0"}); }

  void start(const AdminOptions& options) {
    auto started = AdminServer::start(options, metrics_, readiness_);
    ASSERT_TRUE(started.ok()) << started.error().to_string();
    server_ = std::move(*started);
  }

  [[nodiscard]] httplib::Result get(const std::string& path) const {
    return httplib::Client("127.0.0.1", server_->port()).Get(path);
  }

  Metrics metrics_;
  Readiness readiness_;
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminPort, ReportsTheFreePortThatItPicked) {
  EXPECT_GT(server_->port(), 0);
  EXPECT_EQ(server_->address(), "127.0.0.1:" + std::to_string(server_->port()));
}

TEST_F(AdminPort, ServesMetrics) {
  metrics_.counter("earshot_posts_total", "Posts.").add(12);
  const auto response = get("/metrics");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_THAT(response->get_header_value("Content-Type"), HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(response->body, HasSubstr("earshot_posts_total 12"));
}

TEST_F(AdminPort, IsAliveFromTheStart) {
  const auto response = get("/livez");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
}

TEST_F(AdminPort, IsNotReadyBeforeAnyCheckIsThere) {
  const auto response = get("/readyz");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(json::parse(response->body)["checks"][0]["reason"], "the process is starting");
}

TEST_F(AdminPort, IsReadyWhenEveryCheckPasses) {
  readiness_.set_check("log", [] { return Result<void>(); });
  readiness_.set_check("source", [] { return Result<void>(); });
  const auto response = get("/readyz");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(json::parse(response->body), json::parse(R"({"ready": true, "checks": [
      {"name": "log", "ready": true}, {"name": "source", "ready": true}]})"));
}

TEST_F(AdminPort, GivesTheReasonOfEachFailingCheck) {
  readiness_.set_check("log", [] { return Result<void>(); });
  readiness_.set_check("source", [] { return Result<void>(failed("no \"partition\" yet")); });
  const auto response = get("/readyz");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(json::parse(response->body), json::parse(R"({"ready": false, "checks": [
      {"name": "log", "ready": true}, {"name": "source", "ready": false, "reason": "no \"partition\" yet"}]})"));
  readiness_.remove_check("source");
  EXPECT_EQ(get("/readyz")->status, 200);
}

TEST_F(AdminPort, UnknownPathsAreNotFound) {
  for (const char* path : {"/", "/metrics/", "/metrics2", "/../etc/passwd", "/%2e%2e/etc/passwd"}) {
    const auto response = get(path);
    ASSERT_TRUE(response) << path;
    EXPECT_EQ(response->status, 404) << path;
  }
}

TEST_F(AdminPort, TakesGetOnly) {
  httplib::Client client("127.0.0.1", server_->port());
  EXPECT_EQ(client.Post("/metrics", "x", "text/plain")->status, 405);
  EXPECT_EQ(client.Delete("/metrics")->status, 405);
  EXPECT_EQ(client.Put("/metrics", "x", "text/plain")->status, 405);
  EXPECT_EQ(client.Head("/metrics")->status, 405);
  EXPECT_EQ(client.Post("/metrics", "x", "text/plain")->get_header_value("Allow"), "GET");
}

TEST_F(AdminPort, ASecondServerOnThePortIsAClearError) {
  const auto second = AdminServer::start({.listen = server_->address()}, metrics_, readiness_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(second.error().message,
            "cannot listen on " + server_->address() + ": Address already in use; set admin.listen to another address");
}

TEST_F(AdminPort, ThePortIsFreeAgainAfterTheServer) {
  const std::string address = server_->address();
  ASSERT_TRUE(get("/livez"));
  server_.reset();
  EXPECT_TRUE(AdminServer::start({.listen = address}, metrics_, readiness_).ok());
}

TEST_F(AdminPort, DropsAClientThatStalls) {
  const RawConnection stalled(server_->port());
  ASSERT_TRUE(stalled.is_connected());
  stalled.send("GET /metrics HTTP/1.1\r\nHost: ");
  EXPECT_TRUE(stalled.read_to_end().has_value()) << "still open after 10 s";
}

TEST_F(AdminPort, CutsOffAClientThatSendsAByteAtATime) {
  start({.listen = "127.0.0.1:0", .limits = {.request_time = std::chrono::milliseconds(400)}});
  const RawConnection dripping(server_->port());
  const auto start = std::chrono::steady_clock::now();
  dripping.send("GET /metrics HTTP/1.1\r\n");
  while (!dripping.is_closed() && std::chrono::steady_clock::now() - start < std::chrono::seconds(5)) {
    dripping.send("a");  // never idle
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST_F(AdminPort, ClosesAConnectionBeyondItsLimitAndServesAgainAfterwards) {
  start({.listen = "127.0.0.1:0", .limits = {.connections = 3}});
  {
    std::vector<std::unique_ptr<RawConnection>> idle;
    for (int i = 0; i < 3; ++i) idle.push_back(std::make_unique<RawConnection>(server_->port()));
    const RawConnection one_more(server_->port());
    one_more.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = one_more.read_to_end();
    ASSERT_TRUE(answer.has_value()) << "is held open";
    EXPECT_EQ(*answer, "");
  }
  for (int attempt = 0; attempt < 100 && !get("/livez"); ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(get("/livez")->status, 200);
}

TEST_F(AdminPort, AnswersManyClientsWhileOthersStall) {
  std::vector<std::unique_ptr<RawConnection>> stalled;
  for (int i = 0; i < 20; ++i) {
    stalled.push_back(std::make_unique<RawConnection>(server_->port()));
    stalled.back()->send("GET /");
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(get("/livez")->status, 200);
}

TEST_F(AdminPort, RefusesHeadersAndBodiesBeyondTheirLimits) {
  const auto status_of = [this](const std::string& request) {
    const RawConnection client(server_->port());
    client.send(request);
    return client.read_to_end().value_or("held open").substr(0, 12);
  };
  std::string many_headers = "GET /livez HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 900; ++i) many_headers += "X-" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(status_of(many_headers.substr(0, 9000)), "HTTP/1.1 431");
  EXPECT_EQ(status_of("POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n"), "HTTP/1.1 413");
  EXPECT_EQ(status_of("GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n"), "HTTP/1.1 400");
}

TEST_F(AdminPort, RefusesAPathWithoutEnd) {
  const RawConnection client(server_->port());
  client.send("GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto answer = client.read_to_end();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->find("200 OK"), std::string::npos);
  EXPECT_EQ(get("/livez")->status, 200);
}

TEST_F(AdminPort, SurvivesWhatIsNotHttp) {
  for (const char* bytes :
       {"\r\n\r\n", "\x16\x03\x01\x02", "GET\r\n\r\n", "GET /metrics HTTP/9.9\r\n\r\n", "\xff\xff\xff\xff\r\n"}) {
    const RawConnection client(server_->port());
    client.send(bytes);
  }
  EXPECT_EQ(get("/livez")->status, 200);
}

TEST_F(AdminPort, StopsWithinSecondsWhileAClientHangs) {
  const RawConnection hanging(server_->port());
  hanging.send("GET /met");
  ASSERT_TRUE(get("/livez"));  // connections are taken in turn, so the hanging one is in work by now
  const auto start = std::chrono::steady_clock::now();
  server_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(AdminServer, RefusesAnAddressThatCannotBe) {
  Metrics metrics;
  const Readiness readiness;
  for (const char* listen : {"", "9644", ":9644", "localhost:", "localhost:port", "localhost:70000", "localhost:-1"}) {
    const auto started = AdminServer::start({.listen = listen}, metrics, readiness);
    ASSERT_FALSE(started.ok()) << listen;
    EXPECT_THAT(started.error().message, HasSubstr("expected host:port")) << listen;
  }
  const auto unknown = AdminServer::start({.listen = "no-such-host.invalid:0"}, metrics, readiness);
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.error().message, HasSubstr("the host is not known"));
}

TEST(AdminServer, RefusesAnOpenAddressWithoutTlsAndAToken) {
  Metrics metrics;
  const Readiness readiness;
  for (const char* listen : {"0.0.0.0:0", "[::]:0", "192.0.2.1:9644"}) {
    const auto started = AdminServer::start({.listen = listen}, metrics, readiness);
    ASSERT_FALSE(started.ok()) << listen;
    EXPECT_THAT(started.error().message, HasSubstr("other machines can reach")) << listen;
  }
}

TEST(AdminServer, KnowsWhichAddressesOnlyThisMachineReaches) {
  for (const char* listen : {"127.0.0.1:1", "127.9.9.9:0", "localhost:9644", "[::1]:9644"}) {
    EXPECT_TRUE(is_loopback(listen)) << listen;
  }
  for (const char* listen :
       {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.org:1", "localhost.example.org:1", "", "x"}) {
    EXPECT_FALSE(is_loopback(listen)) << listen;
  }
}

}  // namespace
}  // namespace earshot
