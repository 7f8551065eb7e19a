// AdminServer: HTTP on an own thread for whoever watches the process: GET /metrics, /livez and /readyz, nothing else.
// It has no authentication: bind it to loopback or guard it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "engine/base/result.h"
#include "engine/observe/metrics.h"
#include "engine/observe/readiness.h"

namespace httplib {
class Server;
}

namespace earshot {

class AdminServer {
 public:
  // Binds `listen`, "host:port" ("[::1]:9644"; port 0 picks a free one), and answers when requests are taken. The error
  // says why it cannot be bound: kUnavailable when another process has the port. `metrics` and `readiness` outlive the
  // server. /readyz answers 200, or 503 with the reasons, as
  // {"ready":false,"checks":[{"name":…,"ready":false,"reason":…}]}.
  static Result<std::unique_ptr<AdminServer>> start(const std::string& listen, Metrics& metrics,
                                                    const Readiness& readiness);

  // Lets requests in work finish (a second or two at most) and closes the port.
  ~AdminServer();

  // "host:port" as bound.
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] int port() const { return port_; }

 private:
  AdminServer(std::unique_ptr<httplib::Server> server, std::string host, int port);

  std::unique_ptr<httplib::Server> server_;
  std::string address_;
  int port_;
  std::atomic<bool> has_ended_ = false;
  std::thread thread_;
};

}  // namespace earshot
