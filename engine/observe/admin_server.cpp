#include "engine/observe/admin_server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <optional>

#include "engine/base/json_writer.h"

namespace earshot {
namespace {

constexpr size_t kThreads = 4;
constexpr size_t kRequestBodyBytesMax = 1024;
constexpr std::chrono::seconds kSocketTimeout{2};

struct Endpoint {
  std::string host;
  int port = 0;
};

std::optional<Endpoint> parse_endpoint(std::string_view listen) {
  const size_t colon = listen.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const std::string_view digits = listen.substr(colon + 1);
  int port = -1;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (fault != std::errc() || end != digits.data() + digits.size() || port < 0 || port > 65535) return std::nullopt;
  return Endpoint{std::string(host), port};
}

// cpp-httplib's default, SO_REUSEPORT, would let a second process take the same port without a word.
void set_socket_options(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

void answer_readiness(const Readiness& readiness, httplib::Response& response) {
  bool is_ready = true;
  std::string checks;
  JsonWriter json(checks);
  json.begin_array();
  for (const ReadinessCheck& check : readiness.ask()) {
    is_ready = is_ready && !check.reason;
    json.begin_object().member("name", check.name).key("ready").boolean(!check.reason);
    if (check.reason) json.member("reason", *check.reason);
    json.end_object();
  }
  json.end_array();
  response.status = is_ready ? 200 : 503;
  response.set_content(fmt::format("{{\"ready\":{},\"checks\":{}}}\n", is_ready, checks), "application/json");
}

void add_routes(httplib::Server& server, Metrics& metrics, const Readiness& readiness) {
  server.set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
    if (request.method == "GET") return httplib::Server::HandlerResponse::Unhandled;
    response.status = 405;
    response.set_header("Allow", "GET");
    return httplib::Server::HandlerResponse::Handled;
  });
  server.Get("/metrics", [&metrics](const httplib::Request&, httplib::Response& response) {
    response.set_content(metrics.scrape(), "text/plain; version=0.0.4; charset=utf-8");
  });
  server.Get("/livez",
             [](const httplib::Request&, httplib::Response& response) { response.set_content("ok\n", "text/plain"); });
  server.Get("/readyz", [&readiness](const httplib::Request&, httplib::Response& response) {
    answer_readiness(readiness, response);
  });
  server.set_error_handler([](const httplib::Request&, httplib::Response& response) {
    if (!response.body.empty()) return;
    response.set_content("this port answers GET /metrics, /livez and /readyz\n", "text/plain");
  });
}

void set_limits(httplib::Server& server) {
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.set_payload_max_length(kRequestBodyBytesMax);
  server.set_read_timeout(kSocketTimeout);
  server.set_write_timeout(kSocketTimeout);
  server.set_keep_alive_timeout(1);
  server.set_keep_alive_max_count(1);  // a connection that stays would hold one of the few threads
}

}  // namespace

AdminServer::AdminServer(std::unique_ptr<httplib::Server> server, std::string host, int port)
    : server_(std::move(server)),
      address_(host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                                   : fmt::format("[{}]:{}", host, port)),
      port_(port),
      thread_([this] {
        server_->listen_after_bind();
        has_ended_ = true;
      }) {
  // stop() has no effect on a server that does not listen yet.
  while (!server_->is_running() && !has_ended_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

AdminServer::~AdminServer() {
  server_->stop();
  thread_.join();
}

Result<std::unique_ptr<AdminServer>> AdminServer::start(const std::string& listen, Metrics& metrics,
                                                        const Readiness& readiness) {
  const std::optional<Endpoint> endpoint = parse_endpoint(listen);
  if (!endpoint) return invalid(fmt::format("admin.listen: expected host:port, found {}", listen));
  auto server = std::make_unique<httplib::Server>();
  server->set_socket_options(set_socket_options);
  set_limits(*server);
  add_routes(*server, metrics, readiness);
  errno = 0;
  int port = endpoint->port;
  if (port == 0) {
    port = server->bind_to_any_port(endpoint->host);
  } else if (!server->bind_to_port(endpoint->host, port)) {
    port = -1;
  }
  if (port < 0) {
    const int fault = errno;
    const std::string reason = fault == 0 ? "the host is not known" : std::strerror(fault);
    const ErrorCode code = fault == EADDRINUSE ? ErrorCode::kUnavailable : ErrorCode::kInvalid;
    return Error{code, fmt::format("cannot listen on {}: {}; set admin.listen to another address", listen, reason), ""};
  }
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(server), endpoint->host, port));
}

}  // namespace earshot
