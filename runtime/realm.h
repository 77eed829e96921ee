/* https://html.spec.whatwg.org/#realms-settings-objects-global-objects: what libxhr keeps for one JSContext. */
#ifndef XHR__RUNTIME_REALM_H
#define XHR__RUNTIME_REALM_H

#include <quickjs.h>

#include "infra/list.h"
#include "runtime/buffer_source.h"
#include "runtime/intrinsics.h"
#include "runtime/webidl.h"
#include "session/context.h"
#include "xhr/quickjs.h"

/* What objects of an interface have for their own: Event's isTrusted, Location's members. */
typedef struct xhr__unforgeable {
  const xhr__interface *interface;
  JSAtom name;
  bool is_operation;
  JSValue getter; /* or the operation */
  JSValue setter; /* JS_UNDEFINED: none */
} xhr__unforgeable;

struct xhr__realm {
  JSContext *js;
  xhr_context *context; /* counted: the environment settings object */
  xhr_quickjs_options options;
  JSValue global;
  /* How many of our functions are on the stack: 0 means that a callback's end is a microtask checkpoint. */
  unsigned depth;
  JSValue *interface_objects; /* by index in xhr__interfaces */
  JSAtom symbol_iterator;     /* Symbol.iterator, as it was before any script ran */
  xhr__unforgeable *unforgeables;
  size_t unforgeable_count;
  unsigned global_kind; /* one of XHR__EXPOSED_... */
  JSValue concatenate;  /* (a, b) => a + b, once it was asked for */
  /* What stands for the global object where it is used as a platform object (addEventListener, onerror), or NULL. */
  xhr__platform_object *global_object;
  JSValue global_target; /* its value */
  xhr__time time_origin;
  xhr__buffer_classes buffer_classes;
  xhr__intrinsics *intrinsics;
  /* Promises that were rejected without a handler since the last checkpoint: about-to-be-notified. */
  struct xhr__rejections *rejections;
  /* What has to be undone when the realm goes: timers, requests in flight. */
  xhr__list teardown;              /* of xhr__teardown */
  struct xhr__timer_table *timers; /* NULL: none was ever set */
  unsigned timer_nesting_level;    /* of the task that is running; 0: no timer's, or a microtask */
  JSValue performance;             /* JS_UNDEFINED until somebody asks for it */
  /* https://dom.spec.whatwg.org/#window-current-event: borrowed from the dispatch; JS_UNDEFINED: none */
  JSValue current_event;
  JSValue byte_length_size, count_size; /* of queuing strategies; JS_UNDEFINED until asked for */
  struct xhr__console *console;
  /* What the URLs of workers' scripts are resolved against where the context has no base URL: where the script lies. The
   * empty record: nothing. */
  xhr__url script_url;
  /* Borrowed: how what a worker's own module imports is asked for, while that is fetched; else NULL. */
  const struct xhr__module_request *module_request;
  struct xhr__module_entries *modules; /* NULL: none was ever loaded by URL */
  struct xhr__worker_agent
      *worker; /* borrowed: of a worker's realm, which lives as long as its thread */
};

/* Something that is pending in a realm. Zero-initialise it. */
typedef struct xhr__teardown {
  xhr__list node;
  bool idle; /* nothing that a program would wait for: xhr_quickjs_pending does not count it */
  /* Ends it, without running any script; it must leave the list. */
  void (*end)(struct xhr__teardown *teardown);
} xhr__teardown;

/* xhr_quickjs_install with a global object of another kind: `interface` is its interface, which is [Global], and `scope`
 * its structure, which begins with an xhr__global_scope and is taken over (also on failure). */
xhr_status xhr__realm_install(JSContext *js, xhr_context *context,
                              const xhr_quickjs_options *options, const xhr__interface *interface,
                              void *scope);
/* Whether it is a worker's that has been closed: tasks run no script there any more; or terminated: nothing does. */
bool xhr__realm_is_closing(const xhr__realm *realm);
bool xhr__realm_is_terminated(const xhr__realm *realm);
/* The realm of a JSContext; NULL where libxhr is not installed in it. */
xhr__realm *xhr__realm_of(JSContext *js);

/* Calls a function of the script's: `this_value` and arguments are borrowed. An exception is reported, and false is
 * returned. Where nothing else of ours is on the stack, a microtask checkpoint follows.
 * https://webidl.spec.whatwg.org/#invoke-a-callback-function */
bool xhr__realm_call(xhr__realm *realm, JSValueConst function, JSValueConst this_value, int argc,
                     JSValueConst *argv, JSValue *result);
/* https://html.spec.whatwg.org/#report-the-exception: takes over `exception`. */
void xhr__realm_report(xhr__realm *realm, JSValue exception);
/* Reports the exception that is pending in the engine. */
void xhr__realm_report_pending(xhr__realm *realm);
/* https://html.spec.whatwg.org/#perform-a-microtask-checkpoint */
void xhr__realm_checkpoint(xhr__realm *realm);

/* ---- exceptions: each throws and returns JS_EXCEPTION ----------------------------------------------------------- */

/* A DOMException of that name, such as "InvalidStateError". */
JSValue xhr__throw(xhr__realm *realm, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What a status stands for: a DOMException for those that are one, else TypeError, RangeError or an out-of-memory
 * error. The message says what was wrong: "open: …". */
JSValue xhr__throw_status(xhr__realm *realm, xhr_status status, const char *what);
/* A DOMException that is not thrown, owned by the caller. */
JSValue xhr__dom_exception_new(xhr__realm *realm, const char *name, const char *message);

#endif
