// ElfFile: what a 64-bit little-endian ELF executable says of its own protection (System V ABI; <elf.h>).
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace earshot {

struct ElfFile {
  bool is_read = false;  // everything below was found in an ELF file of this kind
  bool is_position_independent = false;
  bool has_relro = false;
  bool binds_now = false;
  bool has_stack_header = false;
  bool has_executable_stack = false;
  bool has_writable_code = false;  // a segment that is both, or relocations in the text
  std::string library_path;        // RPATH or RUNPATH
  std::set<std::string> imports;   // undefined dynamic symbols
  std::set<std::string> libraries;
  uint32_t x86_features = 0;  // GNU_PROPERTY_X86_FEATURE_1_AND
  size_t branch_targets = 0;  // ENDBR64 instructions in executable segments
};

[[nodiscard]] ElfFile read_elf(const std::filesystem::path& path);

// What the executable lacks of what every build of earshot has, a phrase each; empty when nothing.
[[nodiscard]] std::vector<std::string> missing_protection(const ElfFile& elf);

}  // namespace earshot
