/* What console shows of a value, for people: its text is no interface. No getter and no other script of the value's runs,
 * but those of libxhr's own objects. */
#ifndef XHR__RUNTIME_INSPECT_H
#define XHR__RUNTIME_INSPECT_H

#include "infra/bytes.h"
#include "runtime/realm.h"

/* How deep objects within objects are shown; deeper ones by their class only. */
enum { XHR__INSPECT_DEPTH = 3 };

/* Appends a description of the value. XHR_OK, XHR_OUT_OF_MEMORY; no exception stays pending. */
xhr_status xhr__inspect(xhr__realm *realm, JSValueConst value, int depth, xhr__bytes *out);
/* The same of one own property; nothing where there is none. */
xhr_status xhr__inspect_property(xhr__realm *realm, JSValueConst object, JSAtom key, int depth,
                                 xhr__bytes *out);

#endif
