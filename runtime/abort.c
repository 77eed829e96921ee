#include "runtime/abort.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/event.h"
#include "runtime/event_target.h"
#include "runtime/sequence.h"

/* https://dom.spec.whatwg.org/#interface-AbortSignal */
struct xhr__abort_signal {
  xhr__js_event_target target;
  JSValue self;         /* borrowed: its own value */
  JSValue reason;       /* JS_UNDEFINED: not aborted */
  xhr__list algorithms; /* of xhr__abort_algorithm */
  bool dependent;
  xhr__list sources;    /* of dependency.in_dependent */
  xhr__list dependents; /* of dependency.in_source */
  struct timeout *timeout;
};

/* That one signal depends on another. The dependent one keeps its source; the source keeps the dependent one only as
 * long as somebody wants to know. */
typedef struct dependency {
  xhr__list in_source, in_dependent;
  xhr__abort_signal *source_signal, *dependent_signal;
  JSValue source;
  JSValue dependent; /* JS_UNDEFINED while nobody wants to know */
} dependency;

/* A timeout that is running. */
typedef struct timeout {
  xhr__teardown teardown;
  xhr__loop_timer timer;
  xhr__realm *realm;
  xhr__abort_signal *signal;
  JSValue kept; /* the signal, as long as somebody wants to know; else JS_UNDEFINED */
} timeout;

/* ---- who is kept alive ------------------------------------------------------------------------------------------ */

static bool is_wanted(const xhr__abort_signal *signal) {
  return JS_IsUndefined(signal->reason) &&
         (!xhr__list_empty(&signal->algorithms) ||
          xhr__js_event_target_has_listeners(&signal->target, "abort"));
}

static void keep(JSRuntime *runtime, JSValue *kept, JSValueConst value, bool wanted) {
  JSValue old = *kept;
  *kept = wanted ? JS_DupValueRT(runtime, value) : JS_UNDEFINED;
  JS_FreeValueRT(runtime, old);
}

/* Whether somebody wants to know of it or of one that depends on it. */
static bool is_wanted_below(const xhr__abort_signal *signal) {
  if (is_wanted(signal))
    return true;
  for (const xhr__list *node = signal->dependents.next; node != &signal->dependents;
       node = node->next) {
    if (is_wanted(XHR__OWNER(node, dependency, in_source)->dependent_signal))
      return true;
  }
  return false;
}

static void keep_timeout(JSRuntime *runtime, xhr__abort_signal *signal) {
  if (signal->timeout)
    keep(runtime, &signal->timeout->kept, signal->self, is_wanted_below(signal));
}

/* https://dom.spec.whatwg.org/#abort-signal-garbage-collection: a signal that others abort stays alive as long as somebody
 * wants to know; to be called when that may have changed. */
static void keep_signal(JSRuntime *runtime, void *object) {
  xhr__abort_signal *signal = object;
  bool wanted = is_wanted(signal);
  keep_timeout(runtime, signal);
  for (xhr__list *node = signal->sources.next; node != &signal->sources; node = node->next) {
    dependency *link = XHR__OWNER(node, dependency, in_dependent);
    keep(runtime, &link->dependent, signal->self, wanted);
    keep_timeout(runtime, link->source_signal);
  }
}

static void drop_dependency(JSRuntime *runtime, dependency *link) {
  xhr__list_remove(&link->in_source);
  xhr__list_remove(&link->in_dependent);
  JS_FreeValueRT(runtime, link->source);
  JS_FreeValueRT(runtime, link->dependent);
  xhr__free(link);
}

static void drop_timeout(JSRuntime *runtime, timeout *running) {
  running->signal->timeout = NULL;
  xhr__list_remove(&running->teardown.node);
  xhr__loop_timer_stop(running->realm->context->loop, &running->timer);
  JSValue kept = running->kept;
  xhr__free(running);
  JS_FreeValueRT(runtime, kept);
}

static void drop_dependencies(JSRuntime *runtime, xhr__abort_signal *signal) {
  while (!xhr__list_empty(&signal->sources))
    drop_dependency(runtime, XHR__OWNER(signal->sources.next, dependency, in_dependent));
  while (!xhr__list_empty(&signal->dependents))
    drop_dependency(runtime, XHR__OWNER(signal->dependents.next, dependency, in_source));
}

static void finalize(JSRuntime *runtime, void *object) {
  xhr__abort_signal *signal = object;
  xhr__list *node;
  while ((node = xhr__list_take_first(&signal->algorithms)))
    XHR__OWNER(node, xhr__abort_algorithm, node)->signal = NULL;
  drop_dependencies(runtime, signal);
  if (signal->timeout)
    drop_timeout(runtime, signal->timeout);
  xhr__js_event_target_free(runtime, &signal->target);
  JS_FreeValueRT(runtime, signal->reason);
  xhr__free(signal);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__abort_signal *signal = object;
  xhr__js_event_target_mark(runtime, &signal->target, mark_func);
  JS_MarkValue(runtime, signal->reason, mark_func);
  for (xhr__list *node = signal->sources.next; node != &signal->sources; node = node->next)
    JS_MarkValue(runtime, XHR__OWNER(node, dependency, in_dependent)->source, mark_func);
  for (xhr__list *node = signal->dependents.next; node != &signal->dependents; node = node->next)
    JS_MarkValue(runtime, XHR__OWNER(node, dependency, in_source)->dependent, mark_func);
}

/* ---- aborting --------------------------------------------------------------------------------------------------- */

/* A new signal, whose value is the caller's; NULL where it threw. */
static xhr__abort_signal *new_signal(xhr__realm *realm) {
  xhr__abort_signal *made = XHR__NEW(xhr__abort_signal);
  if (!made) {
    JS_ThrowOutOfMemory(realm->js);
    return NULL;
  }
  made->reason = JS_UNDEFINED;
  xhr__list_init(&made->algorithms);
  xhr__list_init(&made->sources);
  xhr__list_init(&made->dependents);
  JSValue value = xhr__platform_object_new(realm, &xhr__abort_signal_interface, JS_UNDEFINED, made);
  if (JS_IsException(value))
    return NULL;
  made->self = value;
  return made;
}

bool xhr__abort_signal_aborted(const xhr__abort_signal *signal) {
  return !JS_IsUndefined(signal->reason);
}

void xhr__abort_signal_add(xhr__realm *realm, xhr__abort_signal *signal,
                           xhr__abort_algorithm *algorithm) {
  if (xhr__abort_signal_aborted(signal))
    return;
  algorithm->signal = signal;
  xhr__list_append(&signal->algorithms, &algorithm->node);
  keep_signal(JS_GetRuntime(realm->js), signal);
}

void xhr__abort_signal_remove(JSRuntime *runtime, xhr__abort_algorithm *algorithm) {
  xhr__abort_signal *signal = algorithm->signal;
  algorithm->signal = NULL;
  xhr__list_remove(&algorithm->node);
  if (signal)
    keep_signal(runtime, signal);
}

/* https://dom.spec.whatwg.org/#run-the-abort-steps */
static void run_abort_steps(xhr__realm *realm, xhr__abort_signal *signal) {
  xhr__list *node;
  /* 1. - 2. */
  while ((node = xhr__list_take_first(&signal->algorithms))) {
    xhr__abort_algorithm *algorithm = XHR__OWNER(node, xhr__abort_algorithm, node);
    algorithm->signal = NULL;
    algorithm->run(realm, algorithm);
  }
  /* 3. */
  if (xhr__js_event_target_has_listeners(&signal->target, "abort"))
    (void)xhr__dispatch_new(realm, signal->self, xhr__event_new(realm, "abort", false, false));
}

/* https://dom.spec.whatwg.org/#abortsignal-signal-abort: takes over `reason`, which is not undefined. */
static void signal_abort(xhr__realm *realm, xhr__abort_signal *signal, JSValue reason) {
  JSContext *js = realm->js;
  JSRuntime *runtime = JS_GetRuntime(js);
  /* 1. */
  if (xhr__abort_signal_aborted(signal)) {
    JS_FreeValue(js, reason);
    return;
  }
  JSValue self = JS_DupValue(js, signal->self);
  /* 2. */
  signal->reason = reason;
  if (signal->timeout)
    drop_timeout(runtime, signal->timeout);
  /* 3. - 4. NOTE: the list is that of the dependencies which are left, all of signals with this reason */
  xhr__list to_abort;
  xhr__list_init(&to_abort);
  while (!xhr__list_empty(&signal->dependents)) {
    dependency *link = XHR__OWNER(signal->dependents.next, dependency, in_source);
    xhr__abort_signal *dependent = link->dependent_signal;
    if (xhr__abort_signal_aborted(dependent)) {
      drop_dependency(runtime, link);
      continue;
    }
    dependent->reason = JS_DupValue(js, reason);
    keep(runtime, &link->dependent, dependent->self, true);
    xhr__list_remove(&link->in_source);
    xhr__list_remove(&link->in_dependent);
    xhr__list_append(&to_abort, &link->in_source);
  }
  /* 5. */
  run_abort_steps(realm, signal);
  /* 6. */
  xhr__list *node;
  while ((node = xhr__list_take_first(&to_abort))) {
    dependency *link = XHR__OWNER(node, dependency, in_source);
    run_abort_steps(realm, link->dependent_signal);
    drop_dependencies(runtime, link->dependent_signal);
    drop_dependency(runtime, link);
  }
  JS_FreeValue(js, self);
}

/* The reason that was given, or a new AbortError. */
static JSValue reason_or_abort_error(xhr__realm *realm, int argc, JSValueConst *argv) {
  if (argc > 0 && !JS_IsUndefined(argv[0]))
    return JS_DupValue(realm->js, argv[0]);
  return xhr__dom_exception_new(realm, "AbortError", "signal is aborted without reason");
}

/* ---- AbortSignal ------------------------------------------------------------------------------------------------ */

/* https://dom.spec.whatwg.org/#dom-abortsignal-abort */
static JSValue signal_static_abort(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                   JSValueConst *argv) {
  (void)self;
  (void)this_value;
  JSValue reason = reason_or_abort_error(realm, argc, argv);
  if (JS_IsException(reason))
    return reason;
  xhr__abort_signal *signal = new_signal(realm);
  if (!signal) {
    JS_FreeValue(realm->js, reason);
    return JS_EXCEPTION;
  }
  signal->reason = reason;
  return signal->self;
}

/* Its time is up. */
static void timed_out(xhr__loop_timer *timer) {
  timeout *running = XHR__OWNER(timer, timeout, timer);
  xhr__realm *realm = running->realm;
  xhr__abort_signal *signal = running->signal;
  JSValue self = JS_DupValue(realm->js, signal->self);
  JSValue reason = xhr__dom_exception_new(realm, "TimeoutError", "signal timed out");
  if (JS_IsException(reason)) {
    drop_timeout(JS_GetRuntime(realm->js), running);
    xhr__realm_report_pending(realm);
  } else {
    signal_abort(realm, signal, reason);
  }
  JS_FreeValue(realm->js, self);
}

static void end_timeout(xhr__teardown *teardown) {
  timeout *running = XHR__OWNER(teardown, timeout, teardown);
  drop_timeout(JS_GetRuntime(running->realm->js), running);
}

static bool start_timeout(xhr__realm *realm, xhr__abort_signal *signal, uint64_t milliseconds) {
  xhr_loop *loop = realm->context->loop;
  timeout *running = XHR__NEW(timeout);
  if (!running)
    return false;
  running->realm = realm;
  running->signal = signal;
  running->kept = JS_UNDEFINED;
  /* NOTE: no program waits for a timeout of something else. */
  running->teardown.idle = true;
  running->teardown.end = end_timeout;
  running->timer.fire = timed_out;
  xhr__time deadline = xhr__time_after_ms(xhr__loop_now(loop), milliseconds);
  if (deadline != XHR__NEVER && xhr__loop_timer_set(loop, &running->timer, deadline) != XHR_OK) {
    xhr__free(running);
    return false;
  }
  signal->timeout = running;
  xhr__list_append(&realm->teardown, &running->teardown.node);
  return true;
}

/* https://dom.spec.whatwg.org/#dom-abortsignal-timeout */
static JSValue signal_timeout(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  double milliseconds;
  (void)self;
  (void)this_value;
  (void)argc;
  /* https://webidl.spec.whatwg.org/#EnforceRange */
  if (!xhr__to_unrestricted_double(realm, argv[0], &milliseconds))
    return JS_EXCEPTION;
  if (!(milliseconds > -1.0 && milliseconds < 9007199254740992.0))
    return JS_ThrowTypeError(realm->js, "AbortSignal.timeout: the milliseconds are out of range");
  xhr__abort_signal *signal = new_signal(realm);
  if (!signal)
    return JS_EXCEPTION;
  uint64_t span = milliseconds > 0 ? (uint64_t)milliseconds : 0;
  if (!start_timeout(realm, signal, span)) {
    JS_FreeValue(realm->js, signal->self);
    return JS_ThrowOutOfMemory(realm->js);
  }
  return signal->self;
}

static bool depend(xhr__realm *realm, xhr__abort_signal *result, xhr__abort_signal *source) {
  for (xhr__list *node = result->sources.next; node != &result->sources; node = node->next) {
    if (XHR__OWNER(node, dependency, in_dependent)->source_signal == source)
      return true;
  }
  dependency *link = XHR__NEW(dependency);
  if (!link) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  link->source_signal = source;
  link->dependent_signal = result;
  link->source = JS_DupValue(realm->js, source->self);
  link->dependent = JS_UNDEFINED;
  xhr__list_append(&source->dependents, &link->in_source);
  xhr__list_append(&result->sources, &link->in_dependent);
  return true;
}

/* https://dom.spec.whatwg.org/#create-a-dependent-abort-signal: `signals` is an array of AbortSignals, and nothing of the
 * script's. */
static JSValue create_dependent(xhr__realm *realm, JSValue *signals, size_t count) {
  /* 1. */
  xhr__abort_signal *result = new_signal(realm);
  if (!result)
    return JS_EXCEPTION;
  JSValue value = result->self;
  /* 2. */
  for (size_t i = 0; i < count; i++) {
    xhr__abort_signal *signal = xhr__platform_object_of(signals[i], &xhr__abort_signal_interface);
    if (xhr__abort_signal_aborted(signal)) {
      result->reason = JS_DupValue(realm->js, signal->reason);
      return value;
    }
  }
  /* 3. */
  result->dependent = true;
  /* 4. */
  bool done = true;
  for (size_t i = 0; done && i < count; i++) {
    xhr__abort_signal *signal = xhr__platform_object_of(signals[i], &xhr__abort_signal_interface);
    if (!signal->dependent)
      done = depend(realm, result, signal);
    for (xhr__list *node = signal->sources.next; done && node != &signal->sources;
         node = node->next)
      done = depend(realm, result, XHR__OWNER(node, dependency, in_dependent)->source_signal);
  }
  /* 5. */
  if (done)
    return value;
  JS_FreeValue(realm->js, value);
  return JS_EXCEPTION;
}

/* The signals that AbortSignal.any() is given; each value is the list's. */
typedef struct signal_list {
  JSValue *signals;
  size_t count, capacity;
} signal_list;

static bool take_signal(xhr__realm *realm, JSValueConst item, void *user) {
  signal_list *list = user;
  void *signals = list->signals;
  if (!xhr__platform_object_of(item, &xhr__abort_signal_interface)) {
    JS_ThrowTypeError(realm->js, "AbortSignal.any: element %zu is no AbortSignal", list->count);
    return false;
  }
  if (!xhr__grow(&signals, &list->capacity, list->count + 1, sizeof(JSValue))) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  list->signals = signals;
  list->signals[list->count++] = JS_DupValue(realm->js, item);
  return true;
}

/* https://dom.spec.whatwg.org/#dom-abortsignal-any */
static JSValue signal_any(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                          JSValueConst *argv) {
  signal_list list = {0};
  JSValue value = JS_EXCEPTION;
  (void)self;
  (void)this_value;
  (void)argc;
  if (xhr__each_of_sequence(realm, argv[0], "AbortSignal.any", take_signal, &list))
    value = create_dependent(realm, list.signals, list.count);
  for (size_t i = 0; i < list.count; i++)
    JS_FreeValue(realm->js, list.signals[i]);
  xhr__free(list.signals);
  return value;
}

static JSValue get_aborted(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, xhr__abort_signal_aborted(self));
}

static JSValue get_reason(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((xhr__abort_signal *)self)->reason);
}

/* https://dom.spec.whatwg.org/#dom-abortsignal-throwifaborted */
static JSValue throw_if_aborted(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  xhr__abort_signal *signal = self;
  (void)this_value;
  (void)argc;
  (void)argv;
  if (!xhr__abort_signal_aborted(signal))
    return JS_UNDEFINED;
  return JS_Throw(realm->js, JS_DupValue(realm->js, signal->reason));
}

static const xhr__member signal_members[] = {
    XHR__DEFINE_STATIC("abort", 0, signal_static_abort),
    XHR__DEFINE_STATIC("timeout", 1, signal_timeout),
    XHR__DEFINE_STATIC("any", 1, signal_any),
    XHR__DEFINE_READONLY("aborted", get_aborted),
    XHR__DEFINE_READONLY("reason", get_reason),
    XHR__DEFINE_OPERATION("throwIfAborted", 0, throw_if_aborted),
    XHR__DEFINE_HANDLER("onabort"),
};

const xhr__interface xhr__abort_signal_interface = {
    .name = "AbortSignal",
    .inherits = &xhr__event_target_interface,
    .members = signal_members,
    .member_count = sizeof signal_members / sizeof *signal_members,
    .finalize = finalize,
    .mark = mark,
    .listeners_changed = keep_signal,
};

/* ---- AbortController -------------------------------------------------------------------------------------------- */

typedef struct abort_controller {
  xhr__platform_object object;
  JSValue signal;
} abort_controller;

static void controller_finalize(JSRuntime *runtime, void *object) {
  abort_controller *controller = object;
  JS_FreeValueRT(runtime, controller->signal);
  xhr__free(controller);
}

static void controller_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((abort_controller *)object)->signal, mark_func);
}

/* https://dom.spec.whatwg.org/#dom-abortcontroller-abortcontroller */
static JSValue controller_construct(xhr__realm *realm, JSValueConst new_target, int argc,
                                    JSValueConst *argv) {
  (void)argc;
  (void)argv;
  xhr__abort_signal *signal = new_signal(realm);
  if (!signal)
    return JS_EXCEPTION;
  abort_controller *controller = XHR__NEW(abort_controller);
  if (!controller) {
    JS_FreeValue(realm->js, signal->self);
    return JS_ThrowOutOfMemory(realm->js);
  }
  controller->signal = signal->self;
  return xhr__platform_object_new(realm, &xhr__abort_controller_interface, new_target, controller);
}

static JSValue controller_get_signal(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((abort_controller *)self)->signal);
}

/* https://dom.spec.whatwg.org/#dom-abortcontroller-abort */
static JSValue controller_abort(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  abort_controller *controller = self;
  (void)this_value;
  JSValue reason = reason_or_abort_error(realm, argc, argv);
  if (JS_IsException(reason))
    return reason;
  signal_abort(realm, xhr__platform_object_of(controller->signal, &xhr__abort_signal_interface),
               reason);
  return JS_UNDEFINED;
}

static const xhr__member controller_members[] = {
    XHR__DEFINE_READONLY("signal", controller_get_signal),
    XHR__DEFINE_OPERATION("abort", 0, controller_abort),
};

const xhr__interface xhr__abort_controller_interface = {
    .name = "AbortController",
    .construct = controller_construct,
    .members = controller_members,
    .member_count = sizeof controller_members / sizeof *controller_members,
    .finalize = controller_finalize,
    .mark = controller_mark,
};
