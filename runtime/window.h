/* https://html.spec.whatwg.org/#window: the global object of a page. */
#ifndef XHR__RUNTIME_WINDOW_H
#define XHR__RUNTIME_WINDOW_H

#include "infra/bytes.h"
#include "runtime/global_scope.h"
#include "runtime/realm.h"

struct xhr__page;
struct xhr__animation_frames;

typedef struct xhr__window {
  xhr__global_scope scope;
  struct xhr__page *page;  /* borrowed: it outlives the realm */
  xhr__bytes name, status; /* DOMString */
  JSValue document;        /* JS_UNDEFINED until the page has made it */
  JSValue location;
  JSValue navigator; /* JS_UNDEFINED until somebody asks */
  bool is_closing;
  struct xhr__animation_frames *animation_frames; /* NULL: none was ever asked for */
} xhr__window;

extern const xhr__interface xhr__window_interface;
/* https://webidl.spec.whatwg.org/#named-properties-object */
extern const xhr__interface xhr__window_properties_interface;

/* For xhr__realm_install; NULL for want of memory. */
xhr__window *xhr__window_new(struct xhr__page *page);
/* Of a realm whose global object is a Window. Borrowed. */
static inline xhr__window *xhr__window_of(const xhr__realm *realm) {
  return (xhr__window *)(void *)realm->global_object;
}
/* What the tables cannot say, once the realm is there. False where it threw. */
bool xhr__window_define(xhr__realm *realm);
/* The object between Window's prototype and EventTarget's, through which elements are reached by their names; the caller's. */
JSValue xhr__window_properties_new(xhr__realm *realm);

/* ---- members, by the files that they are in ---------------------------------------------------------------------- */

/* postMessage(message, targetOrigin or options, transfer): length 1. */
xhr__operation xhr__window_post_message;
/* https://html.spec.whatwg.org/#dom-animationframeprovider-requestanimationframe and its end: length 1. */
xhr__operation xhr__request_animation_frame;
xhr__operation xhr__cancel_animation_frame;
void xhr__animation_frames_mark(JSRuntime *runtime, struct xhr__animation_frames *frames,
                                JS_MarkFunc *mark_func);

#endif
