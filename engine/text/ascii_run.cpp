#include "engine/text/ascii_run.h"

#include <array>
#include <vector>

#include "engine/text/ascii_run_x86.h"

namespace earshot {
namespace {

// The lowered byte for letters and digits, a space for other ASCII.
constexpr std::array<char, 128> kFolded = [] {
  std::array<char, 128> table{};
  for (int c = 0; c < 128; ++c) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_word = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    table[static_cast<size_t>(c)] = is_word ? static_cast<char>(is_upper ? c + 32 : c) : ' ';
  }
  return table;
}();

void run_scalar(AsciiCursor& cursor) {
  while (cursor.at < cursor.end && static_cast<signed char>(*cursor.at) >= 0) {
    const char* stop = cursor.end - cursor.at > 64 ? cursor.at + 64 : cursor.end;
    const auto normalised_begin = static_cast<uint32_t>(cursor.out - cursor.out_begin);
    const auto original_begin = static_cast<uint32_t>(cursor.at - cursor.begin);
    uint64_t kept = 0;
    for (uint64_t bit = 1; cursor.at < stop && static_cast<signed char>(*cursor.at) >= 0; ++cursor.at, bit <<= 1) {
      const char folded = kFolded[static_cast<unsigned char>(*cursor.at)];
      if (folded == ' ' && cursor.out[-1] == ' ') continue;
      *cursor.out++ = folded;
      kept |= bit;
    }
    cursor.positions->push({normalised_begin, original_begin, kept, 0});
  }
}

std::vector<NamedAsciiKernel> find_kernels() {
  std::vector<NamedAsciiKernel> kernels{{"scalar", &run_scalar}};
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("ssse3") && __builtin_cpu_supports("popcnt"))
    kernels.push_back({"ssse3", &run_ascii_ssse3});
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")) kernels.push_back({"avx2", &run_ascii_avx2});
  if (__builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bw")) {
    kernels.push_back({"avx512vbmi2", &run_ascii_avx512});
  }
#endif
  return kernels;
}

}  // namespace

std::span<const NamedAsciiKernel> ascii_kernels() {
  static const std::vector<NamedAsciiKernel> kernels = find_kernels();
  return kernels;
}

}  // namespace earshot
