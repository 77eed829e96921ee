/* https://w3c.github.io/FileAPI/#packaging-data */
#ifndef XHR__RUNTIME_PACKAGE_DATA_H
#define XHR__RUNTIME_PACKAGE_DATA_H

#include "runtime/realm.h"

/* What the bytes of a Blob become. */
typedef enum xhr__package_type {
  XHR__PACKAGE_DATA_URL,
  XHR__PACKAGE_TEXT,
  XHR__PACKAGE_ARRAY_BUFFER,
  XHR__PACKAGE_BINARY_STRING
} xhr__package_type;

/* https://w3c.github.io/FileAPI/#blob-package-data, for all types but ArrayBuffer, whose memory is the caller's matter.
 * `encoding_name` is empty where there is none. The caller's, or JS_EXCEPTION. */
JSValue xhr__package_data(xhr__realm *realm, xhr__str bytes, xhr__package_type type,
                          xhr__str mime_type, xhr__str encoding_name);

#endif
