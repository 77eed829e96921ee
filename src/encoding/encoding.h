/* https://encoding.spec.whatwg.org/#encodings
 * Encodings: names, labels, output encodings. */
#ifndef XHR__ENCODING_ENCODING_H
#define XHR__ENCODING_ENCODING_H

#include "infra/str.h"

/* https://encoding.spec.whatwg.org/#names-and-labels, in its order: X(NAME, name) */
#define XHR__ENCODING_MAP(X)                                                                       \
  X(UTF_8, "UTF-8")                                                                                \
  X(IBM866, "IBM866")                                                                              \
  X(ISO_8859_2, "ISO-8859-2")                                                                      \
  X(ISO_8859_3, "ISO-8859-3")                                                                      \
  X(ISO_8859_4, "ISO-8859-4")                                                                      \
  X(ISO_8859_5, "ISO-8859-5")                                                                      \
  X(ISO_8859_6, "ISO-8859-6")                                                                      \
  X(ISO_8859_7, "ISO-8859-7")                                                                      \
  X(ISO_8859_8, "ISO-8859-8")                                                                      \
  X(ISO_8859_8_I, "ISO-8859-8-I")                                                                  \
  X(ISO_8859_10, "ISO-8859-10")                                                                    \
  X(ISO_8859_13, "ISO-8859-13")                                                                    \
  X(ISO_8859_14, "ISO-8859-14")                                                                    \
  X(ISO_8859_15, "ISO-8859-15")                                                                    \
  X(ISO_8859_16, "ISO-8859-16")                                                                    \
  X(KOI8_R, "KOI8-R")                                                                              \
  X(KOI8_U, "KOI8-U")                                                                              \
  X(MACINTOSH, "macintosh")                                                                        \
  X(WINDOWS_874, "windows-874")                                                                    \
  X(WINDOWS_1250, "windows-1250")                                                                  \
  X(WINDOWS_1251, "windows-1251")                                                                  \
  X(WINDOWS_1252, "windows-1252")                                                                  \
  X(WINDOWS_1253, "windows-1253")                                                                  \
  X(WINDOWS_1254, "windows-1254")                                                                  \
  X(WINDOWS_1255, "windows-1255")                                                                  \
  X(WINDOWS_1256, "windows-1256")                                                                  \
  X(WINDOWS_1257, "windows-1257")                                                                  \
  X(WINDOWS_1258, "windows-1258")                                                                  \
  X(X_MAC_CYRILLIC, "x-mac-cyrillic")                                                              \
  X(GBK, "GBK")                                                                                    \
  X(GB18030, "gb18030")                                                                            \
  X(BIG5, "Big5")                                                                                  \
  X(EUC_JP, "EUC-JP")                                                                              \
  X(ISO_2022_JP, "ISO-2022-JP")                                                                    \
  X(SHIFT_JIS, "Shift_JIS")                                                                        \
  X(EUC_KR, "EUC-KR")                                                                              \
  X(REPLACEMENT, "replacement")                                                                    \
  X(UTF_16BE, "UTF-16BE")                                                                          \
  X(UTF_16LE, "UTF-16LE")                                                                          \
  X(X_USER_DEFINED, "x-user-defined")

/* An encoding. NONE is the standards' null and failure. */
typedef enum xhr__encoding {
  XHR__ENCODING_NONE, /* null, failure */
#define XHR__ENCODING_ENUM(id, name) XHR__ENCODING_##id,
  XHR__ENCODING_MAP(XHR__ENCODING_ENUM)
#undef XHR__ENCODING_ENUM
} xhr__encoding;

/* How many values there are, NONE among them. */
#define XHR__ENCODING_COUNT (XHR__ENCODING_X_USER_DEFINED + 1)

/* https://encoding.spec.whatwg.org/#concept-encoding-get
 * XHR__ENCODING_NONE for failure. The label may have any case and ASCII whitespace around it. */
xhr__encoding xhr__encoding_get(xhr__str label);
/* The name as the standard writes it (HTML and DOM show it so); a constant. Empty for NONE. */
xhr__str xhr__encoding_name(xhr__encoding encoding);
/* https://encoding.spec.whatwg.org/#get-an-output-encoding */
xhr__encoding xhr__encoding_output(xhr__encoding encoding);

#endif
