// A TCP connection on which a test says what it likes.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>

namespace earshot {

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

  // Whether the server has closed its side; takes in what it sent before.
  [[nodiscard]] bool is_closed() const {
    char buffer[4096];
    ssize_t count = 0;
    while ((count = recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT)) > 0) continue;
    return count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }

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

}  // namespace earshot
