#include "runtime/navigator.h"

#include "runtime/navigator_mixins.h"

/* https://html.spec.whatwg.org/#dom-navigator-cookieenabled
 * FIXME: document.cookie keeps nothing yet, so it says that cookies are not handled. */
static JSValue get_cookie_enabled(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewBool(realm->js, false);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("cookieEnabled", get_cookie_enabled),
};

static const xhr__mixin *const includes[] = {
    &xhr__navigator_id,
    &xhr__navigator_language,
    &xhr__navigator_on_line,
    &xhr__navigator_concurrent_hardware,
    NULL,
};

const xhr__interface xhr__navigator_interface = {
    .name = "Navigator",
    .exposed = XHR__EXPOSED_WINDOW,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .includes = includes,
    .finalize = xhr__navigator_languages_finalize,
    .mark = xhr__navigator_languages_mark,
};

JSValue xhr__navigator_new(xhr__realm *realm) {
  return xhr__navigator_languages_new(realm, &xhr__navigator_interface);
}
