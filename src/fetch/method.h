/* https://fetch.spec.whatwg.org/#methods */
#ifndef XHR__FETCH_METHOD_H
#define XHR__FETCH_METHOD_H

#include "infra/bytes.h"

/* https://fetch.spec.whatwg.org/#concept-method */
bool xhr__is_method(xhr__str method);
/* https://fetch.spec.whatwg.org/#forbidden-method: CONNECT, TRACE, TRACK in any case. */
bool xhr__is_forbidden_method(xhr__str method);
/* https://fetch.spec.whatwg.org/#concept-method-normalize: one of the constants, or `method` itself. */
xhr__str xhr__normalize_method(xhr__str method);

#endif
