/* https://console.spec.whatwg.org/ */
#ifndef XHR__RUNTIME_CONSOLE_H
#define XHR__RUNTIME_CONSOLE_H

#include "infra/bytes.h"
#include "runtime/realm.h"

/* Defines the namespace object `console` on the global object. False where it threw. And what the realm holds for it. */
bool xhr__console_define(xhr__realm *realm);
void xhr__console_free(xhr__realm *realm);

/* Prints text the way console does, `level` as in xhr_quickjs_options.print: "console.error" is 'e'. A newline is put
 * behind. */
void xhr__console_print(xhr__realm *realm, char level, xhr__str text);

#endif
