/* https://html.spec.whatwg.org/#module-script: JavaScript modules whose names are the URLs that they were asked for by. Those
 * that a module imports are fetched one after the other while the thread waits, as synchronous requests are.
 * NOTE: the engine knows no import attributes, so that there are JavaScript modules only; and there are no import maps. */
#ifndef XHR__RUNTIME_MODULE_LOADER_H
#define XHR__RUNTIME_MODULE_LOADER_H

#include "infra/bytes.h"
#include "runtime/realm.h"
#include "session/resource_fetch.h"

/* Modules of the runtime's realms are loaded so from now on: https://html.spec.whatwg.org/#hostloadimportedmodule */
void xhr__module_loader_install(JSRuntime *runtime);

/* What a fetch of a module script came to (https://html.spec.whatwg.org/#fetch-a-single-module-script, steps 13.1 to 13.6):
 * its source, UTF-8, which replaces what `source` held; or, where there is none, why, appended. False for the latter. */
bool xhr__module_source_of(const xhr__resource *resource, xhr__bytes *source, xhr__bytes *why);
/* Before xhr__module_new, for a module that goes by another URL than its name (it is inline, or there was a redirect), or
 * whose imports are fetched with other credentials than "same-origin": import.meta.url and what its imports are resolved
 * against. False where it threw. */
bool xhr__module_know(xhr__realm *realm, const char *name, const xhr__url *base,
                      xhr__credentials_mode credentials_mode);
/* https://html.spec.whatwg.org/#creating-a-javascript-module-script: `source` has a NUL behind it. The caller's, to be run
 * or freed; JS_EXCEPTION where it cannot be parsed. */
JSValue xhr__module_new(xhr__realm *realm, xhr__str source, const char *name);
/* https://html.spec.whatwg.org/#module-map: the module that was made by that name, the caller's; JS_UNDEFINED where there was none
 * that is known (xhr__module_know). And it is as if it had not been made: what it imports could not be had. */
JSValue xhr__module_of_name(xhr__realm *realm, const char *name);
void xhr__module_forget(xhr__realm *realm, const char *name);
/* https://html.spec.whatwg.org/#fetch-the-descendants-of-and-link-a-module-script, the fetching: with all that it imports.
 * False where it threw. */
bool xhr__module_load(xhr__realm *realm, JSValueConst module);
/* https://html.spec.whatwg.org/#run-a-module-script: takes over `module`; what its evaluation throws is reported, and so
 * is what keeps it from being linked. */
void xhr__module_run(xhr__realm *realm, JSValue module);
/* The same, but that it gives false, with the exception pending, where it cannot be linked; no microtask checkpoint
 * follows. */
bool xhr__module_link_and_run(xhr__realm *realm, JSValue module);

#endif
