// What the admin port is told: where it listens, who may ask, and how much of the process a client may take.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

namespace earshot {

struct AdminLimits {
  std::chrono::milliseconds request_time{5'000};  // from the connection to the end of the answer, however busy it is
  size_t connections = 64;                        // more are closed at once
  size_t header_bytes = 8 * 1024;
  size_t body_bytes = 1024;
};

struct AdminOptions {
  std::string listen;                       // "host:port" ("[::1]:9644"); port 0 picks a free one
  std::filesystem::path certificate = {};   // PEM, the chain from the server's certificate upwards; empty: no TLS
  std::filesystem::path private_key = {};   // PEM, unencrypted, mode 0600
  std::filesystem::path bearer_token = {};  // a file of mode 0600; empty: nobody is asked for one
  AdminLimits limits = {};
};

// Whether only this machine can reach "host:port": a loopback address, or localhost.
[[nodiscard]] bool is_loopback(const std::string& listen);

}  // namespace earshot
