/* https://html.spec.whatwg.org/#navigator */
#ifndef XHR__RUNTIME_NAVIGATOR_H
#define XHR__RUNTIME_NAVIGATOR_H

#include "runtime/realm.h"

extern const xhr__interface xhr__navigator_interface;

/* The caller's; JS_EXCEPTION. */
JSValue xhr__navigator_new(xhr__realm *realm);

#endif
