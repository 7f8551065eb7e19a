#include "connectors/local/framing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

namespace earshot::local {
namespace {

// Each block is a row of records: u32 checksum, u16 bytes, u8 type, payload.
constexpr size_t kBlockBytes = 32'768;
constexpr size_t kHeaderBytes = 7;
constexpr unsigned char kFirstRecycledType = 5;
constexpr unsigned char kLastRecycledType = 8;

// Where in the block a record of a recycled file begins.
std::optional<size_t> find_recycled(const std::vector<char>& block, size_t size) {
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(block[at]); };
  for (size_t at = 0; at + kHeaderBytes <= size;) {
    const size_t bytes = byte(at + 4) | static_cast<size_t>(byte(at + 5)) << 8;
    const unsigned char type = byte(at + 6);
    if (type >= kFirstRecycledType && type <= kLastRecycledType) return at;
    if (type == 0 && bytes == 0) return std::nullopt;  // the rest of the block is empty
    at += kHeaderBytes + bytes;
  }
  return std::nullopt;
}

Result<void> check_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> block(kBlockBytes);
  for (size_t start = 0; in; start += kBlockBytes) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto found = find_recycled(block, static_cast<size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    if (!found) continue;
    return Error{ErrorCode::kCorrupt,
                 fmt::format("{} is damaged: the record at byte {} is of a kind that is never written", path.string(),
                             start + *found),
                 {}};
  }
  return {};
}

bool is_write_ahead_log(const std::filesystem::path& path) {
  const std::string stem = path.stem().string();
  return path.extension() == ".log" && std::ranges::all_of(stem, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<void> check_framing(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const bool is_manifest = entry.path().filename().string().starts_with("MANIFEST-");
    if (!is_manifest && !is_write_ahead_log(entry.path())) continue;
    if (auto checked = check_file(entry.path()); !checked) return checked;
  }
  return {};
}

}  // namespace earshot::local
