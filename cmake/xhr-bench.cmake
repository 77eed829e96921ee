# bench/*.c: one program each, on the static library, with libcurl beside it to compare with. quickjs.c runs libxhr.js.
file(GLOB _sources CONFIGURE_DEPENDS bench/*.c)
if(NOT XHR_QUICKJS)
  list(FILTER _sources EXCLUDE REGEX "/quickjs\\.c$")
endif()
foreach(_source ${_sources})
  cmake_path(GET _source STEM _name)
  xhr_program(bench-${_name} bench ${_source})
  set_target_properties(bench-${_name} PROPERTIES OUTPUT_NAME ${_name})
  target_include_directories(bench-${_name} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(bench-${_name} PRIVATE xhr-static)
  if(_name STREQUAL "quickjs")
    xhr_link_runtime(bench-quickjs)
  endif()
endforeach()

# Whether the bench runs at all; its figures are for `make bench`.
if(XHR_TESTS)
  add_test(
    NAME bench
    COMMAND scripts/bench --quick --build "${PROJECT_BINARY_DIR}"
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(bench PROPERTIES TIMEOUT 300 LABELS bench)
endif()
