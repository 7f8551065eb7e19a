// Reads the bytes of a lexicon or model file.
#pragma once

#include <filesystem>
#include <string>

#include "engine/base/result.h"

namespace earshot::sentiment {

// The whole file; an error when it cannot be read or has more than `bytes_max` bytes.
Result<std::string> read_model_file(const std::filesystem::path& path, size_t bytes_max);

}  // namespace earshot::sentiment
