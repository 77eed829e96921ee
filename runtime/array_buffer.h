/* https://streams.spec.whatwg.org/#misc-abstract-ops: ArrayBuffers that change hands, and views of them. */
#ifndef XHR__RUNTIME_ARRAY_BUFFER_H
#define XHR__RUNTIME_ARRAY_BUFFER_H

#include "runtime/realm.h"

/* What a view shows. */
typedef struct xhr__array_buffer_view {
  JSValue buffer; /* the caller's */
  size_t buffer_byte_length;
  size_t byte_offset, byte_length; /* 0 where the buffer is detached */
  bool is_detached;
  bool is_data_view;
  JSTypedArrayEnum type; /* of a typed array */
  size_t element_size;   /* 1 for a DataView */
} xhr__array_buffer_view;

/* https://webidl.spec.whatwg.org/#ArrayBufferView: TypeError, with `what` in it, for what is no view, or one of a
 * SharedArrayBuffer. False where it threw. */
bool xhr__array_buffer_view_read(xhr__realm *realm, JSValueConst value, const char *what,
                                 xhr__array_buffer_view *view);
/* A view of the same kind as `like`; NULL stands for Uint8Array. JS_EXCEPTION. */
JSValue xhr__array_buffer_view_new(xhr__realm *realm, const xhr__array_buffer_view *like,
                                   JSValueConst buffer, size_t byte_offset, size_t byte_length);

/* The bytes of an ArrayBuffer, borrowed until script runs; NULL where it is detached. */
uint8_t *xhr__array_buffer_data(xhr__realm *realm, JSValueConst buffer, size_t *len);
/* https://streams.spec.whatwg.org/#transfer-array-buffer: a new one with what `buffer` had, which is detached. JS_EXCEPTION. */
JSValue xhr__array_buffer_transfer(xhr__realm *realm, JSValueConst buffer);
/* https://tc39.es/ecma262/#sec-clonearraybuffer: a copy of that part. JS_EXCEPTION. */
JSValue xhr__array_buffer_clone(xhr__realm *realm, JSValueConst buffer, size_t byte_offset,
                                size_t byte_length);
/* https://streams.spec.whatwg.org/#abstract-opdef-cloneasuint8array. JS_EXCEPTION. */
JSValue xhr__clone_as_uint8_array(xhr__realm *realm, JSValueConst view);

#endif
