/* https://webidl.spec.whatwg.org/#js-platform-objects: interfaces as tables, and the objects that implement them.
 *
 * An interface is one constant `xhr__interface`. xhr__interfaces_define makes of it what Web IDL asks for, to the letter:
 * interface object, prototype, constants on both, attributes as accessors, operations, brand checks, numbers of
 * arguments, names, lengths, Symbol.toStringTag. A member's function gets the object that it works on, checked already,
 * and at least as many arguments as the member's `length`.
 *
 * Every object that implements an interface is a JSValue whose opaque is a structure that begins with
 * xhr__platform_object. */
#ifndef XHR__RUNTIME_WEBIDL_H
#define XHR__RUNTIME_WEBIDL_H

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct xhr__realm xhr__realm;
typedef struct xhr__interface xhr__interface;

/* https://webidl.spec.whatwg.org/#Exposed: the kinds of global objects, as bits of a set. */
enum {
  XHR__EXPOSED_PLAIN = 1, /* of a program that xhr_quickjs_install was called for; `xhr run` */
  XHR__EXPOSED_WINDOW = 2,
  XHR__EXPOSED_DEDICATED_WORKER = 4,
  XHR__EXPOSED_SHARED_WORKER = 8,
  XHR__EXPOSED_WORKER = XHR__EXPOSED_DEDICATED_WORKER | XHR__EXPOSED_SHARED_WORKER
};

/* First member of every object's structure. */
typedef struct xhr__platform_object {
  const xhr__interface *interface; /* the most derived one */
} xhr__platform_object;

/* A getter's, an operation's, a setter's function. `self` is NULL for static members. What they return is the caller's;
 * JS_EXCEPTION where they threw. */
typedef JSValue xhr__getter(xhr__realm *realm, void *self, JSValueConst this_value);
typedef JSValue xhr__operation(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                               JSValueConst *argv);
/* True, or false where it threw. */
typedef bool xhr__setter(xhr__realm *realm, void *self, JSValueConst this_value,
                         JSValueConst value);
/* A constructor: makes the object, usually by xhr__platform_object_new. */
typedef JSValue xhr__constructor(xhr__realm *realm, JSValueConst new_target, int argc,
                                 JSValueConst *argv);

typedef enum xhr__member_kind {
  XHR__ATTRIBUTE,        /* get, and set unless read-only */
  XHR__OPERATION,        /* call */
  XHR__STATIC_OPERATION, /* call */
  XHR__CONSTANT,         /* value: a number, on the interface object and the prototype */
  /* get and set, or call: [LegacyUnforgeable], on each object itself (of a [Global] interface: on the global object) */
  XHR__UNFORGEABLE,
  XHR__EVENT_HANDLER,  /* an event handler IDL attribute, "onload": see runtime/event_handlers.h */
  XHR__ITERATOR,       /* [Symbol.iterator]: the function that operation `name` is */
  XHR__ASYNC_ITERATOR, /* [Symbol.asyncIterator]: likewise */
  XHR__ARRAY_FUNCTION /* Array.prototype's function of that name; `value` 1: as [Symbol.iterator] */
} xhr__member_kind;

typedef struct xhr__member {
  const char *name;
  xhr__member_kind kind;
  int length; /* of an operation: the least number of arguments, which is its `length` */
  xhr__operation *call;
  xhr__getter *get;
  xhr__setter *set; /* NULL: read-only */
  int32_t value;
  bool system;      /* none of the standard's: only where the context is a system context */
  unsigned exposed; /* a set of XHR__EXPOSED_...; 0: as its interface */
  bool unscopable;  /* [Unscopable] */
  /* An operation's or a getter's: what it throws, or the checks before it, rejects the promise that it gives. */
  bool gives_promise;
  int optional; /* arguments that its `length` counts beyond `length`, though they may be missing */
} xhr__member;

#define XHR__DEFINE_READONLY(name_, get_)                                                          \
  { .name = (name_), .kind = XHR__ATTRIBUTE, .get = (get_) }
#define XHR__DEFINE_ATTRIBUTE(name_, get_, set_)                                                   \
  { .name = (name_), .kind = XHR__ATTRIBUTE, .get = (get_), .set = (set_) }
#define XHR__DEFINE_OPERATION(name_, length_, call_)                                               \
  { .name = (name_), .kind = XHR__OPERATION, .length = (length_), .call = (call_) }
#define XHR__DEFINE_PROMISE(name_, length_, call_)                                                 \
  {                                                                                                \
    .name = (name_), .kind = XHR__OPERATION, .length = (length_), .call = (call_),                 \
    .gives_promise = true                                                                          \
  }
#define XHR__DEFINE_GET_PROMISE(name_, get_)                                                       \
  { .name = (name_), .kind = XHR__ATTRIBUTE, .get = (get_), .gives_promise = true }
#define XHR__DEFINE_UNSCOPABLE(name_, length_, call_)                                              \
  {                                                                                                \
    .name = (name_), .kind = XHR__OPERATION, .length = (length_), .call = (call_),                 \
    .unscopable = true                                                                             \
  }
#define XHR__DEFINE_STATIC(name_, length_, call_)                                                  \
  { .name = (name_), .kind = XHR__STATIC_OPERATION, .length = (length_), .call = (call_) }
#define XHR__DEFINE_CONSTANT(name_, value_)                                                        \
  { .name = (name_), .kind = XHR__CONSTANT, .value = (value_) }
#define XHR__DEFINE_UNFORGEABLE(name_, get_)                                                       \
  { .name = (name_), .kind = XHR__UNFORGEABLE, .get = (get_) }
#define XHR__DEFINE_HANDLER(name_)                                                                 \
  { .name = (name_), .kind = XHR__EVENT_HANDLER }
#define XHR__DEFINE_ITERATOR(of_)                                                                  \
  { .name = (of_), .kind = XHR__ITERATOR }

#define XHR__DEFINE_ASYNC_ITERATOR(of_)                                                            \
  { .name = (of_), .kind = XHR__ASYNC_ITERATOR }

/* https://webidl.spec.whatwg.org/#js-iterator and https://webidl.spec.whatwg.org/#js-iterable, of interfaces with indexed
 * properties and of those that declare iterable<V>, too. */
#define XHR__DEFINE_ARRAY_ITERATOR                                                                 \
  { .name = "values", .kind = XHR__ARRAY_FUNCTION, .value = 1 }
#define XHR__DEFINE_VALUE_ITERABLE                                                                 \
  {.name = "entries", .kind = XHR__ARRAY_FUNCTION},                                                \
      {.name = "forEach", .kind = XHR__ARRAY_FUNCTION},                                            \
      {.name = "keys", .kind = XHR__ARRAY_FUNCTION},                                               \
      {.name = "values", .kind = XHR__ARRAY_FUNCTION}, XHR__DEFINE_ARRAY_ITERATOR

/* https://webidl.spec.whatwg.org/#dfn-interface-mixin */
typedef struct xhr__mixin {
  const xhr__member *members;
  size_t member_count;
} xhr__mixin;

/* https://webidl.spec.whatwg.org/#dfn-legacy-platform-object: what an object has for properties of its own beside what
 * is defined for it; see runtime/legacy_platform_object.h. */
typedef struct xhr__legacy_properties xhr__legacy_properties;

struct xhr__interface {
  const char *name;
  const xhr__interface *inherits; /* NULL: none */
  bool inherits_error; /* its prototype inherits from Error.prototype: DOMException's does */
  bool hidden;         /* no interface object on the global object, and no toStringTag */
  bool is_iterator;    /* no interface, but what an iterable's iterators inherit from: iterator.h */
  bool is_async_iterator; /* the same of an asynchronous iterable's */
  unsigned
      global; /* [Global]: its members are the global object's own; the XHR__EXPOSED_... it stands for */
  unsigned exposed;            /* a set of XHR__EXPOSED_...; 0: in every realm */
  xhr__constructor *construct; /* NULL: "Illegal constructor" */
  int construct_length;
  const xhr__member *members;
  size_t member_count;
  const xhr__mixin *const
      *includes; /* whose members it has, too; NULL behind the last; NULL: none */
  const xhr__legacy_properties *legacy; /* NULL: an ordinary object */
  /* Frees the object's structure; it must not touch JavaScript but by JS_FreeValueRT. */
  void (*finalize)(JSRuntime *runtime, void *object);
  /* Marks the JSValues that the structure holds; NULL: it holds none. */
  void (*mark)(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func);
  /* Of an EventTarget: an event listener or handler came or went. NULL: of no interest. */
  void (*listeners_changed)(JSRuntime *runtime, void *object);
};

/* The interfaces that there are, each with an index of its own. The list is in runtime/interfaces.c. */
extern const xhr__interface *const xhr__interfaces[];
extern const size_t xhr__interface_count;

/* Defines all interfaces on the realm's global object. False where it threw. */
bool xhr__interfaces_define(xhr__realm *realm);
/* The prototype object, owned by the caller. */
JSValue xhr__interface_prototype(xhr__realm *realm, const xhr__interface *interface);
/* The interface object, owned by the caller. */
JSValue xhr__interface_object(xhr__realm *realm, const xhr__interface *interface);

/* An object of `interface` around `object`, which it owns from now on (on failure too: then it is finalized). Sets
 * object->interface. `new_target`: of a constructor call, so that subclasses work, or JS_UNDEFINED. */
JSValue xhr__platform_object_new(xhr__realm *realm, const xhr__interface *interface,
                                 JSValueConst new_target, void *object);
/* The structure of a value that implements `interface` or one that inherits from it; NULL for any other value, without
 * throwing. Borrowed: it lives as long as the value. */
void *xhr__platform_object_of(JSValueConst value, const xhr__interface *interface);
/* https://webidl.spec.whatwg.org/#Replaceable: what setting such an attribute does. False where it threw. */
bool xhr__replace(xhr__realm *realm, JSValueConst this_value, const char *name, JSValueConst value);
/* Whether the interface is `ancestor` or inherits from it. */
bool xhr__interface_is(const xhr__interface *interface, const xhr__interface *ancestor);

#endif
