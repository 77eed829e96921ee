/* https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding */
#ifndef XHR__DOM_ENCODING_SNIFFING_H
#define XHR__DOM_ENCODING_SNIFFING_H

#include "encoding/encoding.h"

/* How many bytes are looked at. */
enum { XHR__PRESCAN_LENGTH = 1024 };

/* What a meta element among the first bytes says; XHR__ENCODING_NONE for failure. */
xhr__encoding xhr__prescan(xhr__str bytes);
/* https://html.spec.whatwg.org/#algorithm-for-extracting-a-character-encoding-from-a-meta-element */
xhr__encoding xhr__encoding_from_meta(xhr__str content);

#endif
