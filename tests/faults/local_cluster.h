// LocalCluster: brokers of a test's own, on free ports and with a data folder that goes with them.
#pragma once

#include <string>

#include "tests/connectors/temporary_folder.h"

namespace earshot::faults {

class LocalCluster {
 public:
  // Starts the brokers, which takes some ten seconds; is_up() tells whether they answer.
  // A single broker can tell its clients to come to `told_port` instead of its own.
  explicit LocalCluster(int nodes = 3, int told_port = 0);
  ~LocalCluster();
  LocalCluster(const LocalCluster&) = delete;
  LocalCluster& operator=(const LocalCluster&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] bool is_up() const { return is_up_; }
  [[nodiscard]] std::string servers() const;
  // What the last call said.
  [[nodiscard]] std::string output() const { return folder_.read("kafka.log"); }

  // Nodes are numbered from 1. Restarting waits until the node answers.
  bool kill_node(int node) const;
  bool restart_node(int node) const;
  bool signal_node(int node, int number) const;

 private:
  [[nodiscard]] bool call(const std::string& verb) const;

  TemporaryFolder folder_;
  int nodes_;
  int told_port_;
  int port_ = 0;
  bool is_up_ = false;
};

}  // namespace earshot::faults
