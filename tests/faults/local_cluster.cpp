#include "tests/faults/local_cluster.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <random>

namespace earshot::faults {
namespace {

bool is_free(int port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(descriptor);
  return bound;
}

// The brokers listen from here on, their controllers 10,000 above; both stay below the ports of outgoing connections.
int find_port(int nodes) {
  std::random_device random;
  while (true) {
    const int port = 13'000 + static_cast<int>(random() % 7'000);
    bool all_free = true;
    for (int node = 0; node < nodes; ++node) all_free &= is_free(port + node) && is_free(port + 10'000 + node);
    if (all_free) return port;
  }
}

}  // namespace

LocalCluster::LocalCluster(int nodes, int told_port)
    : nodes_(nodes), told_port_(told_port), port_(find_port(nodes)), is_up_(call("start")) {}

LocalCluster::~LocalCluster() {
  static_cast<void>(call("stop"));
}

std::string LocalCluster::servers() const {
  std::string servers;
  for (int node = 0; node < nodes_; ++node) {
    servers += (node == 0 ? "127.0.0.1:" : ",127.0.0.1:") + std::to_string(port_ + node);
  }
  return servers;
}

bool LocalCluster::call(const std::string& verb) const {
  const std::string command =
      "EARSHOT_KAFKA_TLS=0 EARSHOT_KAFKA_HEAP=256m EARSHOT_KAFKA_NODES=" + std::to_string(nodes_) +
      " EARSHOT_KAFKA_PORT=" + std::to_string(port_) +
      (told_port_ == 0 ? "" : " EARSHOT_KAFKA_TOLD_PORT=" + std::to_string(told_port_)) + " EARSHOT_KAFKA_DIR='" +
      folder_.path() + "' '" EARSHOT_SOURCE_DIR "/ops/kafka/kafka.sh' " + verb + " > '" + (folder_ / "kafka.log") +
      "' 2>&1";
  return std::system(command.c_str()) == 0;
}

bool LocalCluster::kill_node(int node) const {
  return call("kill " + std::to_string(node));
}

bool LocalCluster::restart_node(int node) const {
  return call("restart " + std::to_string(node));
}

bool LocalCluster::signal_node(int node, int number) const {
  std::ifstream file(folder_ / ("node-" + std::to_string(node)) + "/pid");
  pid_t process = 0;
  return file >> process && kill(process, number) == 0;
}

}  // namespace earshot::faults
