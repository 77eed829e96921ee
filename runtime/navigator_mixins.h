/* https://html.spec.whatwg.org/#system-state: what Navigator and WorkerNavigator share. */
#ifndef XHR__RUNTIME_NAVIGATOR_MIXINS_H
#define XHR__RUNTIME_NAVIGATOR_MIXINS_H

#include "runtime/webidl.h"

/* https://html.spec.whatwg.org/#navigatorid */
extern const xhr__mixin xhr__navigator_id;
/* https://html.spec.whatwg.org/#navigatorlanguage: what includes it begins with an xhr__navigator_languages. */
extern const xhr__mixin xhr__navigator_language;
/* https://html.spec.whatwg.org/#navigatoronline */
extern const xhr__mixin xhr__navigator_on_line;
/* https://html.spec.whatwg.org/#navigatorconcurrenthardware */
extern const xhr__mixin xhr__navigator_concurrent_hardware;

/* A Navigator's or WorkerNavigator's structure; zero-initialised but for `languages`, which is JS_UNDEFINED until somebody
 * asks. */
typedef struct xhr__navigator_languages {
  xhr__platform_object object;
  JSValue languages;
} xhr__navigator_languages;

/* Such a structure and its object, of that interface; the caller's. JS_EXCEPTION. And `finalize`, `mark` of the interface. */
JSValue xhr__navigator_languages_new(xhr__realm *realm, const xhr__interface *interface);
void xhr__navigator_languages_finalize(JSRuntime *runtime, void *object);
void xhr__navigator_languages_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func);

#endif
