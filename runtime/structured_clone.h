/* https://html.spec.whatwg.org/#safe-passing-of-structured-data, within one realm and in memory. */
#ifndef XHR__RUNTIME_STRUCTURED_CLONE_H
#define XHR__RUNTIME_STRUCTURED_CLONE_H

#include "runtime/realm.h"

/* structuredClone(value, optional options): length 1. A member of the global scope. */
xhr__operation xhr__structured_clone;

/* A serializable platform object's own: a copy of `value`, or JS_EXCEPTION. */
typedef JSValue xhr__clone_hook(xhr__realm *realm, JSValueConst value);

#endif
