/* libxhr: result codes. */
#ifndef XHR_STATUS_H
#define XHR_STATUS_H

#include "xhr/api.h"

/**
 * Every result code: X(NAME, value, text). 0 is success, all others are negative and never renumbered.
 * The first group are the names of DOMException that the standards throw, one to one.
 */
#define XHR_STATUS_MAP(X)                                                                          \
  X(OK, 0, "no error")                                                                             \
  X(INVALID_STATE_ERR, -1, "InvalidStateError: not allowed in the object's present state")         \
  X(SYNTAX_ERR, -2, "SyntaxError: not of the form that the standard asks for")                     \
  X(SECURITY_ERR, -3, "SecurityError: forbidden to this context")                                  \
  X(INVALID_ACCESS_ERR, -4, "InvalidAccessError: forbidden for a synchronous request in a window") \
  X(NETWORK_ERR, -5, "NetworkError: the request failed")                                           \
  X(TIMEOUT_ERR, -6, "TimeoutError: the deadline passed")                                          \
  X(ABORT_ERR, -7, "AbortError: the request was aborted")                                          \
  X(NOT_SUPPORTED_ERR, -8, "NotSupportedError: not supported")                                     \
  X(TYPE_ERR, -9, "TypeError: a value outside the type's range")                                   \
  X(ENCODING_ERR, -10, "EncodingError: bytes that the encoding does not allow")                    \
  X(OUT_OF_MEMORY, -32, "out of memory")                                                           \
  X(INVALID_ARGUMENT, -33, "an argument is NULL, out of range or contradicts another")             \
  X(WRONG_THREAD, -34, "called on a thread that does not own the object")                          \
  X(REENTRANT, -35, "called inside itself: dispatch within dispatch")                              \
  X(CLOSED, -36, "the context or session has been destroyed")                                      \
  X(SYSTEM, -37, "the operating system refused a resource (descriptor, thread, memory map)")       \
  X(IO, -38, "a file could not be opened or read")                                                 \
  X(LIMIT, -39, "a limit of the session was passed")                                               \
  X(NOT_FOUND, -40, "there is no such thing")

/** Result of a libxhr call: XHR_OK (0) or a negative code. */
typedef enum xhr_status {
#define XHR_STATUS_ENUM(name, value, text) XHR_##name = value,
  XHR_STATUS_MAP(XHR_STATUS_ENUM)
#undef XHR_STATUS_ENUM
} xhr_status;

XHR_BEGIN_DECLS

/**
 * The constant's own name, such as "XHR_SYNTAX_ERR".
 *
 * @param status any value
 * @return a constant string, "XHR_UNKNOWN" for a value that is no result code. Any thread.
 */
XHR_API const char *xhr_status_name(xhr_status status);

/**
 * A sentence that says what the code means; for the codes of a DOMException it starts with the exception's name.
 *
 * @param status any value
 * @return a constant string, never NULL. Any thread.
 */
XHR_API const char *xhr_status_text(xhr_status status);

XHR_END_DECLS

#endif
