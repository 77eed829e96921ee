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

/* Sets the code with its usual phase and text; `detail` (may be empty) replaces the text. */
void xhr__failure_set(xhr__failure *failure, xhr_failure_code code, xhr__str detail);
/* The cause's usual phase. */
xhr_phase xhr__failure_code_phase(xhr_failure_code code);

#endif
