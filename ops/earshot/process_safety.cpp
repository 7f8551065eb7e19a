#include "ops/earshot/process_safety.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/observe/logging.h"

namespace earshot {

void create_files_privately() {
  umask(S_IRWXG | S_IRWXO);
}

void warn_of_unsafe_surroundings(const Settings& settings) {
  if (geteuid() == 0) {
    log_warning("earshot",
                "running as root, which it does not need: run it as a user of its own, such as the service "
                "of ops/systemd does");
  }
  struct stat status {};
  if (stat(settings.data_dir.c_str(), &status) != 0) return;  // it will be made, with mode 0700
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    log_warning("earshot", "other users may enter the data folder, which holds posts: chmod 0700",
                {{"path", settings.data_dir.string()}, {"mode", fmt::format("{:04o}", status.st_mode & 07777)}});
  }
}

}  // namespace earshot
