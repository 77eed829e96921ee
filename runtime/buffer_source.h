/* https://webidl.spec.whatwg.org/#js-buffer-source-types */
#ifndef XHR__RUNTIME_BUFFER_SOURCE_H
#define XHR__RUNTIME_BUFFER_SOURCE_H

#include "infra/str.h"
#include "runtime/webidl.h"

typedef enum xhr__buffer_kind {
  XHR__NO_BUFFER,
  XHR__ARRAY_BUFFER,
  XHR__SHARED_ARRAY_BUFFER,
  XHR__VIEW,       /* on an ArrayBuffer: a typed array or a DataView */
  XHR__SHARED_VIEW /* on a SharedArrayBuffer */
} xhr__buffer_kind;

/* What the realm keeps of the engine's own classes, as they were before any script ran. */
typedef struct xhr__buffer_classes {
  JSClassID array_buffer, shared_array_buffer, data_view, first_typed_array, last_typed_array;
  JSValue data_view_get[3]; /* buffer, byteOffset, byteLength */
} xhr__buffer_classes;

/* At install; false where it threw. And the end. */
bool xhr__buffer_classes_init(xhr__realm *realm);
void xhr__buffer_classes_free(xhr__realm *realm);

/* What the value is; never throws. */
xhr__buffer_kind xhr__buffer_kind_of(xhr__realm *realm, JSValueConst value);
/* The bytes that a buffer or view holds: borrowed, until script runs. Detached ones are empty. XHR__NO_BUFFER, and `bytes`
 * untouched, where it is neither. Never throws. */
xhr__buffer_kind xhr__buffer_source_bytes(xhr__realm *realm, JSValueConst value, xhr__str *bytes);

#endif
