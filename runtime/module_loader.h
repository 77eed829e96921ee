/* https://html.spec.whatwg.org/#module-script: JavaScript modules whose names are their URLs. Those that a module imports are
 * fetched while the thread waits, as synchronous requests are.
 * NOTE: a module that was redirected to is named as it was asked for, so what it imports is relative to that. */
#ifndef XHR__RUNTIME_MODULE_LOADER_H
#define XHR__RUNTIME_MODULE_LOADER_H

#include "infra/bytes.h"
#include "runtime/realm.h"
#include "session/resource_fetch.h"

/* Modules of the runtime's realms are loaded so from now on: https://html.spec.whatwg.org/#hostloadimportedmodule */
void xhr__module_loader_install(JSRuntime *runtime);

/* What a fetch of a module script came to (https://html.spec.whatwg.org/#fetch-a-single-module-script, steps 13.1 to 13.6):
 * appends its source, UTF-8; or, where there is none, says why. False for the latter. */
bool xhr__module_source_of(const xhr__resource *resource, xhr__bytes *source, xhr__bytes *why);
/* https://html.spec.whatwg.org/#creating-a-javascript-module-script: `source` has a NUL behind it. The caller's, to be run
 * or freed; JS_EXCEPTION where it cannot be parsed. */
JSValue xhr__module_new(xhr__realm *realm, xhr__str source, const char *url);
/* https://html.spec.whatwg.org/#fetch-the-descendants-of-and-link-a-module-script, the fetching: with all that it imports.
 * False where it threw. */
bool xhr__module_load(xhr__realm *realm, JSValueConst module);
/* https://html.spec.whatwg.org/#run-a-module-script: takes over `module`; what its evaluation throws is reported. */
void xhr__module_run(xhr__realm *realm, JSValue module);

#endif
