# bench/*.c: one program each, on the static library, with libcurl beside it to compare with.
file(GLOB _sources CONFIGURE_DEPENDS bench/*.c)
foreach(_source ${_sources})
  cmake_path(GET _source STEM _name)
  xhr_program(bench-${_name} bench ${_source})
  set_target_properties(bench-${_name} PROPERTIES OUTPUT_NAME ${_name})
  target_include_directories(bench-${_name} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(bench-${_name} PRIVATE xhr-static)
endforeach()
