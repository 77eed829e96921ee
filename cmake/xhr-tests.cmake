# Tests. Conventions, so that a new test is a new file:
#   tests/support/*.c    a library every test and server links
#   tests/servers/*.c    one server program each, in build/tests/ (test_server.c: test-server)
#   tests/unit/*.c       one cmocka program and one ctest each; test_thread*.c get the label `threads`
#                        test_runtime*.c and test_thread_runtime*.c are those of runtime/, with QuickJS
#   tests/js/*.js        two ctests each, beside a server: by the command, and by xhr-stress, which is the command
#                        and tests/js/stress.c
#   tests/js/pages/*.html  two ctests each, beside a server: the page, loaded by the command, and by xhr-stress
#   tests/cli/test_*.py  the command: one ctest each
#   tests/scenario/*.c   one program, scenario-runner, and one ctest per driver; one with failing allocations; the same
#                        from JavaScript: scenario-runner-js, whose client is tests/scenario/js/client.c
#   tests/wpt            web-platform-tests have their own command, scripts/wpt; here only its own test
#   tests/lint, install  exported symbols, the lint rules' own test, the installed library
xhr_require_pkg(CMOCKA cmocka 1.1)

file(GLOB _support CONFIGURE_DEPENDS tests/support/*.c)
file(GLOB _servers CONFIGURE_DEPENDS tests/servers/*.c)
file(GLOB _units CONFIGURE_DEPENDS tests/unit/*.c)
file(GLOB _scenario CONFIGURE_DEPENDS tests/scenario/*.c)
file(GLOB _js CONFIGURE_DEPENDS tests/js/*.js)
if(NOT XHR_QUICKJS)
  list(FILTER _units EXCLUDE REGEX "/test_(thread_)?runtime[^/]*$")
endif()

# A program of the tests: sees the library's hidden functions, includes src/ and tests/.
function(xhr_test_program target)
  xhr_program(${target} tests ${ARGN})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src"
                                               "${PROJECT_SOURCE_DIR}/tests")
  if(TARGET xhr-test-support)
    target_link_libraries(${target} PRIVATE xhr-test-support)
  endif()
  target_link_libraries(${target} PRIVATE xhr-static PkgConfig::CMOCKA)
endfunction()

if(_support)
  add_library(xhr-test-support STATIC ${_support})
  xhr_compile_options(xhr-test-support)
  target_compile_definitions(xhr-test-support PRIVATE XHR_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_include_directories(xhr-test-support PRIVATE "${PROJECT_SOURCE_DIR}/src"
                                                      "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(xhr-test-support PRIVATE xhr-static PkgConfig::CMOCKA)
endif()

# One of tests/js, run by the command or xhr-stress, which end it at a time limit in seconds.
function(xhr_js_test test command name seconds labels)
  math(EXPR _limit "${seconds} - 5")
  add_test(
    NAME ${test}
    COMMAND tests/support/with-server "${PROJECT_BINARY_DIR}" $<TARGET_FILE:${command}> run --proxy=
            --timeout ${_limit} tests/js/${name}.js ${ARGN}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${test} PROPERTIES TIMEOUT ${seconds} LABELS "${labels}")
endfunction()

foreach(_source ${_servers})
  cmake_path(GET _source STEM _name)
  string(REPLACE "_" "-" _name "${_name}")
  xhr_test_program(${_name} ${_source})
endforeach()

foreach(_source ${_units})
  cmake_path(GET _source STEM _name)
  xhr_test_program(${_name} ${_source})
  if(_name MATCHES "^test_(thread_)?runtime")
    xhr_link_runtime(${_name})
  endif()
  add_test(NAME ${_name} COMMAND ${_name} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${_name} PROPERTIES TIMEOUT 60)
  if(_name MATCHES "^test_thread")
    set_tests_properties(${_name} PROPERTIES LABELS "unit;threads")
  else()
    set_tests_properties(${_name} PROPERTIES LABELS unit)
  endif()
endforeach()

# It starts the server itself, from the folder that it lies in.
if(TARGET test_thread_stress)
  add_dependencies(test_thread_stress test-server)
endif()

# The codings' round trips need brotli's encoder, which the library itself does not; it comes with the decoder's package.
if(TARGET test_codings)
  xhr_require_pkg(BROTLIENC libbrotlienc 1.0)
  target_link_libraries(test_codings PRIVATE PkgConfig::BROTLIENC)
endif()

if(_scenario)
  xhr_test_program(scenario-runner ${_scenario})
  foreach(_driver scripted inline threaded)
    add_test(
      NAME scenario-${_driver}
      COMMAND scenario-runner --driver=${_driver} tests/scenario/cases
      WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(scenario-${_driver} PROPERTIES TIMEOUT 300 LABELS scenario)
  endforeach()
  set_tests_properties(scenario-threaded PROPERTIES LABELS "scenario;threads")
  add_test(
    NAME scenario-alloc-fail
    COMMAND scenario-runner --driver=scripted --alloc-fail tests/scenario/cases
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(scenario-alloc-fail PROPERTIES TIMEOUT 300 LABELS scenario)
endif()

# The same scenarios, with the same logs, from JavaScript.
if(_scenario AND TARGET xhr-quickjs)
  list(FILTER _scenario EXCLUDE REGEX "/client\\.c$")
  xhr_test_program(scenario-runner-js ${_scenario} tests/scenario/js/client.c)
  xhr_link_runtime(scenario-runner-js)
  foreach(_driver scripted inline threaded)
    add_test(
      NAME scenario-js-${_driver}
      COMMAND scenario-runner-js --driver=${_driver} tests/scenario/cases
      WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(scenario-js-${_driver} PROPERTIES TIMEOUT 600 LABELS "scenario;js")
  endforeach()
  set_tests_properties(scenario-js-threaded PROPERTIES LABELS "scenario;js;threads")
  add_test(
    NAME scenario-js-alloc-fail
    COMMAND scenario-runner-js --driver=scripted --alloc-fail tests/scenario/cases
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(scenario-js-alloc-fail PROPERTIES TIMEOUT 600 LABELS "scenario;js")
endif()

# Each script by the command; then by the command with an engine on a thread, and garbage collected wherever it can be.
if(TARGET xhr-command)
  xhr_test_program(xhr-stress tests/js/stress.c $<TARGET_OBJECTS:xhr-cli>)
  xhr_link_runtime(xhr-stress)
  target_link_options(xhr-stress PRIVATE
                      -Wl,--wrap=JS_NewRuntime,--wrap=xhr_session_options_set_driver)
  foreach(_source ${_js})
    cmake_path(GET _source STEM _name)
    xhr_js_test(js-${_name} xhr-command ${_name} 60 "js")
    set(_labels js)
    if(_name MATCHES "worker|channel|xmlhttprequest|sync")
      list(APPEND _labels threads)
    endif()
    xhr_js_test(js-${_name}-gc xhr-stress ${_name} 600 "${_labels}" stress)
  endforeach()
endif()

# Pages with their scripts, by the command and by xhr-stress, whose constant collection takes its time.
function(xhr_page_test test command name seconds labels)
  math(EXPR _limit "${seconds} - 5")
  add_test(
    NAME ${test}
    COMMAND tests/support/with-server "${PROJECT_BINARY_DIR}" $<TARGET_FILE:${command}> page --proxy=
            --timeout ${_limit} {server}/pages/${name}.html
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${test} PROPERTIES TIMEOUT ${seconds} LABELS "${labels}")
endfunction()
if(TARGET xhr-command)
  file(GLOB _pages CONFIGURE_DEPENDS tests/js/pages/*.html)
  foreach(_source ${_pages})
    cmake_path(GET _source STEM _name)
    xhr_page_test(page-${_name} xhr-command ${_name} 30 "js")
    xhr_page_test(page-${_name}-gc xhr-stress ${_name} 120 "js;threads")
  endforeach()
endif()

# Each example that is built, run against the test server.
foreach(_name hello quickstart loop_poll loop_libuv loop_glib embed_quickjs)
  if(TARGET example-${_name})
    add_test(NAME example-${_name} COMMAND "${PROJECT_SOURCE_DIR}/tests/examples/run-examples.sh"
                                           "${PROJECT_BINARY_DIR}" ${_name})
    set_tests_properties(example-${_name} PROPERTIES TIMEOUT 60 LABELS example)
  endif()
endforeach()

find_program(XHR_PYTHON python3)
# The command: each of tests/cli/test_*.py, with a server of its own, and the example in JavaScript.
if(TARGET xhr-command)
  file(GLOB _cli CONFIGURE_DEPENDS tests/cli/test_*.py)
  if(NOT XHR_PYTHON)
    set(_cli)
  endif()
  foreach(_source ${_cli})
    cmake_path(GET _source STEM _name)
    string(REGEX REPLACE "^test_" "cli-" _name "${_name}")
    add_test(NAME ${_name} COMMAND "${XHR_PYTHON}" "${_source}" "${PROJECT_BINARY_DIR}")
    set_tests_properties(${_name} PROPERTIES TIMEOUT 300 LABELS cli)
  endforeach()
  add_test(
    NAME example-quickstart-js
    COMMAND tests/support/with-server "${PROJECT_BINARY_DIR}" $<TARGET_FILE:xhr-command> run
            --proxy= examples/quickstart.js {server}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(example-quickstart-js PROPERTIES TIMEOUT 60 LABELS example)
endif()

# A few of the random pages that `fuzz/api/run.py` makes without end.
if(XHR_PYTHON AND TARGET xhr-command)
  add_test(NAME fuzz-api
           COMMAND "${XHR_PYTHON}" "${PROJECT_SOURCE_DIR}/fuzz/api/run.py" $<TARGET_FILE:xhr-command>
                   --kind page --kind html --count 8 --steps 600 --grace 60 --out
                   "${PROJECT_BINARY_DIR}/fuzz-api")
  set_tests_properties(fuzz-api PROPERTIES TIMEOUT 300 LABELS js)
endif()

# Lint's own, and the installed library: with the everyday build only, not with instrumented ones.
if(XHR_PYTHON)
  add_test(NAME lint-rules COMMAND "${XHR_PYTHON}" "${PROJECT_SOURCE_DIR}/tests/lint/test_rules.py")
  set_tests_properties(lint-rules PROPERTIES TIMEOUT 60 LABELS lint)
  add_test(NAME wpt-harness COMMAND "${XHR_PYTHON}" "${PROJECT_SOURCE_DIR}/tests/wpt/test_wpt.py")
  set_tests_properties(wpt-harness PROPERTIES TIMEOUT 60 LABELS wpt)
endif()
if(NOT XHR_SANITIZE AND NOT XHR_COVERAGE)
  set(_quickjs)
  if(XHR_QUICKJS)
    set(_quickjs --quickjs "$<TARGET_FILE:xhr-quickjs>")
  endif()
  if(XHR_PYTHON)
    add_test(NAME exported-symbols
             COMMAND "${XHR_PYTHON}" "${PROJECT_SOURCE_DIR}/tests/lint/symbols.py"
                     "$<TARGET_FILE:xhr>" "$<TARGET_FILE:xhr-static>" ${_quickjs})
    set_tests_properties(exported-symbols PROPERTIES TIMEOUT 60 LABELS lint)
  endif()
  set(_quickjs)
  if(XHR_QUICKJS)
    set(_quickjs "${QuickJS_INCLUDE_DIR}" "${QuickJS_LIBRARY}")
  endif()
  add_test(NAME install COMMAND "${PROJECT_SOURCE_DIR}/tests/install/run" "${PROJECT_BINARY_DIR}"
                                "${PROJECT_VERSION}" ${_quickjs})
  set_tests_properties(install PROPERTIES TIMEOUT 120 LABELS install)
endif()
