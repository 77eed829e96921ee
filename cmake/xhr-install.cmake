# What `cmake --install` puts where: headers, both libraries, pkg-config file, CMake package.
include(CMakePackageConfigHelpers)
set(_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/xhr")

install(
  TARGETS xhr
  EXPORT xhr-targets
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(
  TARGETS xhr-static
  EXPORT xhr-static-targets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
set(_exports xhr-targets xhr-static-targets)
set(_packages libxhr)
if(XHR_QUICKJS)
  install(
    TARGETS xhr-quickjs
    EXPORT xhr-quickjs-targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(FILES cmake/FindQuickJS.cmake DESTINATION "${_package_dir}")
  list(APPEND _exports xhr-quickjs-targets)
  list(APPEND _packages xhr-quickjs)
  if(TARGET xhr-command)
    install(TARGETS xhr-command RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
    install(FILES docs/xhr.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
    install(FILES cli/completions/xhr.bash RENAME xhr
            DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
    install(FILES cli/completions/_xhr DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
  endif()
else()
  set(_no_quickjs PATTERN "quickjs.h" EXCLUDE)
endif()
install(
  DIRECTORY include/
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING
  PATTERN "*.h" ${_no_quickjs})

foreach(_export ${_exports})
  install(
    EXPORT ${_export}
    NAMESPACE xhr::
    DESTINATION "${_package_dir}")
endforeach()
configure_package_config_file(packaging/xhr-config.cmake.in "${PROJECT_BINARY_DIR}/xhr-config.cmake"
                              INSTALL_DESTINATION "${_package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/xhr-config-version.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/xhr-config.cmake"
              "${PROJECT_BINARY_DIR}/xhr-config-version.cmake" cmake/FindLexbor.cmake
        DESTINATION "${_package_dir}")

# The pkg-config files hold the prefix, which is only known when they are installed.
foreach(_dir LIBDIR INCLUDEDIR)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${_dir}}")
    set(PC_${_dir} "${CMAKE_INSTALL_${_dir}}")
  elseif(_dir STREQUAL LIBDIR)
    set(PC_${_dir} "\${exec_prefix}/${CMAKE_INSTALL_${_dir}}")
  else()
    set(PC_${_dir} "\${prefix}/${CMAKE_INSTALL_${_dir}}")
  endif()
endforeach()
cmake_path(GET Lexbor_LIBRARY PARENT_PATH _lexbor_dir)
set(_libs ${XHR_CURL_LDFLAGS} ${XHR_ZLIB_LDFLAGS} ${XHR_BROTLIDEC_LDFLAGS} ${XHR_ZSTD_LDFLAGS}
          ${XHR_PSL_LDFLAGS} "-L${_lexbor_dir}" -llexbor -pthread)
foreach(_dir ${CMAKE_C_IMPLICIT_LINK_DIRECTORIES})
  list(REMOVE_ITEM _libs "-L${_dir}")
endforeach()
list(JOIN _libs " " PC_LIBS_PRIVATE)
set(_code)
foreach(_var PROJECT_VERSION PROJECT_DESCRIPTION PC_LIBDIR PC_INCLUDEDIR PC_LIBS_PRIVATE)
  string(APPEND _code "set(${_var} [==[${${_var}}]==])\n")
endforeach()
foreach(_package ${_packages})
  set(_pc "${PROJECT_BINARY_DIR}/${_package}.pc")
  install(CODE "${_code}configure_file([==[${PROJECT_SOURCE_DIR}/packaging/${_package}.pc.in]==] [==[${_pc}]==] @ONLY)")
  install(FILES "${_pc}" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()
