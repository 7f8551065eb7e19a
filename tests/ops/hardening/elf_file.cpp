#include "tests/ops/hardening/elf_file.h"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

namespace earshot {
namespace {

constexpr std::string_view kEndbr64("\xf3\x0f\x1e\xfa", 4);

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
  }

  ElfFile read() {
    const auto header = at<Elf64_Ehdr>(0);
    const bool is_elf = std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0;
    if (!is_elf || header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) return elf_;
    elf_.is_read = true;
    for (size_t i = 0; i < header.e_phnum; ++i) {
      segments_.push_back(at<Elf64_Phdr>(header.e_phoff + i * header.e_phentsize));
    }
    for (const Elf64_Phdr& segment : segments_) read_segment(segment);
    elf_.is_position_independent = header.e_type == ET_DYN && elf_.is_position_independent;
    for (size_t i = 0; i < header.e_shnum; ++i) {
      const auto section = at<Elf64_Shdr>(header.e_shoff + i * header.e_shentsize);
      if (section.sh_type == SHT_DYNSYM) read_symbols(section);
    }
    return elf_;
  }

 private:
  template <class T>
  [[nodiscard]] T at(uint64_t offset) const {
    T value{};
    if (offset <= bytes_.size() && sizeof value <= bytes_.size() - offset) {
      std::memcpy(&value, bytes_.data() + offset, sizeof value);
    }
    return value;
  }

  [[nodiscard]] std::string_view part(uint64_t offset, uint64_t size) const {
    return offset > bytes_.size() ? std::string_view() : std::string_view(bytes_).substr(offset, size);
  }

  [[nodiscard]] uint64_t offset_of(uint64_t address) const {
    for (const Elf64_Phdr& segment : segments_) {
      const bool is_inside = address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz;
      if (segment.p_type == PT_LOAD && is_inside) return segment.p_offset + (address - segment.p_vaddr);
    }
    return bytes_.size();
  }

  [[nodiscard]] std::string text(uint64_t offset) const {
    const std::string_view rest = part(offset, bytes_.size());
    return std::string(rest.substr(0, rest.find('\0')));
  }

  void read_segment(const Elf64_Phdr& segment) {
    const bool is_executable = (segment.p_flags & PF_X) != 0;
    switch (segment.p_type) {
      case PT_LOAD:
        if (is_executable && (segment.p_flags & PF_W) != 0) elf_.has_writable_code = true;
        if (is_executable) count_branch_targets(part(segment.p_offset, segment.p_filesz));
        break;
      case PT_GNU_STACK:
        elf_.has_stack_header = true;
        elf_.has_executable_stack = is_executable;
        break;
      case PT_GNU_RELRO:
        elf_.has_relro = true;
        break;
      case PT_DYNAMIC:
        read_dynamic(segment);
        break;
      case PT_NOTE:
        read_notes(segment);
        break;
      default:
        break;
    }
  }

  void count_branch_targets(std::string_view code) {
    for (size_t at = code.find(kEndbr64); at != code.npos; at = code.find(kEndbr64, at + 1)) ++elf_.branch_targets;
  }

  void read_dynamic(const Elf64_Phdr& segment) {
    std::vector<Elf64_Dyn> entries;
    uint64_t strings = 0;
    for (uint64_t i = 0; i < segment.p_filesz / sizeof(Elf64_Dyn); ++i) {
      entries.push_back(at<Elf64_Dyn>(segment.p_offset + i * sizeof(Elf64_Dyn)));
      if (entries.back().d_tag == DT_STRTAB) strings = offset_of(entries.back().d_un.d_ptr);
    }
    for (const Elf64_Dyn& entry : entries) {
      const uint64_t value = entry.d_un.d_val;
      if (entry.d_tag == DT_NEEDED) elf_.libraries.insert(text(strings + value));
      if (entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH) elf_.library_path = text(strings + value);
      if (entry.d_tag == DT_TEXTREL) elf_.has_writable_code = true;
      if (entry.d_tag == DT_BIND_NOW) elf_.binds_now = true;
      if (entry.d_tag == DT_FLAGS && (value & DF_BIND_NOW) != 0) elf_.binds_now = true;
      if (entry.d_tag == DT_FLAGS && (value & DF_TEXTREL) != 0) elf_.has_writable_code = true;
      if (entry.d_tag == DT_FLAGS_1 && (value & DF_1_NOW) != 0) elf_.binds_now = true;
      if (entry.d_tag == DT_FLAGS_1 && (value & DF_1_PIE) != 0) elf_.is_position_independent = true;
    }
  }

  void read_notes(const Elf64_Phdr& segment) {
    const uint64_t align = segment.p_align == 8 ? 8 : 4;
    const auto padded = [](uint64_t size, uint64_t to) { return (size + to - 1) / to * to; };
    uint64_t offset = segment.p_offset;
    while (offset + sizeof(Elf64_Nhdr) <= segment.p_offset + segment.p_filesz) {
      const auto note = at<Elf64_Nhdr>(offset);
      const uint64_t body = offset + sizeof note + padded(note.n_namesz, 4);
      if (note.n_type == NT_GNU_PROPERTY_TYPE_0 && part(offset + sizeof note, 3) == "GNU") {
        uint64_t property = body;
        while (property + 8 <= body + note.n_descsz) {
          const auto type = at<uint32_t>(property);
          const auto size = at<uint32_t>(property + 4);
          if (type == GNU_PROPERTY_X86_FEATURE_1_AND) elf_.x86_features = at<uint32_t>(property + 8);
          property += 8 + padded(size, align);
        }
      }
      offset = body + padded(note.n_descsz, align);
    }
  }

  void read_symbols(const Elf64_Shdr& section) {
    const auto header = at<Elf64_Ehdr>(0);
    const auto strings = at<Elf64_Shdr>(header.e_shoff + section.sh_link * uint64_t{header.e_shentsize});
    for (uint64_t i = 0; i < section.sh_size / sizeof(Elf64_Sym); ++i) {
      const auto symbol = at<Elf64_Sym>(section.sh_offset + i * sizeof(Elf64_Sym));
      if (symbol.st_shndx == SHN_UNDEF) elf_.imports.insert(text(strings.sh_offset + symbol.st_name));
    }
  }

  std::string bytes_;
  std::vector<Elf64_Phdr> segments_;
  ElfFile elf_;
};

}  // namespace

ElfFile read_elf(const std::filesystem::path& path) {
  return Reader(path).read();
}

std::vector<std::string> missing_protection(const ElfFile& elf) {
  std::vector<std::string> missing;
  if (!elf.is_read) missing.emplace_back("a 64-bit ELF file");
  if (!elf.is_position_independent) missing.emplace_back("position independence");
  if (!elf.has_relro) missing.emplace_back("relocations made read-only");
  if (!elf.binds_now) missing.emplace_back("binding at the start");
  if (!elf.has_stack_header || elf.has_executable_stack) missing.emplace_back("a stack without code");
  if (elf.has_writable_code) missing.emplace_back("code that nobody writes");
  if (!elf.library_path.empty()) missing.emplace_back("libraries from the system's own places");
  if (!elf.imports.contains("__stack_chk_fail")) missing.emplace_back("stack protector");
  return missing;
}

}  // namespace earshot
