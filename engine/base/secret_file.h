// Secrets that lie in files: read only when no other user of the machine could have read them.
#pragma once

#include <filesystem>

#include "engine/base/result.h"
#include "engine/base/secret.h"

namespace earshot {

inline constexpr size_t kSecretFileBytesMax = 64 * 1024;

// Reads a regular file that belongs to this user or to root and has mode 0600 or less. A credential that systemd passes
// (a file in $CREDENTIALS_DIRECTORY, which only the service can enter) may be readable by its group, because an access
// list shows as that. Errors: kNotFound; kInvalid, naming the file and its mode or owner.
[[nodiscard]] Result<Secret> read_secret_file(const std::filesystem::path& path);

}  // namespace earshot
