/* https://html.spec.whatwg.org/#structured-cloning */
#ifndef XHR__RUNTIME_STRUCTURED_CLONE_H
#define XHR__RUNTIME_STRUCTURED_CLONE_H

#include "runtime/realm.h"

/* structuredClone(value, optional options): length 1. A member of the global scope. */
xhr__operation xhr__structured_clone;

#endif
