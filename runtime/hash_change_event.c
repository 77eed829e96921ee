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

static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  /* https://html.spec.whatwg.org/#hashchangeeventinit */
  static const xhr__dictionary_member init[] = {
      {"newURL", XHR__IDL_USV_STRING, offsetof(hash_change_event, new_url)},
      {"oldURL", XHR__IDL_USV_STRING, offsetof(hash_change_event, old_url)},
  };
  hash_change_event *event = XHR__NEW(hash_change_event);
  bool done =
      xhr__js_event_construct(realm, event, &xhr__hash_change_event_interface, argc, argv) &&
      xhr__dictionary_read(realm, argc > 1 ? argv[1] : JS_UNDEFINED, init,
                           sizeof init / sizeof *init, event);
  return xhr__js_event_value(realm, done, new_target, event);
}

JSValue xhr__hash_change_event_new(xhr__realm *realm, xhr__str old_url, xhr__str new_url) {
  hash_change_event *event = XHR__NEW(hash_change_event);
  bool done = xhr__js_event_create(realm, event, &xhr__hash_change_event_interface, "hashchange",
                                   false, false);
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
