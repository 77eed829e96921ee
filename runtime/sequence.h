/* https://webidl.spec.whatwg.org/#js-sequence */
#ifndef XHR__RUNTIME_SEQUENCE_H
#define XHR__RUNTIME_SEQUENCE_H

#include "runtime/realm.h"

/* The method of `value`[Symbol.iterator], the caller's: JS_UNDEFINED where there is none, as in what is no object;
 * JS_EXCEPTION. What a union with a sequence type asks for first. */
JSValue xhr__iterator_method(xhr__realm *realm, JSValueConst value);
/* https://webidl.spec.whatwg.org/#create-sequence-from-iterable: calls `each` with every item, borrowed, until it gives
 * false, which it does where it threw. False where something threw. */
bool xhr__each_of_iterable(xhr__realm *realm, JSValueConst iterable, JSValueConst method,
                           bool (*each)(xhr__realm *realm, JSValueConst item, void *user),
                           void *user);
/* Both together: TypeError, with `what` in it, for a value that is no iterable object. */
bool xhr__each_of_sequence(xhr__realm *realm, JSValueConst value, const char *what,
                           bool (*each)(xhr__realm *realm, JSValueConst item, void *user),
                           void *user);

/* For arrays that are being made: appends `item`, which it takes over (JS_EXCEPTION is allowed: then nothing happens). False
 * where it threw. */
bool xhr__array_append(xhr__realm *realm, JSValueConst array, JSValue item);
/* https://webidl.spec.whatwg.org/#dfn-create-frozen-array: freezes it. False where it threw. */
bool xhr__array_freeze(xhr__realm *realm, JSValueConst array);

#endif
