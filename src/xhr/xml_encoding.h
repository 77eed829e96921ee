/* https://www.w3.org/TR/xml/#sec-guessing
 * Which encoding an XML entity is in, as far as that can be told from its first bytes. */
#ifndef XHR__XHR_XML_ENCODING_H
#define XHR__XHR_XML_ENCODING_H

#include "encoding/encoding.h"

/* An XML declaration is looked for in this many bytes. */
#define XHR__XML_DECLARATION_MAX ((size_t)1024)

/* False where more bytes are needed to tell, which is never so where `complete` says that these are all. True with the
 * encoding, XHR__ENCODING_NONE where the bytes do not say. A byte order mark is not looked at: decoding does that. */
bool xhr__xml_encoding(xhr__str bytes, bool complete, xhr__encoding *encoding);

#endif
