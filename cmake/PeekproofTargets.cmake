# SPDX-License-Identifier: Apache-2.0
# One helper per kind of target. Warnings, sanitizers and coverage live in one INTERFACE target.

include(GoogleTest)

add_library(peekproof_options INTERFACE)
target_include_directories(peekproof_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(peekproof_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers -Wnon-virtual-dtor -Woverloaded-virtual
  -Werror -fno-math-errno -fno-trapping-math -ffp-contract=off)
if(PEEKPROOF_SANITIZE)
  target_compile_options(peekproof_options INTERFACE
    -fsanitize=${PEEKPROOF_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(peekproof_options INTERFACE -fsanitize=${PEEKPROOF_SANITIZE})
  target_compile_definitions(peekproof_options INTERFACE PEEKPROOF_SANITIZED=1)
endif()
if(PEEKPROOF_COVERAGE)
  # Counters between the steps of an initialisation make GCC 12 doubt it in OpenCV's headers.
  target_compile_options(peekproof_options INTERFACE --coverage -fprofile-update=atomic -Wno-maybe-uninitialized)
  target_link_options(peekproof_options INTERFACE --coverage)
endif()
if(PEEKPROOF_FUZZ)
  target_compile_options(peekproof_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# peekproof_library(NAME SOURCES a.cc ... [DEPENDS target ...] [PRIVATE_DEPENDS target ...])
# makes the layer's static library peekproof_NAME.
function(peekproof_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(peekproof_${name} STATIC ${arg_SOURCES})
  target_link_libraries(peekproof_${name}
    PUBLIC ${arg_DEPENDS}
    PRIVATE peekproof_options ${arg_PRIVATE_DEPENDS})
  target_include_directories(peekproof_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
endfunction()

# Half of a build is tests, whose own code need not be fast.
set(PEEKPROOF_TEST_OPTIMISATION "" CACHE STRING "Compiler options for test programs' own code, as -O1")

# A process with our libraries takes about 0.1 s to start, a sanitized one 0.3 s: longer than most cases take to run.
set(PEEKPROOF_TEST_SHARDS 0 CACHE STRING "Processes that share a test program's cases; 0: one process for each case")
function(peekproof_shards name)
  math(EXPR last "${PEEKPROOF_TEST_SHARDS} - 1")
  foreach(shard RANGE ${last})
    add_test(NAME ${name}.${shard} COMMAND ${name}_test)
    set_tests_properties(${name}.${shard} PROPERTIES ${ARGN}
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${PEEKPROOF_TEST_SHARDS};GTEST_SHARD_INDEX=${shard}")
  endforeach()
endfunction()

# peekproof_test(NAME SOURCES a_test.cc ... [DEPENDS target ...] [LABEL label] [TIMEOUT seconds]
#                [PROPERTIES name value ...] [ONE_PROCESS])
# makes one test program and registers each of its cases with CTest under the layer's label. ONE_PROCESS registers
# the program as one test: for cases that share what is costly to make. With PEEKPROOF_TEST_SHARDS the program is
# registered as that many tests, each of which runs its share of the cases in one process.
function(peekproof_test name)
  cmake_parse_arguments(arg "ONE_PROCESS" "LABEL;TIMEOUT" "SOURCES;DEPENDS;PROPERTIES" ${ARGN})
  if(NOT PEEKPROOF_TESTS)
    return()
  endif()
  if(NOT arg_LABEL)
    set(arg_LABEL ${name})
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name}_test ${arg_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${arg_DEPENDS} peekproof_options GTest::gmock GTest::gtest_main)
  target_compile_options(${name}_test PRIVATE ${PEEKPROOF_TEST_OPTIMISATION})
  if(arg_ONE_PROCESS)
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} ${arg_PROPERTIES})
    return()
  endif()
  if(PEEKPROOF_TEST_SHARDS)
    peekproof_shards(${name} LABELS ${arg_LABEL} TIMEOUT 900 ${arg_PROPERTIES})
    return()
  endif()
  gtest_discover_tests(${name}_test TEST_PREFIX "${name}." NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} ${arg_PROPERTIES})
endfunction()

# peekproof_fuzz(NAME SOURCES a_fuzz.cc ... [DEPENDS target ...] [CORPUS folder] [LABEL label])
# makes the harness NAME_fuzz, which defines LLVMFuzzerTestOneInput. With PEEKPROOF_FUZZ it is a libFuzzer
# program; otherwise a plain program that replays files, registered with CTest as fuzz.NAME over its corpus
# (default: tests/fuzz/corpus/NAME).
function(peekproof_fuzz name)
  cmake_parse_arguments(arg "" "CORPUS;LABEL" "SOURCES;DEPENDS" ${ARGN})
  if(NOT PEEKPROOF_TESTS)
    return()
  endif()
  if(NOT arg_CORPUS)
    set(arg_CORPUS ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  endif()
  if(NOT arg_LABEL)
    set(arg_LABEL fuzz)
  endif()
  add_executable(${name}_fuzz ${arg_SOURCES})
  target_link_libraries(${name}_fuzz PRIVATE ${arg_DEPENDS} peekproof_options)
  if(PEEKPROOF_FUZZ)
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    return()
  endif()
  target_sources(${name}_fuzz PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cc)
  add_test(NAME fuzz.${name} COMMAND ${name}_fuzz ${arg_CORPUS})
  set_tests_properties(fuzz.${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT 300)
endfunction()
