/* What console shows of a value, for people: its text is no interface. */
#ifndef XHR__RUNTIME_INSPECT_H
#define XHR__RUNTIME_INSPECT_H

#include "infra/bytes.h"
#include "runtime/realm.h"

/* How deep objects within objects are shown; deeper ones by their class only. */
enum { XHR__INSPECT_DEPTH = 3 };

/* Appends a description of the value. `plain_strings`: a string itself stands without quotes, as console.log wants it;
 * within objects they are quoted always. `depth`: XHR__INSPECT_DEPTH. `column`: where on its line the text will begin, so
 * that long ones are broken well. Runs no getter and no script, but for proxies' traps. XHR_OK, XHR_OUT_OF_MEMORY; no
 * exception stays pending. */
xhr_status xhr__inspect(xhr__realm *realm, JSValueConst value, bool plain_strings, int depth,
                        xhr__bytes *out);

#endif
