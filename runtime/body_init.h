/* https://xhr.spec.whatwg.org/#typedefdef-xmlhttprequestbodyinit */
#ifndef XHR__RUNTIME_BODY_INIT_H
#define XHR__RUNTIME_BODY_INIT_H

#include "runtime/realm.h"

/* https://fetch.spec.whatwg.org/#bodyinit-safely-extract of what send() is given: Blob, BufferSource, FormData,
 * URLSearchParams, else USVString; NULL through `body` for null and undefined. The body's one reference is the caller's.
 * False where it threw. */
bool xhr__extract_body(xhr__realm *realm, JSValueConst value, xhr_body **body);

#endif
