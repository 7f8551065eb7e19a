// Kill points: named places inside a commit where a fault test may end the process, as a crash there would. They exist
// only where EARSHOT_KILL_POINTS is defined, which is in the tests' own binary; elsewhere they are nothing at all.
#pragma once

#ifdef EARSHOT_KILL_POINTS

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

namespace earshot {

// EARSHOT_KILL_AT=NAME:N ends the process by SIGKILL when the place called NAME is reached for the Nth time, on
// whatever threads.
inline void reach_kill_point(std::string_view name) {
  static const std::string wanted = [] {
    const char* text = std::getenv("EARSHOT_KILL_AT");
    return std::string(text == nullptr ? "" : text);
  }();
  static const size_t colon = wanted.rfind(':');
  if (colon == std::string::npos || std::string_view(wanted).substr(0, colon) != name) return;
  static std::atomic<long> left{std::atol(wanted.c_str() + colon + 1)};
  if (left.fetch_sub(1) == 1) std::raise(SIGKILL);
}

}  // namespace earshot

#define EARSHOT_KILL_POINT(name) ::earshot::reach_kill_point(name)

#else

#define EARSHOT_KILL_POINT(name) static_cast<void>(0)

#endif
