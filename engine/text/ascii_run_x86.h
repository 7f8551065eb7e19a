// The kernels of AsciiRun for x86-64. Each may only be called on a CPU that has its instructions.
#pragma once

#include "engine/text/ascii_run.h"

#if defined(__x86_64__)
namespace earshot {

void run_ascii_ssse3(AsciiCursor& cursor);   // SSSE3, POPCNT
void run_ascii_avx2(AsciiCursor& cursor);    // AVX2, BMI1, POPCNT
void run_ascii_avx512(AsciiCursor& cursor);  // AVX-512 BW and VBMI2

}  // namespace earshot
#endif
