# Functions shared by the build's parts.

# A library by pkg-config as PkgConfig::<prefix>, or a stop that says how to get it.
function(xhr_require_pkg prefix module version)
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET GLOBAL "${module}>=${version}")
  if(NOT ${prefix}_FOUND)
    message(FATAL_ERROR "${module} >= ${version} was not found by pkg-config. "
                        "scripts/deps installs what is missing.")
  endif()
  message(STATUS "${module}: ${${prefix}_VERSION}")
endfunction()

set(XHR_WARNINGS
    -Wall
    -Wextra
    -Wformat=2
    -Wmissing-declarations
    -Wmissing-prototypes
    -Wold-style-definition
    -Wpointer-arith
    -Wshadow
    -Wstrict-prototypes
    -Wundef
    -Wvla
    -Wwrite-strings)

# How every C file of the project is compiled.
function(xhr_compile_options target)
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
  target_compile_options(${target} PRIVATE ${XHR_WARNINGS} -fno-common
                                           $<$<BOOL:${XHR_WERROR}>:-Werror>)
endfunction()

# One program of the project. Usage: xhr_program(target output-dir sources…)
function(xhr_program target directory)
  add_executable(${target} ${ARGN})
  xhr_compile_options(${target})
  target_compile_definitions(${target} PRIVATE XHR_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                                             "${PROJECT_BINARY_DIR}/${directory}")
endfunction()

# Sanitizers and coverage go to everything compiled and linked here.
if(XHR_SANITIZE)
  add_compile_options(-fsanitize=${XHR_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${XHR_SANITIZE})
endif()
if(XHR_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "fuzz/ needs clang; use the preset: cmake --preset fuzz")
  endif()
  # What the fuzzers steer by; the programs themselves also get libFuzzer's main().
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(XHR_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
