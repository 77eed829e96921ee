/* https://webidl.spec.whatwg.org/#idl-DOMException */
#ifndef XHR__RUNTIME_DOM_EXCEPTION_H
#define XHR__RUNTIME_DOM_EXCEPTION_H

#include "runtime/structured_data.h"

extern const xhr__interface xhr__dom_exception_interface;
extern const xhr__serializable xhr__dom_exception_serializable;

/* Name and message of a DOMException, borrowed; false where the value is none. */
bool xhr__dom_exception_parts(JSValueConst value, const char **name, const char **message);

#endif
