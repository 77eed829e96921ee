/* https://webidl.spec.whatwg.org/#idl-iterable: what an interface with `iterable<K, V>` gets. One file then says
 *
 *   static const xhr__pair_iterable iterable = {&xhr__form_data_interface, &xhr__form_data_iterator_interface, pair};
 *   XHR__PAIR_ITERABLE_FUNCTIONS(iterable)
 *   … members[] = {…, XHR__DEFINE_PAIR_ITERABLE};
 *   const xhr__interface xhr__form_data_iterator_interface = XHR__PAIR_ITERATOR_INTERFACE("FormData Iterator");
 *
 * and runtime/interfaces.c lists both interfaces. */
#ifndef XHR__RUNTIME_ITERATOR_H
#define XHR__RUNTIME_ITERATOR_H

#include "runtime/realm.h"

typedef struct xhr__pair_iterable {
  const xhr__interface *interface;
  const xhr__interface *iterator_interface;
  /* Pair number `index` of the object that `self` is, which script may change between two calls. True: key and value are
   * the caller's, or one of them is JS_EXCEPTION. False: there are not so many pairs. */
  bool (*pair)(xhr__realm *realm, void *self, size_t index, JSValue *key, JSValue *value);
} xhr__pair_iterable;

typedef enum xhr__iterate {
  XHR__ITERATE_ENTRIES,
  XHR__ITERATE_KEYS,
  XHR__ITERATE_VALUES
} xhr__iterate;

/* A new iterator over `target`, an object of the iterable's interface. JS_EXCEPTION. */
JSValue xhr__pair_iterator_new(xhr__realm *realm, const xhr__pair_iterable *iterable,
                               JSValueConst target, xhr__iterate kind);
/* https://webidl.spec.whatwg.org/#es-forEach */
JSValue xhr__pair_for_each(xhr__realm *realm, const xhr__pair_iterable *iterable, void *self,
                           JSValueConst this_value, int argc, JSValueConst *argv);

/* https://tc39.es/ecma262/#sec-createiterresultobject; takes over `value` (JS_EXCEPTION is allowed). JS_EXCEPTION. */
JSValue xhr__iterator_result_new(JSContext *js, JSValue value, bool done);

/* The four operations of the iterable that is `iterable_`, a constant of the file. */
#define XHR__PAIR_ITERABLE_FUNCTIONS(iterable_)                                                    \
  static JSValue iterate_entries(xhr__realm *realm, void *self, JSValueConst this_value, int argc, \
                                 JSValueConst *argv) {                                             \
    (void)self, (void)argc, (void)argv;                                                            \
    return xhr__pair_iterator_new(realm, &(iterable_), this_value, XHR__ITERATE_ENTRIES);          \
  }                                                                                                \
  static JSValue iterate_keys(xhr__realm *realm, void *self, JSValueConst this_value, int argc,    \
                              JSValueConst *argv) {                                                \
    (void)self, (void)argc, (void)argv;                                                            \
    return xhr__pair_iterator_new(realm, &(iterable_), this_value, XHR__ITERATE_KEYS);             \
  }                                                                                                \
  static JSValue iterate_values(xhr__realm *realm, void *self, JSValueConst this_value, int argc,  \
                                JSValueConst *argv) {                                              \
    (void)self, (void)argc, (void)argv;                                                            \
    return xhr__pair_iterator_new(realm, &(iterable_), this_value, XHR__ITERATE_VALUES);           \
  }                                                                                                \
  static JSValue iterate_for_each(xhr__realm *realm, void *self, JSValueConst this_value,          \
                                  int argc, JSValueConst *argv) {                                  \
    return xhr__pair_for_each(realm, &(iterable_), self, this_value, argc, argv);                  \
  }

#define XHR__DEFINE_PAIR_ITERABLE                                                                  \
  XHR__DEFINE_OPERATION("entries", 0, iterate_entries),                                            \
      XHR__DEFINE_OPERATION("forEach", 1, iterate_for_each),                                       \
      XHR__DEFINE_OPERATION("keys", 0, iterate_keys),                                              \
      XHR__DEFINE_OPERATION("values", 0, iterate_values), XHR__DEFINE_ITERATOR("entries")

#define XHR__PAIR_ITERATOR_INTERFACE(name_)                                                        \
  {                                                                                                \
    .name = (name_), .is_iterator = true, .members = xhr__pair_iterator_members,                   \
    .member_count = XHR__PAIR_ITERATOR_MEMBERS, .finalize = xhr__pair_iterator_finalize,           \
    .mark = xhr__pair_iterator_mark                                                                \
  }

enum { XHR__PAIR_ITERATOR_MEMBERS = 1 };
extern const xhr__member xhr__pair_iterator_members[];
void xhr__pair_iterator_finalize(JSRuntime *runtime, void *object);
void xhr__pair_iterator_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func);

#endif
