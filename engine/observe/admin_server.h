// AdminServer: HTTP or HTTPS on an own thread for whoever watches the process: GET /metrics, /livez and /readyz,
// nothing else.
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/observe/admin_options.h"
#include "engine/observe/metrics.h"
#include "engine/observe/readiness.h"

namespace earshot {

class AdminServer {
 public:
  // Binds and answers when requests are taken. An address that other machines can reach needs TLS and a token. The
  // error says what is wrong with the options or why it cannot be bound: kUnavailable when another process has the
  // port. `metrics` and `readiness` outlive the server. /readyz answers 200, or 503 with the reasons, as
  // {"ready":false,"checks":[{"name":…,"ready":false,"reason":…}]}; without its token every answer is 401.
  static Result<std::unique_ptr<AdminServer>> start(const AdminOptions& options, Metrics& metrics,
                                                    const Readiness& readiness);

  // Lets requests in work finish (two seconds at most) and closes the port.
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  // "host:port" as bound.
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] int port() const { return port_; }

 private:
  class Listener;
  AdminServer(std::unique_ptr<Listener> listener, const std::string& host, int port);

  std::unique_ptr<Listener> listener_;
  std::string address_;
  int port_;
};

}  // namespace earshot
