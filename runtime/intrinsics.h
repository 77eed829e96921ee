/* https://tc39.es/ecma262/#sec-well-known-intrinsic-objects: the engine's classes and functions, as they were before any
 * script ran. */
#ifndef XHR__RUNTIME_INTRINSICS_H
#define XHR__RUNTIME_INTRINSICS_H

#include <quickjs.h>
#include <stdbool.h>

#include "runtime/webidl.h"

/* X(name, an object of the class). A value's class is told by JS_GetClassID; scripts cannot change it. */
#define XHR__CLASS_MAP(X)                                                                          \
  X(OBJECT, "{}")                                                                                  \
  X(ARRAY, "[]")                                                                                   \
  X(DATE, "new Date(0)")                                                                           \
  X(REGEXP, "/a/")                                                                                 \
  X(MAP, "new Map")                                                                                \
  X(SET, "new Set")                                                                                \
  X(WEAK_MAP, "new WeakMap")                                                                       \
  X(WEAK_SET, "new WeakSet")                                                                       \
  X(ERROR, "new Error")                                                                            \
  X(NUMBER, "Object(0)")                                                                           \
  X(STRING, "Object('')")                                                                          \
  X(BOOLEAN, "Object(false)")                                                                      \
  X(SYMBOL, "Object(Symbol())")                                                                    \
  X(BIG_INT, "Object(0n)")                                                                         \
  X(PROMISE, "Promise.resolve()")                                                                  \
  X(PROXY, "new Proxy({}, {})")

typedef enum xhr__class {
#define XHR__CLASS_ENUM(name, sample) XHR__CLASS_##name,
  XHR__CLASS_MAP(XHR__CLASS_ENUM)
#undef XHR__CLASS_ENUM
      XHR__CLASS_COUNT
} xhr__class;

/* X(name, the function, or symbol). */
#define XHR__INTRINSIC_MAP(X)                                                                      \
  X(OBJECT, "Object")                                                                              \
  X(FREEZE, "Object.freeze")                                                                       \
  X(DATE, "Date")                                                                                  \
  X(REGEXP, "RegExp")                                                                              \
  X(MAP, "Map")                                                                                    \
  X(SET, "Set")                                                                                    \
  X(ARRAY_BUFFER, "ArrayBuffer")                                                                   \
  X(DATA_VIEW, "DataView")                                                                         \
  X(ERROR, "Error")                                                                                \
  X(EVAL_ERROR, "EvalError")                                                                       \
  X(RANGE_ERROR, "RangeError")                                                                     \
  X(REFERENCE_ERROR, "ReferenceError")                                                             \
  X(SYNTAX_ERROR, "SyntaxError")                                                                   \
  X(TYPE_ERROR, "TypeError")                                                                       \
  X(URI_ERROR, "URIError")                                                                         \
  X(FUNCTION_TO_STRING, "Function.prototype.toString")                                             \
  X(DATE_GET_TIME, "Date.prototype.getTime")                                                       \
  X(DATE_TO_ISO_STRING, "Date.prototype.toISOString")                                              \
  X(REGEXP_SOURCE, "getter(RegExp.prototype, 'source')")                                           \
  X(REGEXP_FLAGS, "getter(RegExp.prototype, 'flags')")                                             \
  X(NUMBER_VALUE_OF, "Number.prototype.valueOf")                                                   \
  X(STRING_VALUE_OF, "String.prototype.valueOf")                                                   \
  X(STRING_SUBSTRING, "String.prototype.substring")                                                \
  X(BOOLEAN_VALUE_OF, "Boolean.prototype.valueOf")                                                 \
  X(SYMBOL_VALUE_OF, "Symbol.prototype.valueOf")                                                   \
  X(BIG_INT_VALUE_OF, "BigInt.prototype.valueOf")                                                  \
  X(BIG_INT_TO_STRING, "BigInt.prototype.toString")                                                \
  X(BIG_INT_OF_DIGITS, "bigIntOfDigits")                                                           \
  X(PROMISE_RESOLVE, "Promise.resolve.bind(Promise)")                                              \
  X(PROMISE_THEN, "Promise.prototype.then")                                                        \
  X(ASYNC_ITERATOR, "Symbol.asyncIterator")                                                        \
  X(PARSE_INT, "parseInt")                                                                         \
  X(PARSE_FLOAT, "parseFloat")                                                                     \
  X(TO_STRING_TAG, "Symbol.toStringTag")                                                           \
  X(MAP_SIZE, "getter(Map.prototype, 'size')")                                                     \
  X(SET_SIZE, "getter(Set.prototype, 'size')")                                                     \
  X(MAP_SET, "Map.prototype.set")                                                                  \
  X(SET_ADD, "Set.prototype.add")                                                                  \
  /* [key, value, key, value …] */                                                               \
  X(MAP_LIST, "list(Map.prototype.forEach, true)")                                                 \
  X(SET_LIST, "list(Set.prototype.forEach, false)")

typedef enum xhr__intrinsic {
#define XHR__INTRINSIC_ENUM(name, code) XHR__INTRINSIC_##name,
  XHR__INTRINSIC_MAP(XHR__INTRINSIC_ENUM)
#undef XHR__INTRINSIC_ENUM
      XHR__INTRINSIC_COUNT
} xhr__intrinsic;

typedef struct xhr__intrinsics {
  JSClassID classes[XHR__CLASS_COUNT];
  JSValue functions[XHR__INTRINSIC_COUNT];
} xhr__intrinsics;

/* At install; false where it threw. And the end. */
bool xhr__intrinsics_init(xhr__realm *realm);
void xhr__intrinsics_free(xhr__realm *realm);

/* Whether the value is an object of that class: of the engine's own making, whatever its prototype is. */
bool xhr__is_class(const xhr__realm *realm, JSValueConst value, xhr__class class);
/* Calls one, as a function and as a constructor. The result is the caller's; JS_EXCEPTION. */
JSValue xhr__call_intrinsic(xhr__realm *realm, xhr__intrinsic function, JSValueConst this_value,
                            int argc, JSValueConst *argv);
JSValue xhr__construct_intrinsic(xhr__realm *realm, xhr__intrinsic function, int argc,
                                 JSValueConst *argv);

#endif
