/* https://html.spec.whatwg.org/#the-location-interface */
#ifndef XHR__RUNTIME_LOCATION_H
#define XHR__RUNTIME_LOCATION_H

#include "runtime/realm.h"

extern const xhr__interface xhr__location_interface;

/* The Location of the realm's window; the caller's. JS_EXCEPTION. */
JSValue xhr__location_new(xhr__realm *realm);

#endif
