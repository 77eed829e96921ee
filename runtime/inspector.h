/* Private to runtime/inspect*.c: the inspector at work. */
#ifndef XHR__RUNTIME_INSPECTOR_H
#define XHR__RUNTIME_INSPECTOR_H

#include "runtime/inspect.h"

enum { XHR__INSPECT_NESTED = 16 };

typedef struct xhr__inspector {
  xhr__realm *realm;
  JSContext *js;
  int depth;                         /* how many levels of objects may follow */
  xhr_status status;                 /* once it is not XHR_OK, nothing is appended any more */
  void *within[XHR__INSPECT_NESTED]; /* the objects around, for cycles */
  int within_count;
} xhr__inspector;

/* The parts of an object, each shown already. */
typedef struct xhr__inspect_entries {
  xhr__bytes *items;
  size_t count, capacity;
} xhr__inspect_entries;

void xhr__show_text(xhr__inspector *inspector, xhr__bytes *out, const char *text);
void xhr__show_format(xhr__inspector *inspector, xhr__bytes *out, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A value converted to a string, as it is. */
void xhr__show_string(xhr__inspector *inspector, xhr__bytes *out, JSValueConst string);
void xhr__show_quoted(xhr__inspector *inspector, xhr__bytes *out, JSValueConst string);
/* A property's key, quoted where it is no identifier. */
void xhr__show_key(xhr__inspector *inspector, xhr__bytes *out, JSAtom key);
/* Any value; within an object: one level deeper. */
void xhr__show(xhr__inspector *inspector, xhr__bytes *out, JSValueConst value);
/* What a property holds; accessors by what they are. */
void xhr__show_descriptor(xhr__inspector *inspector, xhr__bytes *out,
                          const JSPropertyDescriptor *descriptor);
/* An object's, function's or error's text. */
void xhr__show_object(xhr__inspector *inspector, xhr__bytes *out, JSValueConst object);

/* A new last entry to be filled in; NULL for want of memory. */
xhr__bytes *xhr__entries_add(xhr__inspector *inspector, xhr__inspect_entries *entries);
/* "... 3 more items", where there are any. */
void xhr__add_more(xhr__inspector *inspector, xhr__inspect_entries *entries, int64_t more,
                   const char *what);
/* "OPEN a, b CLOSE", on one line or several; `fill`: several short ones on each. Frees the entries. */
void xhr__show_entries(xhr__inspector *inspector, xhr__bytes *out, xhr__inspect_entries *entries,
                       const char *open, const char *close, bool fill);
/* The entries that an object's class gives it, beside its own properties. */
void xhr__add_class_entries(xhr__inspector *inspector, JSValueConst object,
                            xhr__inspect_entries *entries);

/* A data property, found without running anything, on the object or, `inherited`, its prototypes: JS_UNDEFINED where
 * there is none. The caller's. */
JSValue xhr__data_property(xhr__inspector *inspector, JSValueConst object, const char *name,
                           bool inherited);
/* The name of the class, JS_NULL where it has no prototype. The caller's. */
JSValue xhr__class_name(xhr__inspector *inspector, JSValueConst object);
/* The interface of a platform object of ours, and the object through `self`; NULL. */
const xhr__interface *xhr__interface_of(JSValueConst value, void **self);
/* Throws a pending exception away. */
void xhr__forget_exception(JSContext *js);

#endif
