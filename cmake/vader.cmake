# VADER's lexicon comes from PyPI at build time, pinned by hash, and is kept in EARSHOT_DEPS_DIR: later builds need no network.
set(EARSHOT_DEPS_DIR ${CMAKE_SOURCE_DIR}/.deps CACHE PATH "Folder that keeps what the build downloads")
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# Adds the generated lexicon table to the library `target`.
function(earshot_add_vader_data target)
  set(table ${CMAKE_BINARY_DIR}/generated/operators/sentiment/vader_data.cpp)
  add_custom_command(
    OUTPUT ${table}
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/build_vader_data.py --deps ${EARSHOT_DEPS_DIR} --out ${table}
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/build_vader_data.py
    COMMENT "VADER's lexicon")
  target_sources(${target} PRIVATE ${table})
endfunction()
