# runtime/*.c: libxhr-quickjs.a, libxhr's objects for scripts of a QuickJS that the program brings: the library contains
# none, and its users link one behind it. It calls libxhr's hidden functions, so it goes with libxhr.a only.
file(GLOB _sources CONFIGURE_DEPENDS runtime/*.c)
add_library(xhr-quickjs STATIC ${_sources})
xhr_compile_options(xhr-quickjs)
target_include_directories(xhr-quickjs PRIVATE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/src")
target_include_directories(xhr-quickjs SYSTEM PRIVATE "${QuickJS_INCLUDE_DIR}")
target_link_libraries(xhr-quickjs PUBLIC xhr-static)
set_target_properties(xhr-quickjs PROPERTIES EXPORT_NAME quickjs)
add_library(xhr::quickjs ALIAS xhr-quickjs)

# Makes a program of the project one that has the runtime and QuickJS.
function(xhr_link_runtime target)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(${target} PRIVATE xhr-quickjs QuickJS::quickjs)
endfunction()

# cli/*.c: the command, build/xhr.
file(GLOB _sources CONFIGURE_DEPENDS cli/*.c)
if("${PROJECT_SOURCE_DIR}/cli/main.c" IN_LIST _sources)
  add_library(xhr-cli OBJECT ${_sources})
  xhr_compile_options(xhr-cli)
  xhr_link_runtime(xhr-cli)
  add_executable(xhr-command $<TARGET_OBJECTS:xhr-cli>)
  xhr_link_runtime(xhr-command)
  set_target_properties(xhr-command PROPERTIES OUTPUT_NAME xhr)
endif()
