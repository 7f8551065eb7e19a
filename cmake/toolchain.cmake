# Language, warnings, hardening and sanitizers for every target of the project.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Release is -O3 for a baseline CPU: SIMD is picked at run time, so one binary runs anywhere.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -g1 -DNDEBUG")

find_program(EARSHOT_CCACHE ccache)
if(EARSHOT_CCACHE)
  # Without the first ccache passes over whatever uses a precompiled header; with the second a miss costs no preprocessing.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_DEPEND=1 ${EARSHOT_CCACHE})
endif()

# -Wrestrict of GCC 12 warns of its own std::string (GCC bug 105651).
add_library(earshot_flags INTERFACE)
target_compile_options(earshot_flags INTERFACE
  -Wall -Wextra -Wno-missing-field-initializers $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  -fstack-protector-strong -fstack-clash-protection)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(earshot_flags INTERFACE -fcf-protection)
  # The C library's own start files come without the mark, which would take it from the whole program.
  target_link_options(earshot_flags INTERFACE -Wl,-z,shstk)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT EARSHOT_SANITIZE)
  target_compile_definitions(earshot_flags INTERFACE _FORTIFY_SOURCE=2)
endif()
target_link_options(earshot_flags INTERFACE -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
target_include_directories(earshot_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)

if(EARSHOT_SANITIZE)
  # Instrumented, the standard library's own <regex> and <string> trip warnings of GCC 12 (its bugs 105562 and 105651).
  target_compile_options(earshot_flags INTERFACE -fsanitize=${EARSHOT_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-tsan> $<$<BOOL:${EARSHOT_FUZZ}>:-fsanitize=fuzzer-no-link>)
  target_link_options(earshot_flags INTERFACE -fsanitize=${EARSHOT_SANITIZE})
endif()

# What is tested is optimised; the tests themselves compile in half the time without, and fortifying needs optimisation.
add_library(earshot_test_flags INTERFACE)
target_compile_options(earshot_test_flags INTERFACE $<$<CONFIG:Release>:-O0> -U_FORTIFY_SOURCE -g0)
