/* https://fetch.spec.whatwg.org/#concept-body and https://fetch.spec.whatwg.org/#body-with-type
 * What a request sends: immutable, atomically counted bytes with a type. Each transmission reads them through a cursor of
 * its own, so that a redirect, a 401 or a retry begins again. */
#ifndef XHR__FETCH_BODY_H
#define XHR__FETCH_BODY_H

#include "file/segments.h"
#include "xhr/body.h"

/* The public xhr_body. */
struct xhr_body {
  _Atomic uint32_t references;
  xhr__segments *segments; /* source and length; counted */
  xhr__bytes type;
  bool has_type;
  /* A string, URLSearchParams or document: send() rewrites the charset of its Content-Type. */
  bool is_text;
};

/* A body of those bytes; takes a reference to `segments`. `type`: NULL for none. XHR_OK; XHR_SYNTAX_ERR where the type is
 * no header value; XHR_OUT_OF_MEMORY. */
xhr_status xhr__body_new(xhr__segments *segments, const xhr__str *type, bool is_text,
                         xhr_body **body);

#endif
