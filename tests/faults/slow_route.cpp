#include "tests/faults/slow_route.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace earshot::faults {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void do_not_wait(int descriptor) {
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  const int yes = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
}

}  // namespace

SlowRoute::SlowRoute(std::chrono::milliseconds delay) : delay_(delay), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port to listen on");
  }
  port_ = ntohs(address.sin_port);
}

SlowRoute::~SlowRoute() {
  thread_ = {};
  for (const auto& connection : connections_) {
    close(connection->out.from);
    close(connection->out.to);
  }
  close(listener_);
}

void SlowRoute::lead_to(int port) {
  thread_ = std::jthread([this, port](const std::stop_token& stop) { forward(stop, port); });
}

void SlowRoute::accept_one(int target_port) {
  const int from = accept(listener_, nullptr, nullptr);
  if (from < 0) return;
  const int to = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(target_port);
  if (connect(to, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    close(from);
    close(to);
    return;
  }
  do_not_wait(from);
  do_not_wait(to);
  connections_.push_back(
      std::make_unique<Connection>(Connection{.out = {.from = from, .to = to}, .back = {.from = to, .to = from}}));
}

// False when nothing more comes from there.
bool SlowRoute::receive(Direction& direction) const {
  std::array<char, 64 << 10> buffer;
  const ssize_t got = read(direction.from, buffer.data(), buffer.size());
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  direction.under_way.push_back({Clock::now() + delay_, std::string(buffer.data(), static_cast<size_t>(got))});
  return true;
}

// False when nobody takes it any more.
bool SlowRoute::deliver(Direction& direction, Clock::time_point now) {
  while (!direction.under_way.empty() && direction.under_way.front().due <= now) {
    std::string& bytes = direction.under_way.front().bytes;
    const ssize_t written = send(direction.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written < 0) return errno == EAGAIN || errno == EINTR;
    bytes.erase(0, static_cast<size_t>(written));
    if (!bytes.empty()) return true;
    direction.under_way.pop_front();
  }
  return !(direction.has_ended && direction.under_way.empty());
}

void SlowRoute::forward(const std::stop_token& stop, int target_port) {
  constexpr int kTickMs = 5;  // of half a second
  while (!stop.stop_requested()) {
    std::vector<pollfd> waits{{listener_, POLLIN, 0}};
    for (const auto& connection : connections_) {
      const auto events = [](const Direction& direction) {
        return static_cast<short>(direction.has_ended ? 0 : POLLIN);
      };
      waits.push_back({connection->out.from, events(connection->out), 0});
      waits.push_back({connection->back.from, events(connection->back), 0});
    }
    poll(waits.data(), waits.size(), kTickMs);
    const auto now = Clock::now();
    for (size_t i = 0; i < connections_.size(); ++i) {
      Connection& connection = *connections_[i];
      const auto step = [&](Direction& direction, const pollfd& wait) {
        const bool has_news = (wait.revents & (POLLIN | POLLHUP | POLLERR)) != 0;
        if (!direction.has_ended && has_news) direction.has_ended = !receive(direction);
        return deliver(direction, now);
      };
      const bool goes_out = step(connection.out, waits[1 + 2 * i]);
      const bool comes_back = step(connection.back, waits[2 + 2 * i]);
      if (goes_out && comes_back) continue;
      close(connection.out.from);
      close(connection.out.to);
      connections_[i] = nullptr;
    }
    std::erase(connections_, nullptr);
    if ((waits[0].revents & POLLIN) != 0) accept_one(target_port);
  }
}

}  // namespace earshot::faults
