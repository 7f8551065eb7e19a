#include "engine/observe/admin_server.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <optional>
#include <thread>

#include "engine/observe/admin_connection.h"
#include "engine/observe/admin_credentials.h"
#include "engine/observe/admin_pages.h"

namespace earshot {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds kFarewell{2};                  // for requests that are in work when the port closes
constexpr std::chrono::milliseconds kPauseWithoutFiles{100};  // after the process ran out of file descriptors

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

Result<tcp::endpoint> resolve(const Endpoint& endpoint, const std::string& listen) {
  asio::io_context context;
  error_code fault;
  const auto found = tcp::resolver(context).resolve(endpoint.host, std::to_string(endpoint.port),
                                                    tcp::resolver::passive | tcp::resolver::numeric_service, fault);
  if (!fault && !found.empty()) return found.begin()->endpoint();
  return invalid(
      fmt::format("cannot listen on {}: the host is not known; set admin.listen to another address", listen));
}

}  // namespace

bool is_loopback(const std::string& listen) {
  const auto endpoint = parse_endpoint(listen);
  if (!endpoint) return false;
  error_code fault;
  const auto address = asio::ip::make_address(endpoint->host, fault);
  return fault ? endpoint->host == "localhost" : address.is_loopback();
}

// The port and its thread; everything after open() runs on that thread.
class AdminServer::Listener {
 public:
  Listener(AdminPages pages, const AdminLimits& limits)
      : pages_(std::move(pages)), limits_(limits), acceptor_(context_), timer_(context_) {}

  ~Listener() {
    asio::post(context_, [this] { stop(); });
    if (thread_.joinable()) thread_.join();
    has_ended_ = true;
  }

  error_code open(const tcp::endpoint& endpoint) {
    error_code fault;
    acceptor_.open(endpoint.protocol(), fault);
    // Not SO_REUSEPORT, with which a second process would take the same port without a word.
    if (!fault) acceptor_.set_option(asio::socket_base::reuse_address(true), fault);
    if (!fault) acceptor_.bind(endpoint, fault);
    if (!fault) acceptor_.listen(asio::socket_base::max_listen_connections, fault);
    return fault;
  }

  void run() {
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }

  [[nodiscard]] int port() const {
    error_code ignored;
    return acceptor_.local_endpoint(ignored).port();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](error_code fault, tcp::socket socket) {
      if (is_stopping_) return;
      if (fault) return accept_later();
      // Beyond the limit the socket closes here and now.
      if (connections_ < limits_.connections) serve_admin_connection(std::move(socket), pages_, limits_, take_place());
      accept();
    });
  }

  void accept_later() {
    timer_.expires_after(kPauseWithoutFiles);
    timer_.async_wait([this](error_code) {
      if (!is_stopping_) accept();
    });
  }

  std::shared_ptr<void> take_place() {
    ++connections_;
    return {static_cast<void*>(this), [this](void*) {
              if (--connections_ == 0 && is_stopping_ && !has_ended_) timer_.cancel();
            }};
  }

  void stop() {
    is_stopping_ = true;
    acceptor_.close();
    timer_.cancel();
    if (connections_ == 0) return;
    timer_.expires_after(kFarewell);
    timer_.async_wait([this](error_code fault) {
      if (!fault) context_.stop();
    });
  }

  AdminPages pages_;
  AdminLimits limits_;
  bool is_stopping_ = false;
  bool has_ended_ = false;  // only connections are left, which go with the context
  size_t connections_ = 0;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer timer_;
  std::thread thread_;
};

AdminServer::AdminServer(std::unique_ptr<Listener> listener, const std::string& host, int port)
    : listener_(std::move(listener)),
      address_(host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                                   : fmt::format("[{}]:{}", host, port)),
      port_(port) {}

AdminServer::~AdminServer() = default;

Result<std::unique_ptr<AdminServer>> AdminServer::start(const AdminOptions& options, Metrics& metrics,
                                                        const Readiness& readiness) {
  const std::optional<Endpoint> wanted = parse_endpoint(options.listen);
  if (!wanted) return invalid(fmt::format("admin.listen: expected host:port, found {}", options.listen));
  auto credentials = load_admin_credentials(options);
  if (!credentials) return credentials.error();
  const auto endpoint = resolve(*wanted, options.listen);
  if (!endpoint) return endpoint.error();
  const bool is_guarded = credentials->tls != nullptr && !credentials->token.empty();
  if (!endpoint->address().is_loopback() && !is_guarded) {
    return invalid(
        fmt::format("admin.listen: other machines can reach {}, so it needs TLS and a token", options.listen));
  }
  auto listener = std::make_unique<Listener>(AdminPages(metrics, readiness, std::move(*credentials)), options.limits);
  if (const error_code fault = listener->open(*endpoint)) {
    const ErrorCode code = fault == asio::error::address_in_use ? ErrorCode::kUnavailable : ErrorCode::kInvalid;
    return Error{
        code,
        fmt::format("cannot listen on {}: {}; set admin.listen to another address", options.listen, fault.message()),
        ""};
  }
  const int port = listener->port();
  listener->run();
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(listener), wanted->host, port));
}

}  // namespace earshot
