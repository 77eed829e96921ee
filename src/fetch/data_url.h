/* https://fetch.spec.whatwg.org/#data-urls */
#ifndef XHR__FETCH_DATA_URL_H
#define XHR__FETCH_DATA_URL_H

#include "mime/mime_type.h"
#include "url/url.h"

/* Zero-initialise; free with xhr__data_url_struct_free. */
typedef struct xhr__data_url_struct {
  xhr__mime_type mime_type;
  xhr__bytes body;
} xhr__data_url_struct;

/* https://fetch.spec.whatwg.org/#data-url-processor, for a URL whose scheme is data. XHR_OK; XHR_SYNTAX_ERR for failure;
 * XHR_OUT_OF_MEMORY. The caller frees `out` in any case. */
xhr_status xhr__data_url_processor(const xhr__url *data_url, xhr__data_url_struct *out);
void xhr__data_url_struct_free(xhr__data_url_struct *data);

#endif
