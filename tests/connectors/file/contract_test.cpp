#include <array>

#include "tests/connectors/file/compress.h"
#include "tests/connectors/file/read_lines.h"
#include "tests/connectors/temporary_folder.h"
#include "tests/contract/source_contract.h"

namespace earshot::contract {
namespace {

enum class Packing { kPlain, kGzip, kZstd };

class FolderHarness final : public SourceHarness {
 public:
  FolderHarness(int32_t partitions, Packing packing) : packing_(packing) {
    for (int32_t partition = 0; partition < partitions; ++partition) folder_.write(name(partition), "");
  }
  // Compressed: a member or frame of its own, as log rotation by concatenation leaves them.
  void append(int32_t partition, const std::vector<std::string>& values) override {
    std::string lines;
    for (const std::string& value : values) lines += value + "\n";
    if (packing_ == Packing::kGzip) lines = file::gzip(lines);
    if (packing_ == Packing::kZstd) lines = file::zstd(lines);
    folder_.write(name(partition), lines, std::ios::app);
  }
  std::unique_ptr<Source> open(bool bounded) override {
    return file::open_or_fail({.paths = {folder_.path()}, .follow = !bounded});
  }

 private:
  static std::string name(int32_t partition) { return "posts-" + std::to_string(partition) + ".ndjson"; }
  TemporaryFolder folder_;
  const Packing packing_;
};

SourceFactory packed(const std::string& name, Packing packing) {
  return {name, [packing](int32_t partitions) { return std::make_unique<FolderHarness>(partitions, packing); }};
}

INSTANTIATE_TEST_SUITE_P(File, SourceContract,
                         testing::Values(packed("plain", Packing::kPlain), packed("gzip", Packing::kGzip),
                                         packed("zstd", Packing::kZstd)),
                         factory_name);

}  // namespace
}  // namespace earshot::contract
