#include "runtime/event_target.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/event_listener.h"

xhr__js_event_target *xhr__js_event_target_of(xhr__realm *realm, JSValueConst value) {
  xhr__js_event_target *target = xhr__platform_object_of(value, &xhr__event_target_interface);
  if (!target && JS_IsObject(value) && realm->global_object &&
      JS_VALUE_GET_PTR(value) == JS_VALUE_GET_PTR(realm->global))
    target = (xhr__js_event_target *)(void *)realm->global_object;
  return target;
}

/* ---- the event listener list ------------------------------------------------------------------------------------ */

static void free_listener(JSRuntime *runtime, xhr__js_listener *listener) {
  xhr__abort_signal_remove(runtime, &listener->on_abort);
  JS_FreeValueRT(runtime, listener->callback);
  xhr__free(listener);
}

void xhr__js_event_target_free(JSRuntime *runtime, xhr__js_event_target *target) {
  for (size_t i = 0; i < target->count; i++)
    free_listener(runtime, target->listeners[i]);
  xhr__free(target->listeners);
  target->listeners = NULL;
  target->count = target->capacity = 0;
}

void xhr__js_event_target_mark(JSRuntime *runtime, xhr__js_event_target *target,
                               JS_MarkFunc *mark) {
  for (size_t i = 0; i < target->count; i++)
    JS_MarkValue(runtime, target->listeners[i]->callback, mark);
}

bool xhr__js_listener_has_type(const xhr__js_listener *listener, xhr__str type) {
  return listener->type_len == type.len &&
         (type.len == 0 || memcmp(listener->type, type.data, type.len) == 0);
}

bool xhr__js_event_target_has_listeners(const xhr__js_event_target *target, const char *type) {
  for (size_t i = 0; i < target->count; i++) {
    const xhr__js_listener *listener = target->listeners[i];
    if (!listener->removed && (!type || xhr__js_listener_has_type(listener, xhr__str_c(type))))
      return true;
  }
  return false;
}

static bool is_same(JSValueConst a, JSValueConst b) {
  if (JS_IsObject(a) && JS_IsObject(b))
    return JS_VALUE_GET_PTR(a) == JS_VALUE_GET_PTR(b);
  return !JS_IsObject(a) && !JS_IsObject(b);
}

xhr__js_listener *xhr__js_listener_find(const xhr__js_event_target *target, xhr__str type,
                                        bool handler, JSValueConst callback, bool capture) {
  for (size_t i = 0; i < target->count; i++) {
    xhr__js_listener *listener = target->listeners[i];
    if (!listener->removed && listener->handler == handler &&
        xhr__js_listener_has_type(listener, type) &&
        (handler || (listener->capture == capture && is_same(listener->callback, callback))))
      return listener;
  }
  return NULL;
}

/* The abort steps that a listener with a signal adds to it. */
static void remove_on_abort(xhr__realm *realm, xhr__abort_algorithm *algorithm) {
  xhr__js_listener *listener = XHR__OWNER(algorithm, xhr__js_listener, on_abort);
  xhr__js_listener_remove(JS_GetRuntime(realm->js), listener);
}

xhr__js_listener *xhr__js_listener_append(xhr__realm *realm, xhr__js_event_target *target,
                                          xhr__str type, JSValueConst callback) {
  xhr__js_listener *listener = xhr__calloc(1, sizeof *listener + type.len + 1);
  void *listeners = target->listeners;
  if (!listener ||
      !xhr__grow(&listeners, &target->capacity, target->count + 1, sizeof(xhr__js_listener *))) {
    xhr__free(listener);
    JS_ThrowOutOfMemory(realm->js);
    return NULL;
  }
  listener->target = target;
  listener->callback = JS_DupValue(realm->js, callback);
  xhr__list_init(&listener->on_abort.node);
  listener->on_abort.run = remove_on_abort;
  listener->type_len = type.len;
  if (type.len > 0)
    memcpy(listener->type, type.data, type.len);
  target->listeners = listeners;
  target->listeners[target->count++] = listener;
  return listener;
}

/* Takes the listener at `index` out of the list. */
static void take_out(JSRuntime *runtime, xhr__js_event_target *target, size_t index) {
  xhr__js_listener *listener = target->listeners[index];
  target->count--;
  for (size_t i = index; i < target->count; i++)
    target->listeners[i] = target->listeners[i + 1];
  free_listener(runtime, listener);
}

void xhr__js_event_target_sweep(JSRuntime *runtime, xhr__js_event_target *target) {
  target->has_removed = false;
  for (size_t i = target->count; i-- > 0;) {
    if (target->listeners[i]->removed)
      take_out(runtime, target, i);
  }
}

void xhr__js_listener_remove(JSRuntime *runtime, xhr__js_listener *listener) {
  xhr__js_event_target *target = listener->target;
  /* 1. service workers: there are none */
  /* 2. - 3. it leaves the list, now or when the dispatches under way are over, as it may be the one that is being called */
  xhr__abort_signal_remove(runtime, &listener->on_abort);
  listener->removed = true;
  target->has_removed = true;
  if (target->dispatching == 0)
    xhr__js_event_target_sweep(runtime, target);
  xhr__js_event_target_changed(runtime, target);
}

void xhr__js_event_target_clear(JSRuntime *runtime, xhr__js_event_target *target) {
  for (size_t i = target->count; i-- > 0;) {
    xhr__abort_signal_remove(runtime, &target->listeners[i]->on_abort);
    target->listeners[i]->removed = true;
  }
  target->has_removed = target->count > 0;
  if (target->dispatching == 0)
    xhr__js_event_target_sweep(runtime, target);
  xhr__js_event_target_changed(runtime, target);
}

/* ---- EventTarget ------------------------------------------------------------------------------------------------ */

static void finalize(JSRuntime *runtime, void *object) {
  xhr__js_event_target_free(runtime, object);
  xhr__free(object);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__js_event_target_mark(runtime, object, mark_func);
}

/* https://dom.spec.whatwg.org/#dom-eventtarget-eventtarget */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  xhr__js_event_target *target = XHR__NEW(xhr__js_event_target);
  (void)argc;
  (void)argv;
  if (!target)
    return JS_ThrowOutOfMemory(realm->js);
  return xhr__platform_object_new(realm, &xhr__event_target_interface, new_target, target);
}

/* The arguments of addEventListener and removeEventListener. */
typedef struct listener_arguments {
  xhr__bytes type;
  JSValueConst callback; /* JS_NULL: none */
  bool capture, once;
  JSValue passive; /* a boolean; JS_UNDEFINED: null */
  JSValue signal;  /* the caller's; JS_UNDEFINED: none */
} listener_arguments;

/* A boolean, or undefined. */
static bool read_passive(xhr__realm *realm, JSValueConst options, JSValue *passive) {
  JSValue value;
  bool truth;
  if (!xhr__dictionary_get(realm, options, "passive", &value))
    return false;
  bool done = JS_IsUndefined(value) || xhr__to_boolean(realm, value, &truth);
  *passive = done && !JS_IsUndefined(value) ? JS_NewBool(realm->js, truth) : JS_UNDEFINED;
  JS_FreeValue(realm->js, value);
  return done;
}

/* https://dom.spec.whatwg.org/#event-flatten-more, and the conversions before it */
static bool read_options(xhr__realm *realm, JSValueConst options, bool more,
                         listener_arguments *arguments) {
  if (!JS_IsUndefined(options) && !JS_IsNull(options) && !JS_IsObject(options))
    return xhr__to_boolean(realm, options, &arguments->capture);
  if (!xhr__dictionary_get_boolean(realm, options, "capture", &arguments->capture))
    return false;
  if (!more)
    return true;
  if (!xhr__dictionary_get_boolean(realm, options, "once", &arguments->once) ||
      !read_passive(realm, options, &arguments->passive) ||
      !xhr__dictionary_get(realm, options, "signal", &arguments->signal))
    return false;
  if (JS_IsUndefined(arguments->signal) ||
      xhr__platform_object_of(arguments->signal, &xhr__abort_signal_interface))
    return true;
  JS_ThrowTypeError(realm->js, "addEventListener: the signal is no AbortSignal");
  return false;
}

static bool read_arguments(xhr__realm *realm, int argc, JSValueConst *argv, bool more,
                           listener_arguments *arguments) {
  *arguments =
      (listener_arguments){.callback = JS_NULL, .passive = JS_UNDEFINED, .signal = JS_UNDEFINED};
  if (!xhr__to_dom_string(realm, argv[0], &arguments->type))
    return false;
  if (JS_IsObject(argv[1])) {
    arguments->callback = argv[1];
  } else if (!JS_IsNull(argv[1]) && !JS_IsUndefined(argv[1])) {
    JS_ThrowTypeError(realm->js, "%sEventListener: the listener is no object",
                      more ? "add" : "remove");
    return false;
  }
  return read_options(realm, argc > 2 ? argv[2] : JS_UNDEFINED, more, arguments);
}

static void free_arguments(xhr__realm *realm, listener_arguments *arguments) {
  xhr__bytes_free(&arguments->type);
  JS_FreeValue(realm->js, arguments->signal);
}

/* https://dom.spec.whatwg.org/#add-an-event-listener */
static bool add(xhr__realm *realm, xhr__js_event_target *target,
                const listener_arguments *arguments) {
  xhr__str type = xhr__bytes_str(&arguments->type);
  /* 1. service workers: there are none */
  /* 2. */
  xhr__abort_signal *signal =
      xhr__platform_object_of(arguments->signal, &xhr__abort_signal_interface);
  if (signal && xhr__abort_signal_aborted(signal))
    return true;
  /* 3. */
  if (JS_IsNull(arguments->callback))
    return true;
  /* 4. */
  bool passive = JS_IsUndefined(arguments->passive)
                     ? xhr__default_passive_value(realm, target, type)
                     : JS_VALUE_GET_BOOL(arguments->passive);
  /* 5. */
  if (xhr__js_listener_find(target, type, false, arguments->callback, arguments->capture))
    return true;
  xhr__js_listener *listener = xhr__js_listener_append(realm, target, type, arguments->callback);
  if (!listener)
    return false;
  listener->capture = arguments->capture;
  listener->once = arguments->once;
  listener->passive = passive;
  /* 6. */
  if (signal)
    xhr__abort_signal_add(realm, signal, &listener->on_abort);
  xhr__js_event_target_changed(JS_GetRuntime(realm->js), target);
  return true;
}

/* https://dom.spec.whatwg.org/#dom-eventtarget-addeventlistener */
static JSValue add_event_listener(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  listener_arguments arguments;
  (void)this_value;
  bool done = read_arguments(realm, argc, argv, true, &arguments) && add(realm, self, &arguments);
  free_arguments(realm, &arguments);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

/* https://dom.spec.whatwg.org/#dom-eventtarget-removeeventlistener */
static JSValue remove_event_listener(xhr__realm *realm, void *self, JSValueConst this_value,
                                     int argc, JSValueConst *argv) {
  listener_arguments arguments;
  (void)this_value;
  bool done = read_arguments(realm, argc, argv, false, &arguments);
  if (done && !JS_IsNull(arguments.callback)) {
    xhr__js_listener *listener = xhr__js_listener_find(self, xhr__bytes_str(&arguments.type), false,
                                                       arguments.callback, arguments.capture);
    if (listener)
      xhr__js_listener_remove(JS_GetRuntime(realm->js), listener);
  }
  free_arguments(realm, &arguments);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

/* https://dom.spec.whatwg.org/#dom-eventtarget-dispatchevent */
static JSValue dispatch_event(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  xhr__js_event *event = xhr__platform_object_of(argv[0], &xhr__event_interface);
  (void)self;
  (void)argc;
  if (!event)
    return JS_ThrowTypeError(realm->js, "dispatchEvent: the argument is no Event");
  /* 1. */
  if (event->dispatch || !event->initialized)
    return xhr__throw(realm, "InvalidStateError", "dispatchEvent: the event is %s",
                      event->dispatch ? "being dispatched already" : "not initialised");
  /* 2. - 3. */
  event->is_trusted = false;
  return JS_NewBool(realm->js, xhr__dispatch(realm, this_value, argv[0]));
}

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("addEventListener", 2, add_event_listener),
    XHR__DEFINE_OPERATION("removeEventListener", 2, remove_event_listener),
    XHR__DEFINE_OPERATION("dispatchEvent", 1, dispatch_event),
};

const xhr__interface xhr__event_target_interface = {
    .name = "EventTarget",
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
