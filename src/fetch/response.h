/* https://fetch.spec.whatwg.org/#concept-response */
#ifndef XHR__FETCH_RESPONSE_H
#define XHR__FETCH_RESPONSE_H

#include "fetch/header_list.h"
#include "infra/body_buffer.h"
#include "url/url.h"

/* https://fetch.spec.whatwg.org/#concept-response-type, those that there are here. */
typedef enum xhr__response_type {
  XHR__RESPONSE_DEFAULT,
  XHR__RESPONSE_BASIC,
  XHR__RESPONSE_CORS,
  XHR__RESPONSE_OPAQUE
} xhr__response_type;

/* Members in the standard's order. A network error is no response: NULL stands for it, and the fetch controller's
 * failure says why. Free with xhr__response_free. */
typedef struct xhr__response {
  xhr__response_type type;
  xhr__url url; /* the last of the standard's URL list, which is all that can be seen of it */
  unsigned status;
  xhr__bytes status_message;
  xhr__header_list header_list;
  xhr__body_buffer *body; /* counted; NULL is null */
  /* A content or transfer coding was undone, so that an announced length is not the body's. Set where the headers that
   * would say so are filtered away. */
  bool body_was_coded;

  struct xhr__response_pool *pool; /* counted: where it goes back to; NULL: nowhere */
  struct xhr__response *next_free; /* in the pool */
} xhr__response;

/* Empty, or NULL for want of memory. Caller frees. */
xhr__response *xhr__response_new(void);
/* Gives it back to its pool, or frees it. Any thread. NULL is allowed. */
void xhr__response_free(xhr__response *response);
/* For the pool: frees it. */
void xhr__response_destroy(xhr__response *response);
/* https://fetch.spec.whatwg.org/#null-body-status */
bool xhr__is_null_body_status(unsigned status);
/* https://fetch.spec.whatwg.org/#redirect-status */
bool xhr__is_redirect_status(unsigned status);

#endif
