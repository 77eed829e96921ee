/* https://html.spec.whatwg.org/#the-pagetransitionevent-interface */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/event.h"
#include "runtime/page_events.h"

typedef struct page_transition_event {
  xhr__js_event event;
  bool persisted;
} page_transition_event;

static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  /* https://html.spec.whatwg.org/#pagetransitioneventinit */
  static const xhr__dictionary_member init = {"persisted", XHR__IDL_BOOLEAN,
                                              offsetof(page_transition_event, persisted)};
  page_transition_event *event = XHR__NEW(page_transition_event);
  bool done =
      xhr__js_event_construct(realm, event, &xhr__page_transition_event_interface, argc, argv) &&
      xhr__dictionary_read(realm, argc > 1 ? argv[1] : JS_UNDEFINED, &init, 1, event);
  return xhr__js_event_value(realm, done, new_target, event);
}

JSValue xhr__page_transition_event_new(xhr__realm *realm, const char *type, bool persisted) {
  page_transition_event *event = XHR__NEW(page_transition_event);
  bool done =
      xhr__js_event_create(realm, event, &xhr__page_transition_event_interface, type, true, true);
  if (done)
    event->persisted = persisted;
  return xhr__js_event_value(realm, done, JS_UNDEFINED, event);
}

static JSValue get_persisted(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, ((page_transition_event *)self)->persisted);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("persisted", get_persisted),
};

const xhr__interface xhr__page_transition_event_interface = {
    .name = "PageTransitionEvent",
    .inherits = &xhr__event_interface,
    .exposed = XHR__EXPOSED_WINDOW,
    .construct = construct,
    .construct_length = 1,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = xhr__js_event_finalize,
    .mark = xhr__js_event_mark,
};
