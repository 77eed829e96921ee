/* https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type, as far as HTML goes. */
#ifndef XHR__MIME_SNIFF_HTML_H
#define XHR__MIME_SNIFF_HTML_H

#include <stdbool.h>

#include "infra/str.h"

/* Whether a resource whose type nobody said is text/html, going by its first bytes. */
bool xhr__sniffs_as_html(xhr__str resource);

#endif
