# One folder is one library: earshot_library(NAME DEPS…) takes every .cpp of its folder.

function(earshot_library name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PRIVATE earshot_flags PUBLIC ${ARGN})
    earshot_precompile(${name} earshot_precompiled)
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${ARGN})
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
  endif()
endfunction()

# Adds every subfolder that has a CMakeLists.txt, so that a new operator or connector touches no list.
function(earshot_add_each folder)
  file(GLOB lists CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*/CMakeLists.txt)
  foreach(list ${lists})
    get_filename_component(subfolder ${list} DIRECTORY)
    add_subdirectory(${subfolder})
  endforeach()
endfunction()

# earshot_test(NAME DEPS…): the folder's *_test.cpp as one executable named NAME, its cases found when ctest runs. The
# caller's earshot_test_properties, if set, are properties of each case.
function(earshot_test name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE earshot_flags earshot_test_flags ${ARGN} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE EARSHOT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  earshot_precompile(${name} earshot_precompiled_for_tests)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin/tests)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300 ${earshot_test_properties})
endfunction()

# earshot_bench(NAME SOURCE DEPS…): one Google Benchmark executable.
function(earshot_bench name source)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE earshot_flags ${ARGN} benchmark::benchmark benchmark::benchmark_main)
  earshot_precompile(${name} earshot_precompiled_for_programs)
  target_compile_definitions(${name} PRIVATE EARSHOT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin/bench)
endfunction()
