# The library headers that most files read, compiled once, since half of the time to compile a file goes there. They hide
# a missing #include, so a build without them (the sanitizers' and fuzzers') has to pass too.
option(EARSHOT_PRECOMPILED_HEADERS "Compile the most used library headers once" ON)

if(EARSHOT_PRECOMPILED_HEADERS)
  set(EARSHOT_STANDARD_HEADERS <algorithm> <array> <chrono> <cstdint> <filesystem> <fstream> <functional> <map> <memory>
      <optional> <random> <set> <span> <string> <string_view> <thread> <utility> <vector>)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp CONTENT "")

  add_library(earshot_precompiled OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(earshot_precompiled PRIVATE earshot_flags fmt::fmt)
  target_precompile_headers(earshot_precompiled PRIVATE ${EARSHOT_STANDARD_HEADERS} <fmt/format.h>)

  # Programs are -fPIE where libraries are -fPIC.
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled_main.cpp CONTENT "int main() {}")
  add_executable(earshot_precompiled_for_programs ${CMAKE_BINARY_DIR}/precompiled_main.cpp)
  target_link_libraries(earshot_precompiled_for_programs PRIVATE earshot_flags fmt::fmt)
  target_precompile_headers(earshot_precompiled_for_programs PRIVATE ${EARSHOT_STANDARD_HEADERS} <fmt/format.h>)

  if(EARSHOT_BUILD_TESTS)
    add_executable(earshot_precompiled_for_tests ${CMAKE_BINARY_DIR}/precompiled_main.cpp)
    target_link_libraries(earshot_precompiled_for_tests PRIVATE earshot_flags earshot_test_flags GTest::gtest GTest::gmock
      nlohmann_json::nlohmann_json)
    target_precompile_headers(earshot_precompiled_for_tests PRIVATE ${EARSHOT_STANDARD_HEADERS} <gmock/gmock.h> <gtest/gtest.h>
      <nlohmann/json.hpp>)
  endif()
endif()

# earshot_precompile(TARGET FROM): TARGET uses the headers of FROM, whose flags it must share. GCC 12 no longer knows there
# that std::string is the system's, whose false alarms (GCC bugs 105329 and 105651) it would keep to itself.
function(earshot_precompile target from)
  if(EARSHOT_PRECOMPILED_HEADERS)
    target_compile_options(${target} PRIVATE -fpch-preprocess -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()
