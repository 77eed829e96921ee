/* What the program xhr-stress adds to the command, of whose own sources it is made: garbage is collected wherever the
 * engine offers it, and the session's engine has a thread of its own. The linker puts these functions in the place of
 * those that are called (--wrap). */
#include <malloc.h>
#include <quickjs.h>
#include <stdlib.h>

#include "xhr/session.h"

JSRuntime *__wrap_JS_NewRuntime(void);
xhr_status __real_xhr_session_options_set_driver(xhr_session_options *options, xhr_driver driver);
xhr_status __wrap_xhr_session_options_set_driver(xhr_session_options *options, xhr_driver driver);

static void *stress_malloc(JSMallocState *state, size_t size) {
  (void)state;
  return malloc(size);
}

static void stress_free(JSMallocState *state, void *pointer) {
  (void)state;
  free(pointer);
}

static void *stress_realloc(JSMallocState *state, void *pointer, size_t size) {
  (void)state;
  if (size > 0)
    return realloc(pointer, size);
  free(pointer);
  return NULL;
}

static size_t stress_usable_size(const void *pointer) {
  return malloc_usable_size((void *)pointer);
}

/* QuickJS offers one point, the making of an object: it collects where more is in use than its threshold, and takes its
 * next threshold from what is in use then. These functions count nothing into that, so the threshold stays at nothing,
 * and each object that is made collects: what the engine does that is compiled with FORCE_GC_AT_MALLOC. */
JSRuntime *__wrap_JS_NewRuntime(void) {
  static const JSMallocFunctions functions = {stress_malloc, stress_free, stress_realloc,
                                              stress_usable_size};
  JSRuntime *runtime = JS_NewRuntime2(&functions, NULL);
  if (runtime)
    JS_SetGCThreshold(runtime, 0);
  return runtime;
}

xhr_status __wrap_xhr_session_options_set_driver(xhr_session_options *options, xhr_driver driver) {
  (void)driver;
  return __real_xhr_session_options_set_driver(options, XHR_DRIVER_THREAD);
}
