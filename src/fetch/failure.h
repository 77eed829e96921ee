/* Why a fetch failed: what stands behind a network error. Plain values, so that telling of a failure cannot fail. */
#ifndef XHR__FETCH_FAILURE_H
#define XHR__FETCH_FAILURE_H

#include "infra/str.h"
#include "xhr/failure.h"

enum { XHR__FAILURE_TEXT = 256 };

/* Zero-initialised: no failure. Both texts are NUL-terminated, and cut where they are longer. */
typedef struct xhr__failure {
  xhr_failure_code code;
  xhr_phase phase;
  char host[XHR__FAILURE_TEXT];
  char message[XHR__FAILURE_TEXT];
} xhr__failure;

/* A sentence in the making, for `detail` below: cut where it is too long. What a server said goes in cleaned, as it may
 * end on a terminal. Zero-initialise. */
typedef struct xhr__detail {
  size_t len;
  char text[XHR__FAILURE_TEXT];
} xhr__detail;

void xhr__detail_add(xhr__detail *detail, xhr__str text);
static inline xhr__str xhr__detail_str(const xhr__detail *detail) {
  return xhr__str_of(detail->text, detail->len);
}

/* Sets the code with its usual phase and text; `detail` (may be empty) replaces the text. */
void xhr__failure_set(xhr__failure *failure, xhr_failure_code code, xhr__str detail);
/* The cause's usual phase. */
xhr_phase xhr__failure_code_phase(xhr_failure_code code);

#endif
