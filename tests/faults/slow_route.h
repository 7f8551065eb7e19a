// SlowRoute: a port that leads to another one, and takes its time: what goes in comes out a fixed delay later, in both
// directions and in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace earshot::faults {

class SlowRoute {
 public:
  // Listens on a free port of loopback. set_target() says where it leads before anyone connects.
  explicit SlowRoute(std::chrono::milliseconds delay);
  ~SlowRoute();
  SlowRoute(const SlowRoute&) = delete;
  SlowRoute& operator=(const SlowRoute&) = delete;

  [[nodiscard]] int port() const { return port_; }

  // Starts to forward to this port of loopback.
  void lead_to(int port);

 private:
  using Clock = std::chrono::steady_clock;

  struct Parcel {
    Clock::time_point due;
    std::string bytes;
  };
  struct Direction {
    int from = -1;
    int to = -1;
    std::deque<Parcel> under_way;
    bool has_ended = false;  // `from` gives no more
  };
  struct Connection {
    Direction out;
    Direction back;
  };

  void forward(const std::stop_token& stop, int target_port);
  void accept_one(int target_port);
  bool receive(Direction& direction) const;
  static bool deliver(Direction& direction, Clock::time_point now);

  std::chrono::milliseconds delay_;
  int listener_ = -1;
  int port_ = 0;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace earshot::faults
