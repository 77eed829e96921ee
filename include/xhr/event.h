/* libxhr: events and listeners. */
#ifndef XHR_EVENT_H
#define XHR_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "xhr/status.h"
#include "xhr/string.h"

struct xhr;

/** Something that events fire at: an XHR or its upload object. Lives as long as its XHR. */
typedef struct xhr_event_target xhr_event_target;

/** Every event type: X(NAME, name). See https://xhr.spec.whatwg.org/#events */
#define XHR_EVENT_MAP(X)                                                                           \
  X(READYSTATECHANGE, "readystatechange")                                                          \
  X(LOADSTART, "loadstart")                                                                        \
  X(PROGRESS, "progress")                                                                          \
  X(ABORT, "abort")                                                                                \
  X(ERROR, "error")                                                                                \
  X(LOAD, "load")                                                                                  \
  X(TIMEOUT, "timeout")                                                                            \
  X(LOADEND, "loadend")

/** An event's type. */
typedef enum xhr_event_type {
#define XHR_EVENT_ENUM(name, text) XHR_EVENT_##name,
  XHR_EVENT_MAP(XHR_EVENT_ENUM)
#undef XHR_EVENT_ENUM
} xhr_event_type;

/** An event, borrowed for the length of the listener's call. */
typedef struct xhr_event {
  xhr_event_type type;
  /** The XHR, also for events of its upload object. */
  struct xhr *xhr;
  /** What the event fires at. */
  xhr_event_target *target;
  /** True where `total` is known. False for readystatechange. */
  bool length_computable;
  /** Bytes so far, and in all; 0 where unknown. */
  uint64_t loaded;
  uint64_t total;
} xhr_event;

/** A listener. It runs on the loop's thread, inside xhr_loop_dispatch or inside the call that fires the event. */
typedef void (*xhr_listener)(const xhr_event *event, void *user);

XHR_BEGIN_DECLS

/**
 * Adds a listener behind those that are there. The same type, listener and user a second time changes nothing.
 * See https://dom.spec.whatwg.org/#dom-eventtarget-addeventlistener
 *
 * @param target from xhr_get_event_target or xhr_get_upload
 * @param type what to listen to
 * @param listener called for each such event; a listener added during a dispatch hears the next event, not this one
 * @param user handed to the listener; borrowed, not freed
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_add_event_listener(xhr_event_target *target, xhr_event_type type,
                                          xhr_listener listener, void *user);

/**
 * Removes a listener; during a dispatch it is not called any more.
 *
 * @return XHR_OK, also where there was none; XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD
 */
XHR_API xhr_status xhr_remove_event_listener(xhr_event_target *target, xhr_event_type type,
                                             xhr_listener listener, void *user);

/** The type's name, such as "readystatechange"; "unknown" for a value that is none. Constant; any thread. */
XHR_API const char *xhr_event_type_name(xhr_event_type type);

XHR_END_DECLS

#endif
