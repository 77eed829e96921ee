#include "infra/alloc.h"
#include "xhr/xmlhttprequest.h"

static void fire(xhr *request, const xhr_event *event) {
  /* A destroyed context fires nothing, whatever is still on its way. */
  if (!request->context->destroyed)
    request->sink->fire(event->target, event);
}

/* https://dom.spec.whatwg.org/#concept-event-fire */
void xhr__fire_readystatechange(xhr *request) {
  xhr_event event = {
      .type = XHR_EVENT_READYSTATECHANGE, .xhr = request, .target = &request->event_target};
  fire(request, &event);
}

/* https://xhr.spec.whatwg.org/#concept-event-fire-progress */
void xhr__fire_progress_event(xhr *request, xhr_event_target *target, xhr_event_type type,
                              uint64_t transmitted, uint64_t length) {
  xhr_event event = {
      .type = type,
      .xhr = request,
      .target = target,
      .length_computable = length != 0,
      .loaded = transmitted,
      .total = length,
  };
  fire(request, &event);
}

/* ---- C's listeners ---------------------------------------------------------------------------------------------- */

typedef struct c_callback {
  xhr_listener listener;
  void *user;
} c_callback;

static void invoke(void *callback, const xhr_event *event) {
  c_callback *called = callback;
  called->listener(event, called->user);
}

static bool same(const void *callback, const void *other) {
  const c_callback *a = callback, *b = other;
  return a->listener == b->listener && a->user == b->user;
}

static const xhr__callback_methods c_methods = {invoke, same, xhr__free};

/* What both check first. */
static xhr_status check(const xhr_event_target *target, xhr_event_type type,
                        xhr_listener listener) {
  if (!target || !listener || (unsigned)type > XHR_EVENT_LOADEND)
    return XHR_INVALID_ARGUMENT;
  return xhr__check(target->xhr);
}

xhr_status xhr_add_event_listener(xhr_event_target *target, xhr_event_type type,
                                  xhr_listener listener, void *user) {
  xhr_status status = check(target, type, listener);
  if (status != XHR_OK)
    return status;
  c_callback *callback = XHR__NEW(c_callback);
  if (!callback)
    return XHR_OUT_OF_MEMORY;
  *callback = (c_callback){listener, user};
  return xhr__event_target_add(target, type, &c_methods, callback);
}

xhr_status xhr_remove_event_listener(xhr_event_target *target, xhr_event_type type,
                                     xhr_listener listener, void *user) {
  xhr_status status = check(target, type, listener);
  if (status != XHR_OK)
    return status;
  c_callback callback = {listener, user};
  xhr__event_target_remove(target, type, &c_methods, &callback);
  return XHR_OK;
}
