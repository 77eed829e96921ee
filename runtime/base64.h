/* https://html.spec.whatwg.org/#atob: members of the global scope. */
#ifndef XHR__RUNTIME_BASE64_H
#define XHR__RUNTIME_BASE64_H

#include "runtime/realm.h"

/* btoa(data) and atob(data): length 1. */
xhr__operation xhr__btoa;
xhr__operation xhr__atob;

#endif
