// Any bytes as what a client sends to the admin port: an answer or an end, and no harm.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>

#include "engine/observe/admin_connection.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using boost::asio::ip::tcp;
  static earshot::Metrics metrics;
  static const earshot::Readiness readiness;
  static const earshot::AdminPages pages(metrics, readiness, {});
  earshot::AdminLimits limits;
  limits.request_time = std::chrono::milliseconds(50);
  boost::asio::io_context context;
  // A pair of local sockets: as many connections of TCP would use up its ports.
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return 0;
  constexpr size_t kBufferedMax = 64 << 10;  // what the socket takes without a reader
  static_cast<void>(write(ends[0], data, std::min(size, kBufferedMax)));
  shutdown(ends[0], SHUT_WR);
  tcp::socket served(context);
  served.assign(tcp::v4(), ends[1]);
  earshot::serve_admin_connection(std::move(served), pages, limits, nullptr);
  context.run_for(std::chrono::milliseconds(500));
  close(ends[0]);
  return 0;
}
