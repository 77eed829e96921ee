# QuickJS::quickjs, of 2025-04-26 or newer: header and static library, which neither say a version nor come with a .pc.
# Homes: lib/quickjs and include/quickjs below a prefix. quickjs-libc is not asked for.
find_path(QuickJS_INCLUDE_DIR quickjs.h PATH_SUFFIXES quickjs)
find_library(QuickJS_LIBRARY NAMES libquickjs.a quickjs PATH_SUFFIXES quickjs)

if(QuickJS_INCLUDE_DIR)
  # New in that version.
  file(STRINGS "${QuickJS_INCLUDE_DIR}/quickjs.h" QuickJS_NEW_ENOUGH REGEX "JS_GetAnyOpaque")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  QuickJS REQUIRED_VARS QuickJS_LIBRARY QuickJS_INCLUDE_DIR QuickJS_NEW_ENOUGH)
mark_as_advanced(QuickJS_INCLUDE_DIR QuickJS_LIBRARY)

if(QuickJS_FOUND AND NOT TARGET QuickJS::quickjs)
  find_package(Threads QUIET)
  add_library(QuickJS::quickjs UNKNOWN IMPORTED)
  set_target_properties(
    QuickJS::quickjs PROPERTIES IMPORTED_LOCATION "${QuickJS_LIBRARY}"
                                INTERFACE_INCLUDE_DIRECTORIES "${QuickJS_INCLUDE_DIR}"
                                INTERFACE_LINK_LIBRARIES "m;${CMAKE_DL_LIBS};Threads::Threads")
endif()
