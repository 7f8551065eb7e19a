#include "engine/observe/admin_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

namespace earshot {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class AdminPort : public testing::Test {
 protected:
  void SetUp() override {
    auto started = AdminServer::start("127.0.0.1:0", metrics_, readiness_);
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
  const auto second = AdminServer::start(server_->address(), metrics_, readiness_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(second.error().message,
            "cannot listen on " + server_->address() + ": Address already in use; set admin.listen to another address");
}

TEST_F(AdminPort, ThePortIsFreeAgainAfterTheServer) {
  const std::string address = server_->address();
  ASSERT_TRUE(get("/livez"));
  server_.reset();
  EXPECT_TRUE(AdminServer::start(address, metrics_, readiness_).ok());
}

// A TCP connection to the server on which the test says what it likes.
class RawConnection {
 public:
  explicit RawConnection(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const timeval limit{10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~RawConnection() { close(socket_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  [[nodiscard]] bool is_connected() const { return is_connected_; }
  void send(std::string_view bytes) const { (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

  // Everything until the server closes; nullopt when it does not.
  [[nodiscard]] std::optional<std::string> read_to_end() const {
    std::string all;
    char buffer[4096];
    ssize_t count = 0;
    while ((count = recv(socket_, buffer, sizeof buffer, 0)) > 0) all.append(buffer, static_cast<size_t>(count));
    const bool is_timeout = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    return is_timeout ? std::nullopt : std::optional(all);
  }

 private:
  int socket_;
  bool is_connected_ = false;
};

TEST_F(AdminPort, DropsAClientThatStalls) {
  const RawConnection stalled(server_->port());
  ASSERT_TRUE(stalled.is_connected());
  stalled.send("GET /metrics HTTP/1.1\r\nHost: ");
  EXPECT_TRUE(stalled.read_to_end().has_value()) << "still open after 10 s";
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
    const auto started = AdminServer::start(listen, metrics, readiness);
    ASSERT_FALSE(started.ok()) << listen;
    EXPECT_THAT(started.error().message, HasSubstr("expected host:port")) << listen;
  }
  const auto foreign = AdminServer::start("192.0.2.1:9644", metrics, readiness);
  ASSERT_FALSE(foreign.ok());
  EXPECT_THAT(foreign.error().message, HasSubstr("cannot listen on 192.0.2.1:9644: Cannot assign requested address"));
}

}  // namespace
}  // namespace earshot
