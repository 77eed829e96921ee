/* https://html.spec.whatwg.org/#the-hashchangeevent-interface */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/event.h"
#include "runtime/page_events.h"

typedef struct hash_change_event {
  xhr__js_event event;
  xhr__bytes old_url, new_url; /* USVString */
} hash_change_event;

static void finalize(JSRuntime *runtime, void *object) {
  hash_change_event *event = object;
  xhr__bytes_free(&event->old_url);
  xhr__bytes_free(&event->new_url);
  xhr__js_event_free(runtime, &event->event);
  xhr__free(event);
}

static bool read_url(xhr__realm *realm, JSValueConst init, const char *name, xhr__bytes *url) {
  JSValue value;
  if (!xhr__dictionary_get(realm, init, name, &value))
    return false;
  bool done = JS_IsUndefined(value) || xhr__to_usv_string(realm, value, url);
  JS_FreeValue(realm->js, value);
  return done;
}

static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  hash_change_event *event = XHR__NEW(hash_change_event);
  JSValueConst init = argc > 1 ? argv[1] : JS_UNDEFINED;
  bool done = xhr__js_event_init(realm, event, &xhr__hash_change_event_interface) &&
              xhr__js_event_read(realm, event, argc, argv) &&
              read_url(realm, init, "newURL", &event->new_url) &&
              read_url(realm, init, "oldURL", &event->old_url);
  return xhr__js_event_value(realm, done, new_target, event);
}

JSValue xhr__hash_change_event_new(xhr__realm *realm, xhr__str old_url, xhr__str new_url) {
  hash_change_event *event = XHR__NEW(hash_change_event);
  bool done = xhr__js_event_init(realm, event, &xhr__hash_change_event_interface) &&
              xhr__js_event_set_type(realm, event, "hashchange", false, false);
  if (done && (xhr__bytes_append(&event->old_url, old_url) != XHR_OK ||
               xhr__bytes_append(&event->new_url, new_url) != XHR_OK)) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  return xhr__js_event_value(realm, done, JS_UNDEFINED, event);
}

static JSValue get_old_url(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_usv_string(realm, xhr__bytes_str(&((hash_change_event *)self)->old_url));
}

static JSValue get_new_url(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_usv_string(realm, xhr__bytes_str(&((hash_change_event *)self)->new_url));
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("oldURL", get_old_url),
    XHR__DEFINE_READONLY("newURL", get_new_url),
};

const xhr__interface xhr__hash_change_event_interface = {
    .name = "HashChangeEvent",
    .inherits = &xhr__event_interface,
    .exposed = XHR__EXPOSED_WINDOW,
    .construct = construct,
    .construct_length = 1,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = xhr__js_event_mark,
};
