#include "ops/earshot/log_place.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace earshot {
namespace {

// One line each, in the order of kOptions.
using Place = std::array<std::string, 3>;
constexpr std::array<const char*, 3> kOptions{"log.connector", "log.path", "log.topic_prefix"};

Place place_of(const Settings& settings) {
  if (settings.log.connector == LogConnector::kKafka) return {"kafka", "", settings.log.topic_prefix};
  std::error_code error;
  const auto path = std::filesystem::weakly_canonical(settings.log.path, error);
  return {"local", error ? settings.log.path.string() : path.string(), ""};
}

std::filesystem::path file_of(const Settings& settings) {
  return settings.data_dir / ("log-of-" + settings.name);
}

Result<Place> remembered(const Settings& settings) {
  Place place;
  std::ifstream in(file_of(settings));
  if (!in) return place;
  for (std::string& line : place) std::getline(in, line);
  if (in.bad()) return failed("cannot read where the state's log lies", file_of(settings).string());
  return place;
}

Error cannot_write(const std::filesystem::path& path) {
  return failed("cannot keep where the state's log lies: " + std::generic_category().message(errno), path.string());
}

}  // namespace

Result<std::vector<plan::Edit>> moves_of_log(const Settings& settings) {
  const auto before = remembered(settings);
  if (!before) return before.error();
  std::vector<plan::Edit> moves;
  if (before->front().empty()) return moves;
  const Place after = place_of(settings);
  const bool is_same_kind = before->front() == after.front();
  for (size_t i = 0; i < after.size(); ++i) {
    if ((*before)[i] == after[i] || (i > 0 && !is_same_kind)) continue;
    moves.push_back({.subject = kOptions[i],
                     .before = fmt::format("\"{}\"", (*before)[i]),
                     .after = fmt::format("\"{}\"", after[i]),
                     .effect = EditEffect::kStateReset,
                     .reason = "nothing of topics, positions and state is there"});
  }
  return moves;
}

Result<void> remember_log(const Settings& settings) {
  const Place place = place_of(settings);
  const auto before = remembered(settings);
  if (before && *before == place) return {};
  const std::filesystem::path path = file_of(settings);
  const std::string written = path.string() + "-" + std::to_string(::getpid());
  const std::string text = fmt::format("{}\n", fmt::join(place, "\n"));
  const int descriptor = ::open(written.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return cannot_write(written);
  const bool is_whole =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!is_whole || ::rename(written.c_str(), path.c_str()) != 0) return cannot_write(path);
  return {};
}

}  // namespace earshot
