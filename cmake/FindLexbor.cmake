# Lexbor::lexbor, 3.0 or newer. By pkg-config where a .pc is installed, else by header and library:
# not every distribution ships the .pc.
find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(PC_Lexbor QUIET lexbor)
endif()

find_path(Lexbor_INCLUDE_DIR lexbor/core/base.h HINTS ${PC_Lexbor_INCLUDE_DIRS})
find_library(Lexbor_LIBRARY lexbor HINTS ${PC_Lexbor_LIBRARY_DIRS})

if(Lexbor_INCLUDE_DIR)
  file(STRINGS "${Lexbor_INCLUDE_DIR}/lexbor/core/base.h" _lines
       REGEX "^#define LEXBOR_VERSION_(MAJOR|MINOR|PATCH) ")
  set(Lexbor_VERSION)
  foreach(_part MAJOR MINOR PATCH)
    if("${_lines}" MATCHES "LEXBOR_VERSION_${_part} +([0-9]+)")
      list(APPEND Lexbor_VERSION "${CMAKE_MATCH_1}")
    endif()
  endforeach()
  string(REPLACE ";" "." Lexbor_VERSION "${Lexbor_VERSION}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  Lexbor
  REQUIRED_VARS Lexbor_LIBRARY Lexbor_INCLUDE_DIR
  VERSION_VAR Lexbor_VERSION)
mark_as_advanced(Lexbor_INCLUDE_DIR Lexbor_LIBRARY)

if(Lexbor_FOUND AND NOT TARGET Lexbor::lexbor)
  add_library(Lexbor::lexbor UNKNOWN IMPORTED)
  set_target_properties(
    Lexbor::lexbor PROPERTIES IMPORTED_LOCATION "${Lexbor_LIBRARY}"
                              INTERFACE_INCLUDE_DIRECTORIES "${Lexbor_INCLUDE_DIR}")
endif()
