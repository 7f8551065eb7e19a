#include "operators/sentiment/model_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace earshot::sentiment {

Result<std::string> read_model_file(const std::filesystem::path& path, size_t bytes_max) {
  std::error_code fault;
  if (std::filesystem::is_directory(path, fault)) return invalid("expected a file, found a folder", path.string());
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Error{ErrorCode::kNotFound, std::string("cannot read it: ") + std::strerror(errno), path.string()};
  }
  std::string text;
  constexpr size_t kPieceBytes = 1 << 16;
  while (file && text.size() <= bytes_max) {
    const size_t before = text.size();
    text.resize(before + kPieceBytes);
    file.read(text.data() + before, kPieceBytes);
    text.resize(before + static_cast<size_t>(file.gcount()));
  }
  if (text.size() > bytes_max) {
    return invalid(fmt::format("the file is larger than {} MiB", bytes_max >> 20), path.string());
  }
  return text;
}

}  // namespace earshot::sentiment
