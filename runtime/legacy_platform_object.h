/* https://webidl.spec.whatwg.org/#js-legacy-platform-objects: objects that have indexed or named properties of their own,
 * such as NodeList, HTMLCollection, DOMStringMap. */
#ifndef XHR__RUNTIME_LEGACY_PLATFORM_OBJECT_H
#define XHR__RUNTIME_LEGACY_PLATFORM_OBJECT_H

#include "infra/bytes.h"
#include "runtime/webidl.h"

/* What an interface's objects support: xhr__interface.legacy. `self` is the object's structure. */
struct xhr__legacy_properties {
  /* Indexed properties: how many; and one of them, or an exception. NULL: there are none. */
  uint32_t (*length)(void *self);
  JSValue (*indexed)(xhr__realm *realm, void *self, uint32_t index);
  /* A named property's value; JS_UNDEFINED where the name is not supported. NULL: there are none. */
  JSValue (*named)(xhr__realm *realm, void *self, xhr__str name);
  /* Appends the supported names to `names`, each with a NUL behind it. False for want of memory. */
  bool (*names)(void *self, xhr__bytes *names);
  /* Sets a named property, and deletes one. NULL: they are read-only. False where it threw. */
  bool (*set_named)(xhr__realm *realm, void *self, xhr__str name, JSValueConst value);
  bool (*delete_named)(xhr__realm *realm, void *self, xhr__str name);
  bool override_builtins; /* [LegacyOverrideBuiltIns] */
  bool unenumerable;      /* [LegacyUnenumerableNamedProperties] */
  /* https://webidl.spec.whatwg.org/#named-properties-object: what inherits from it may have properties of those names. */
  bool is_named_properties_object;
};

extern const JSClassExoticMethods xhr__legacy_methods;

#endif
