/* https://html.spec.whatwg.org/#import-scripts-into-worker-global-scope */
#ifndef XHR__RUNTIME_IMPORT_SCRIPTS_H
#define XHR__RUNTIME_IMPORT_SCRIPTS_H

#include "runtime/realm.h"

/* importScripts(urls…) */
xhr__operation xhr__import_scripts;

#endif
