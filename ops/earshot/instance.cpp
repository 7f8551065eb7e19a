#include "ops/earshot/instance.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <random>
#include <system_error>

namespace earshot {
namespace {

constexpr size_t kNameBytes = 16;

Error cannot_write(const std::filesystem::path& path) {
  return failed("cannot keep this process's name: " + std::generic_category().message(errno), path.string());
}

std::string new_name() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

}  // namespace

Result<Instance> Instance::claim(const std::filesystem::path& data_dir) {
  const std::filesystem::path folder = data_dir / "instances";
  std::error_code created;
  std::filesystem::create_directories(folder, created);
  if (created) return failed("cannot create the folder: " + created.message(), folder.string());
  for (int slot = 0;; ++slot) {
    const std::filesystem::path path = folder / std::to_string(slot);
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return cannot_write(path);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      ::close(descriptor);
      continue;
    }
    Instance claimed({}, descriptor);
    std::array<char, kNameBytes> kept{};
    if (::pread(descriptor, kept.data(), kept.size(), 0) == static_cast<ssize_t>(kept.size())) {
      claimed.name_.assign(kept.data(), kept.size());
      return claimed;
    }
    claimed.name_ = new_name();
    const auto written = ::pwrite(descriptor, claimed.name_.data(), claimed.name_.size(), 0);
    if (written != static_cast<ssize_t>(kNameBytes) || ::fsync(descriptor) != 0) return cannot_write(path);
    return claimed;
  }
}

Instance::~Instance() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace earshot
