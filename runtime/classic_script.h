/* https://html.spec.whatwg.org/#classic-script */
#ifndef XHR__RUNTIME_CLASSIC_SCRIPT_H
#define XHR__RUNTIME_CLASSIC_SCRIPT_H

#include "infra/str.h"
#include "runtime/realm.h"

/* https://html.spec.whatwg.org/#creating-a-classic-script and https://html.spec.whatwg.org/#run-a-classic-script: `source`
 * is UTF-8 or WTF-8, with a NUL behind it; what it throws is reported, muted where its errors are. */
void xhr__run_classic_script(xhr__realm *realm, xhr__str source, const char *name,
                             bool muted_errors);

#endif
