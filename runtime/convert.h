/* https://webidl.spec.whatwg.org/#js-type-mapping: the three kinds of strings, and numbers. Nothing else in runtime/
 * touches the text of JavaScript strings. All throw on failure and then return false. */
#ifndef XHR__RUNTIME_CONVERT_H
#define XHR__RUNTIME_CONVERT_H

#include "infra/bytes.h"
#include "runtime/realm.h"

/* https://webidl.spec.whatwg.org/#js-ByteString: appends bytes; TypeError for a code unit above U+00FF. */
bool xhr__to_byte_string(xhr__realm *realm, JSValueConst value, xhr__bytes *out);
/* https://webidl.spec.whatwg.org/#js-USVString: appends UTF-8. */
bool xhr__to_usv_string(xhr__realm *realm, JSValueConst value, xhr__bytes *out);
/* https://webidl.spec.whatwg.org/#js-DOMString: appends WTF-8. */
bool xhr__to_dom_string(xhr__realm *realm, JSValueConst value, xhr__bytes *out);

/* The other way; what they return is the caller's. JS_EXCEPTION for want of memory, or RangeError past the engine's limit
 * of a string's length. */
JSValue xhr__from_byte_string(xhr__realm *realm, xhr__str bytes);
JSValue xhr__from_usv_string(xhr__realm *realm, xhr__str utf8);
JSValue xhr__from_dom_string(xhr__realm *realm, xhr__str wtf8);

/* https://webidl.spec.whatwg.org/#js-unsigned-long, with wrapping; unsigned short; unsigned long long; long long. */
bool xhr__to_unsigned_long(xhr__realm *realm, JSValueConst value, uint32_t *out);
bool xhr__to_unsigned_short(xhr__realm *realm, JSValueConst value, uint16_t *out);
bool xhr__to_unsigned_long_long(xhr__realm *realm, JSValueConst value, uint64_t *out);
bool xhr__to_long_long(xhr__realm *realm, JSValueConst value, int64_t *out, bool clamp);
/* unsigned long long with [EnforceRange]: TypeError outside of 0 to 2^53 - 1. */
bool xhr__enforce_range_unsigned_long_long(xhr__realm *realm, JSValueConst value, uint64_t *out);
/* https://webidl.spec.whatwg.org/#js-double: TypeError unless finite; unrestricted double. */
bool xhr__to_double(xhr__realm *realm, JSValueConst value, double *out);
bool xhr__to_unrestricted_double(xhr__realm *realm, JSValueConst value, double *out);
/* https://webidl.spec.whatwg.org/#js-boolean */
bool xhr__to_boolean(xhr__realm *realm, JSValueConst value, bool *out);

/* A dictionary's member: true with JS_UNDEFINED where it is missing, or the dictionary is undefined or null; TypeError
 * for a value that is no object. The caller frees `member`. */
bool xhr__dictionary_get(xhr__realm *realm, JSValueConst dictionary, const char *name,
                         JSValue *member);
/* The same for a boolean, which keeps its value where the member is missing. */
bool xhr__dictionary_get_boolean(xhr__realm *realm, JSValueConst dictionary, const char *name,
                                 bool *out);

typedef enum xhr__idl_type {
  XHR__IDL_ANY,           /* JSValue, freed where it is replaced */
  XHR__IDL_BOOLEAN,       /* bool */
  XHR__IDL_UNSIGNED_LONG, /* uint32_t */
  XHR__IDL_DOUBLE,        /* double */
  XHR__IDL_DOM_STRING,    /* xhr__bytes, empty before */
  XHR__IDL_USV_STRING     /* xhr__bytes, empty before */
} xhr__idl_type;

/* Where a dictionary's member goes. */
typedef struct xhr__dictionary_member {
  const char *name;
  xhr__idl_type type;
  size_t offset; /* in the structure */
} xhr__dictionary_member;

/* https://webidl.spec.whatwg.org/#js-dictionary: converts members, which stand in the order of their names, into a
 * structure; what is missing keeps its value there. */
bool xhr__dictionary_read(xhr__realm *realm, JSValueConst dictionary,
                          const xhr__dictionary_member *members, size_t count, void *structure);

#endif
