#include "dom/event_target.h"

#include "infra/alloc.h"

/* https://dom.spec.whatwg.org/#concept-event-listener */
struct xhr__listener {
  xhr_event_type type;
  bool removed;
  const xhr__callback_methods *methods;
  void *callback;
};

static void free_listener(xhr__listener *listener) {
  listener->methods->release(listener->callback);
  xhr__free(listener);
}

void xhr__event_target_free(xhr_event_target *target) {
  for (size_t i = 0; i < target->count; i++)
    free_listener(target->listeners[i]);
  xhr__free(target->listeners);
  target->listeners = NULL;
  target->count = target->capacity = 0;
}

/* Index of that listener, or target->count. */
static size_t find(const xhr_event_target *target, xhr_event_type type,
                   const xhr__callback_methods *methods, const void *callback) {
  size_t i = 0;
  for (; i < target->count; i++) {
    const xhr__listener *listener = target->listeners[i];
    if (!listener->removed && listener->type == type && listener->methods == methods &&
        methods->same(listener->callback, callback)) {
      break;
    }
  }
  return i;
}

/* https://dom.spec.whatwg.org/#add-an-event-listener */
xhr_status xhr__event_target_add(xhr_event_target *target, xhr_event_type type,
                                 const xhr__callback_methods *methods, void *callback) {
  /* 1. - 2. service workers and signals: not here; 3. - 4. no null callbacks, nothing passive */
  /* 5. only where there is none like it */
  if (find(target, type, methods, callback) < target->count) {
    methods->release(callback);
    return XHR_OK;
  }
  xhr__listener *listener = XHR__NEW(xhr__listener);
  void *listeners = target->listeners;
  if (!listener ||
      !xhr__grow(&listeners, &target->capacity, target->count + 1, sizeof(xhr__listener *))) {
    xhr__free(listener);
    methods->release(callback);
    return XHR_OUT_OF_MEMORY;
  }
  *listener = (xhr__listener){.type = type, .methods = methods, .callback = callback};
  target->listeners = listeners;
  target->listeners[target->count++] = listener;
  return XHR_OK;
}

/* Takes the listener at `index` out of the list. */
static void take_out(xhr_event_target *target, size_t index) {
  xhr__listener *listener = target->listeners[index];
  target->count--;
  for (size_t i = index; i < target->count; i++)
    target->listeners[i] = target->listeners[i + 1];
  free_listener(listener);
}

/* https://dom.spec.whatwg.org/#remove-an-event-listener */
void xhr__event_target_remove(xhr_event_target *target, xhr_event_type type,
                              const xhr__callback_methods *methods, const void *callback) {
  size_t index = find(target, type, methods, callback);
  if (index == target->count)
    return;
  /* 2. Its removed is set, for dispatches under way; 3. it leaves the list, now or when they are over, as it may be
   * the very listener that is being called. */
  if (target->dispatching == 0) {
    take_out(target, index);
  } else {
    target->listeners[index]->removed = true;
    target->has_removed = true;
  }
}

/* https://dom.spec.whatwg.org/#concept-event-dispatch, for targets without parents */
static void fire(xhr_event_target *target, const xhr_event *event) {
  /* Listeners that are added from here on stand behind these, and are not called. */
  size_t count = target->count;
  target->dispatching++;
  for (size_t i = 0; i < count; i++) {
    xhr__listener *listener = target->listeners[i];
    if (!listener->removed && listener->type == event->type)
      listener->methods->invoke(listener->callback, event);
  }
  if (--target->dispatching > 0 || !target->has_removed)
    return;
  target->has_removed = false;
  for (size_t i = target->count; i-- > 0;) {
    if (target->listeners[i]->removed)
      take_out(target, i);
  }
}

static bool has_listeners(const xhr_event_target *target) {
  for (size_t i = 0; i < target->count; i++) {
    if (!target->listeners[i]->removed)
      return true;
  }
  return false;
}

const xhr__event_sink xhr__dom_event_sink = {fire, has_listeners, NULL};

const char *xhr_event_type_name(xhr_event_type type) {
  switch (type) {
#define TYPE_CASE(name, text)                                                                      \
  case XHR_EVENT_##name: return text;
    XHR_EVENT_MAP(TYPE_CASE)
#undef TYPE_CASE
  }
  return "unknown";
}
