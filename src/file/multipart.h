/* https://html.spec.whatwg.org/#multipart-form-data */
#ifndef XHR__FILE_MULTIPART_H
#define XHR__FILE_MULTIPART_H

#include "file/form_data.h"

/* https://html.spec.whatwg.org/#multipart/form-data-boundary-string: appends a new one, 46 characters that need no quoting,
 * 24 of them random. XHR_OK, XHR_OUT_OF_MEMORY; XHR_SYSTEM where the system gives no random bytes. */
xhr_status xhr__multipart_boundary(xhr__bytes *out);
/* https://html.spec.whatwg.org/#multipart/form-data-encoding-algorithm in UTF-8. The Files' bytes are shared, not copied.
 * XHR_OK, XHR_OUT_OF_MEMORY, XHR_LIMIT. */
xhr_status xhr__multipart_encode(const xhr_form_data *form, xhr__str boundary,
                                 xhr__segments **segments);

#endif
