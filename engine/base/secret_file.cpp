#include "engine/base/secret_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace earshot {
namespace {

class OpenFile {
 public:
  // Not blocking, so that a pipe of that name cannot hang the start.
  explicit OpenFile(const std::filesystem::path& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

bool is_passed_by_systemd(const std::filesystem::path& path) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder != nullptr && *folder == '/' &&
         path.lexically_normal().parent_path() == std::filesystem::path(folder).lexically_normal();
}

Result<void> check_access(const std::filesystem::path& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return invalid("expected a regular file", path.string());
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    return invalid(fmt::format("belongs to user {}; it must belong to the user who runs earshot (now {})",
                               status.st_uid, geteuid()),
                   path.string());
  }
  const mode_t allowed = is_passed_by_systemd(path) ? 0640 : 0600;
  const mode_t mode = status.st_mode & 07777;
  if ((mode & ~allowed) != 0) {
    return invalid(fmt::format("has mode {:04o}, so others could read it: chmod 0600 and set a new secret", mode),
                   path.string());
  }
  return {};
}

}  // namespace

Result<Secret> read_secret_file(const std::filesystem::path& path) {
  const OpenFile file(path);
  if (file.descriptor() < 0) {
    return Error{ErrorCode::kNotFound, fmt::format("cannot read it: {}", std::strerror(errno)), path.string()};
  }
  struct stat status {};
  if (fstat(file.descriptor(), &status) != 0) return failed("cannot ask for its mode", path.string());
  if (auto allowed = check_access(path, status); !allowed) return allowed.error();
  std::string text(kSecretFileBytesMax + 1, '\0');  // one byte more than is taken, so that too much is seen
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = read(file.descriptor(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(fmt::format("cannot read it: {}", std::strerror(errno)), path.string());
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  if (size > kSecretFileBytesMax) return invalid("is larger than 64 KiB", path.string());
  text.resize(size);
  return Secret(std::move(text));
}

}  // namespace earshot
