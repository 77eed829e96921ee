#include "runtime/webidl.h"

#include <pthread.h>

#include "infra/alloc.h"
#include "runtime/event_target.h"
#include "runtime/legacy_platform_object.h"
#include "runtime/realm.h"

/* One class of the engine's for all platform objects, and one for legacy platform objects: which interface they implement
 * they say themselves. */
static JSClassID platform_class, legacy_class;

/* Every member of every interface, by the number that the engine's functions carry. */
typedef struct bound_member {
  const xhr__interface *interface;
  const xhr__member *member;
} bound_member;

enum { MAX_MEMBERS = 4096 };
static bound_member bound_members[MAX_MEMBERS];
static int bound_member_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void bind(const xhr__interface *interface, const xhr__member *members, size_t count) {
  for (size_t i = 0; i < count && bound_member_count < MAX_MEMBERS; i++)
    bound_members[bound_member_count++] = (bound_member){interface, &members[i]};
}

/* An interface's own members, then those of its mixins; they stand together. */
static void bind_all(void) {
  JS_NewClassID(&platform_class);
  JS_NewClassID(&legacy_class);
  for (size_t i = 0; i < xhr__interface_count; i++) {
    const xhr__interface *interface = xhr__interfaces[i];
    bind(interface, interface->members, interface->member_count);
    for (const xhr__mixin *const *mixin = interface->includes; mixin && *mixin; mixin++)
      bind(interface, (*mixin)->members, (*mixin)->member_count);
  }
}

/* ---- objects ---------------------------------------------------------------------------------------------------- */

static void finalize(JSRuntime *runtime, JSValue value) {
  JSClassID class;
  xhr__platform_object *object = JS_GetAnyOpaque(value, &class);
  if (object)
    object->interface->finalize(runtime, object);
}

static void mark(JSRuntime *runtime, JSValueConst value, JS_MarkFunc *mark_func) {
  JSClassID class;
  xhr__platform_object *object = JS_GetAnyOpaque(value, &class);
  if (object && object->interface->mark)
    object->interface->mark(runtime, object, mark_func);
}

bool xhr__interface_is(const xhr__interface *interface, const xhr__interface *ancestor) {
  while (interface && interface != ancestor)
    interface = interface->inherits;
  return interface != NULL;
}

bool xhr__replace(xhr__realm *realm, JSValueConst this_value, const char *name,
                  JSValueConst value) {
  return JS_DefinePropertyValueStr(realm->js, this_value, name, JS_DupValue(realm->js, value),
                                   JS_PROP_C_W_E | JS_PROP_THROW) >= 0;
}

/* The structure of a value that is a platform object; NULL. */
static xhr__platform_object *platform_object(JSValueConst value) {
  JSClassID class;
  void *opaque = JS_GetAnyOpaque(value, &class);
  return class == platform_class || class == legacy_class ? opaque : NULL;
}

void *xhr__platform_object_of(JSValueConst value, const xhr__interface *interface) {
  xhr__platform_object *object = platform_object(value);
  return object && xhr__interface_is(object->interface, interface) ? object : NULL;
}

/* The prototype that a constructor call asks for, or the interface's own. */
static JSValue prototype_for(xhr__realm *realm, const xhr__interface *interface,
                             JSValueConst new_target) {
  if (JS_IsUndefined(new_target))
    return xhr__interface_prototype(realm, interface);
  JSValue prototype = JS_GetPropertyStr(realm->js, new_target, "prototype");
  if (JS_IsException(prototype) || JS_IsObject(prototype))
    return prototype;
  JS_FreeValue(realm->js, prototype);
  return xhr__interface_prototype(realm, interface);
}

/* https://webidl.spec.whatwg.org/#define-the-unforgeable-regular-attributes and operations, on an object that implements
 * `interface`. False where it threw. */
static bool define_unforgeables(xhr__realm *realm, const xhr__interface *interface,
                                JSValueConst object) {
  JSContext *js = realm->js;
  for (size_t i = 0; i < realm->unforgeable_count; i++) {
    const xhr__unforgeable *own = &realm->unforgeables[i];
    if (!xhr__interface_is(interface, own->interface))
      continue;
    int done = own->is_operation
                   ? JS_DefinePropertyValue(js, object, own->name, JS_DupValue(js, own->getter),
                                            JS_PROP_ENUMERABLE)
                   : JS_DefinePropertyGetSet(js, object, own->name, JS_DupValue(js, own->getter),
                                             JS_DupValue(js, own->setter), JS_PROP_ENUMERABLE);
    if (done < 0)
      return false;
  }
  return true;
}

JSValue xhr__platform_object_new(xhr__realm *realm, const xhr__interface *interface,
                                 JSValueConst new_target, void *structure) {
  xhr__platform_object *object = structure;
  object->interface = interface;
  JSValue prototype = prototype_for(realm, interface, new_target);
  JSValue value = JS_EXCEPTION;
  if (!JS_IsException(prototype))
    value = JS_NewObjectProtoClass(realm->js, prototype,
                                   interface->legacy ? legacy_class : platform_class);
  JS_FreeValue(realm->js, prototype);
  if (JS_IsException(value)) {
    interface->finalize(JS_GetRuntime(realm->js), object);
    return value;
  }
  JS_SetOpaque(value, object);
  if (define_unforgeables(realm, interface, value))
    return value;
  JS_FreeValue(realm->js, value);
  return JS_EXCEPTION;
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

/* The object that a member is used on: `this`, or the global object where there is none. NULL where it throws. */
static void *receiver(xhr__realm *realm, const bound_member *bound, JSValueConst *this_value) {
  if (JS_IsUndefined(*this_value) || JS_IsNull(*this_value))
    *this_value = realm->global;
  void *self = xhr__platform_object_of(*this_value, bound->interface);
  if (!self && JS_IsObject(*this_value) &&
      JS_VALUE_GET_PTR(*this_value) == JS_VALUE_GET_PTR(realm->global) && realm->global_object &&
      xhr__interface_is(realm->global_object->interface, bound->interface))
    self = realm->global_object;
  if (!self)
    JS_ThrowTypeError(realm->js, "'%s': this is no %s", bound->member->name,
                      bound->interface->name);
  return self;
}

/* The realm, unless it has been uninstalled; then it throws. */
static xhr__realm *realm_for_call(JSContext *js) {
  xhr__realm *realm = xhr__realm_of(js);
  if (!realm)
    JS_ThrowTypeError(js, "libxhr has been uninstalled from this realm");
  return realm;
}

static JSValue invoke(JSContext *js, const bound_member *bound, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  xhr__realm *realm = realm_for_call(js);
  if (!realm)
    return JS_EXCEPTION;
  void *self = NULL;
  if (bound->member->kind != XHR__STATIC_OPERATION) {
    self = receiver(realm, bound, &this_value);
    if (!self)
      return JS_EXCEPTION;
  }
  if (argc < bound->member->length)
    return JS_ThrowTypeError(js, "%s.%s: %d argument%s required, but %d present",
                             bound->interface->name, bound->member->name, bound->member->length,
                             bound->member->length == 1 ? "" : "s", argc);
  realm->depth++;
  JSValue result = bound->member->call(realm, self, this_value, argc, argv);
  realm->depth--;
  return result;
}

/* A promise that is rejected with the exception that is pending. */
static JSValue rejected_promise(JSContext *js) {
  JSValue functions[2];
  JSValue reason = JS_GetException(js);
  JSValue promise = JS_NewPromiseCapability(js, functions);
  if (!JS_IsException(promise)) {
    JSValueConst argument = reason;
    JS_FreeValue(js, JS_Call(js, functions[1], JS_UNDEFINED, 1, &argument));
    JS_FreeValue(js, functions[0]);
    JS_FreeValue(js, functions[1]);
  }
  JS_FreeValue(js, reason);
  return promise;
}

static JSValue call_operation(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                              int magic) {
  const bound_member *bound = &bound_members[magic];
  JSValue result = invoke(js, bound, this_value, argc, argv);
  return JS_IsException(result) && bound->member->gives_promise ? rejected_promise(js) : result;
}

static JSValue call_getter(JSContext *js, JSValueConst this_value, int magic) {
  const bound_member *bound = &bound_members[magic];
  xhr__realm *realm = realm_for_call(js);
  void *self = realm ? receiver(realm, bound, &this_value) : NULL;
  if (!self)
    return bound->member->gives_promise ? rejected_promise(js) : JS_EXCEPTION;
  realm->depth++;
  JSValue result = bound->member->kind == XHR__EVENT_HANDLER
                       ? xhr__event_handler_get(realm, self, bound->member->name + 2)
                       : bound->member->get(realm, self, this_value);
  realm->depth--;
  return result;
}

static JSValue call_setter(JSContext *js, JSValueConst this_value, JSValueConst value, int magic) {
  const bound_member *bound = &bound_members[magic];
  xhr__realm *realm = realm_for_call(js);
  void *self = realm ? receiver(realm, bound, &this_value) : NULL;
  if (!self)
    return JS_EXCEPTION;
  realm->depth++;
  bool done = bound->member->kind == XHR__EVENT_HANDLER
                  ? xhr__event_handler_set(realm, self, bound->member->name + 2, value)
                  : bound->member->set(realm, self, this_value, value);
  realm->depth--;
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

static JSValue call_constructor(JSContext *js, JSValueConst new_target, int argc,
                                JSValueConst *argv, int magic) {
  const xhr__interface *interface = xhr__interfaces[magic];
  xhr__realm *realm = realm_for_call(js);
  if (!realm)
    return JS_EXCEPTION;
  if (!interface->construct)
    return JS_ThrowTypeError(js, "%s: Illegal constructor", interface->name);
  if (argc < interface->construct_length)
    return JS_ThrowTypeError(js, "new %s: %d argument%s required, but %d present", interface->name,
                             interface->construct_length,
                             interface->construct_length == 1 ? "" : "s", argc);
  realm->depth++;
  JSValue result = interface->construct(realm, new_target, argc, argv);
  realm->depth--;
  return result;
}

/* ---- definition ------------------------------------------------------------------------------------------------- */

/* A function with the name "PREFIX NAME". */
static JSValue accessor(JSContext *js, JSCFunction *function, const char *prefix, const char *name,
                        int length, JSCFunctionEnum kind, int magic) {
  char full[96];
  (void)snprintf(full, sizeof full, "%s %s", prefix, name);
  return JS_NewCFunction2(js, function, full, length, kind, magic);
}

static bool define_accessor(JSContext *js, JSValueConst target, JSAtom atom,
                            const xhr__member *member, int magic) {
  JSCFunctionType get = {.getter_magic = call_getter}, set = {.setter_magic = call_setter};
  bool writable = member->set || member->kind == XHR__EVENT_HANDLER;
  JSValue getter = accessor(js, get.generic, "get", member->name, 0, JS_CFUNC_getter_magic, magic);
  JSValue setter =
      writable ? accessor(js, set.generic, "set", member->name, 1, JS_CFUNC_setter_magic, magic)
               : JS_UNDEFINED;
  return JS_DefinePropertyGetSet(js, target, atom, getter, setter,
                                 JS_PROP_CONFIGURABLE | JS_PROP_ENUMERABLE) >= 0;
}

static bool define_operation(JSContext *js, JSValueConst target, JSAtom atom,
                             const xhr__member *member, int magic) {
  JSValue function =
      JS_NewCFunctionMagic(js, call_operation, member->name, member->length + member->optional,
                           JS_CFUNC_generic_magic, magic);
  return JS_DefinePropertyValue(js, target, atom, function, JS_PROP_C_W_E) >= 0;
}

/* The atom of Symbol's well-known symbol `name`. */
static JSAtom well_known_symbol(JSContext *js, const char *name) {
  JSValue global = JS_GetGlobalObject(js);
  JSValue symbols = JS_GetPropertyStr(js, global, "Symbol");
  JSValue symbol = JS_GetPropertyStr(js, symbols, name);
  JSAtom atom = JS_ValueToAtom(js, symbol);
  JS_FreeValue(js, symbol);
  JS_FreeValue(js, symbols);
  JS_FreeValue(js, global);
  return atom;
}

/* prototype[Symbol[symbol]] = prototype[name] */
static bool define_iterator(JSContext *js, JSValueConst prototype, const char *symbol,
                            const char *name) {
  JSAtom atom = well_known_symbol(js, symbol);
  JSValue function = JS_GetPropertyStr(js, prototype, name);
  bool done = JS_DefinePropertyValue(js, prototype, atom, function,
                                     JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) >= 0;
  JS_FreeAtom(js, atom);
  return done;
}

/* Keeps what each object of the interface gets for its own. */
static bool keep_unforgeable(xhr__realm *realm, const xhr__interface *interface,
                             const xhr__member *member, int magic) {
  JSContext *js = realm->js;
  JSCFunctionType get = {.getter_magic = call_getter}, set = {.setter_magic = call_setter};
  xhr__unforgeable *all =
      xhr__realloc(realm->unforgeables, (realm->unforgeable_count + 1) * sizeof *all);
  if (!all) {
    JS_ThrowOutOfMemory(js);
    return false;
  }
  realm->unforgeables = all;
  xhr__unforgeable *own = &all[realm->unforgeable_count++];
  *own = (xhr__unforgeable){.interface = interface,
                            .name = JS_NewAtom(js, member->name),
                            .is_operation = member->call != NULL,
                            .setter = JS_UNDEFINED};
  own->getter =
      own->is_operation
          ? JS_NewCFunctionMagic(js, call_operation, member->name, member->length,
                                 JS_CFUNC_generic_magic, magic)
          : accessor(js, get.generic, "get", member->name, 0, JS_CFUNC_getter_magic, magic);
  if (member->set)
    own->setter = accessor(js, set.generic, "set", member->name, 1, JS_CFUNC_setter_magic, magic);
  return own->name != JS_ATOM_NULL && !JS_IsException(own->getter) && !JS_IsException(own->setter);
}

/* prototype[name or Symbol.iterator] = Array.prototype[name] */
static bool define_array_function(JSContext *js, JSValueConst prototype,
                                  const xhr__member *member) {
  JSValue list = JS_NewArray(js);
  JSValue function =
      JS_IsException(list) ? JS_EXCEPTION : JS_GetPropertyStr(js, list, member->name);
  JS_FreeValue(js, list);
  bool symbol = member->value == 1;
  JSAtom atom = symbol ? well_known_symbol(js, "iterator") : JS_NewAtom(js, member->name);
  bool done =
      JS_DefinePropertyValue(js, prototype, atom, function,
                             symbol ? JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE : JS_PROP_C_W_E) >= 0;
  JS_FreeAtom(js, atom);
  return done;
}

static bool define_member(JSContext *js, JSValueConst object, JSValueConst prototype,
                          const xhr__member *member, int magic) {
  if (member->kind == XHR__ITERATOR)
    return define_iterator(js, prototype, "iterator", member->name);
  if (member->kind == XHR__ASYNC_ITERATOR)
    return define_iterator(js, prototype, "asyncIterator", member->name);
  if (member->kind == XHR__ARRAY_FUNCTION)
    return define_array_function(js, prototype, member);
  JSAtom atom = JS_NewAtom(js, member->name);
  bool done = false;
  switch (member->kind) {
    case XHR__ATTRIBUTE:
    case XHR__EVENT_HANDLER: done = define_accessor(js, prototype, atom, member, magic); break;
    case XHR__OPERATION: done = define_operation(js, prototype, atom, member, magic); break;
    case XHR__STATIC_OPERATION: done = define_operation(js, object, atom, member, magic); break;
    case XHR__CONSTANT:
      done = JS_DefinePropertyValue(js, object, atom, JS_NewInt32(js, member->value),
                                    JS_PROP_ENUMERABLE) >= 0 &&
             JS_DefinePropertyValue(js, prototype, atom, JS_NewInt32(js, member->value),
                                    JS_PROP_ENUMERABLE) >= 0;
      break;
    case XHR__UNFORGEABLE:
    case XHR__ITERATOR:
    case XHR__ASYNC_ITERATOR:
    case XHR__ARRAY_FUNCTION: break;
  }
  JS_FreeAtom(js, atom);
  return done;
}

static bool define_to_string_tag(JSContext *js, JSValueConst prototype, const char *name) {
  JSAtom atom = well_known_symbol(js, "toStringTag");
  bool done = JS_DefinePropertyValue(js, prototype, atom, JS_NewString(js, name),
                                     JS_PROP_CONFIGURABLE) >= 0;
  JS_FreeAtom(js, atom);
  return done;
}

/* https://webidl.spec.whatwg.org/#create-an-interface-prototype-object, its @@unscopables; `bound` is where the members stand. */
static bool define_unscopables(xhr__realm *realm, const xhr__interface *interface,
                               JSValueConst prototype, int bound) {
  JSContext *js = realm->js;
  JSValue object = JS_UNDEFINED;
  bool done = true;
  for (; done && bound < bound_member_count && bound_members[bound].interface == interface;
       bound++) {
    const xhr__member *member = bound_members[bound].member;
    if (!member->unscopable)
      continue;
    if (JS_IsUndefined(object))
      object = JS_NewObjectProto(js, JS_NULL);
    done = !JS_IsException(object) &&
           JS_DefinePropertyValueStr(js, object, member->name, JS_NewBool(js, true),
                                     JS_PROP_C_W_E) >= 0;
  }
  if (JS_IsUndefined(object) || !done) {
    JS_FreeValue(js, object);
    return done;
  }
  JSAtom atom = well_known_symbol(js, "unscopables");
  done = JS_DefinePropertyValue(js, prototype, atom, object, JS_PROP_CONFIGURABLE) >= 0;
  JS_FreeAtom(js, atom);
  return done;
}

static size_t index_of(const xhr__interface *interface) {
  size_t i = 0;
  while (xhr__interfaces[i] != interface)
    i++;
  return i;
}

JSValue xhr__interface_object(xhr__realm *realm, const xhr__interface *interface) {
  return JS_DupValue(realm->js, realm->interface_objects[index_of(interface)]);
}

JSValue xhr__interface_prototype(xhr__realm *realm, const xhr__interface *interface) {
  return JS_GetPropertyStr(realm->js, realm->interface_objects[index_of(interface)], "prototype");
}

/* https://webidl.spec.whatwg.org/#js-iterator-prototype-object: %IteratorPrototype% */
static JSValue iterator_prototype(JSContext *js) {
  static const char code[] = "Object.getPrototypeOf(Object.getPrototypeOf([].values()))";
  return JS_Eval(js, code, sizeof code - 1, "<libxhr>", JS_EVAL_TYPE_GLOBAL);
}

/* https://webidl.spec.whatwg.org/#js-asynchronous-iterator-prototype-object: %AsyncIteratorPrototype% */
static JSValue async_iterator_prototype(JSContext *js) {
  static const char code[] =
      "Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype))";
  return JS_Eval(js, code, sizeof code - 1, "<libxhr>", JS_EVAL_TYPE_GLOBAL);
}

/* What the prototype inherits from. */
static JSValue parent_prototype(xhr__realm *realm, const xhr__interface *interface) {
  JSContext *js = realm->js;
  if (interface->is_iterator)
    return iterator_prototype(js);
  if (interface->is_async_iterator)
    return async_iterator_prototype(js);
  if (interface->inherits)
    return xhr__interface_prototype(realm, interface->inherits);
  JSValue object =
      JS_GetPropertyStr(js, realm->global, interface->inherits_error ? "Error" : "Object");
  JSValue prototype = JS_GetPropertyStr(js, object, "prototype");
  JS_FreeValue(js, object);
  return prototype;
}

/* Whether what has that set of exposures (0: all) is there in the realm. */
static bool is_exposed(const xhr__realm *realm, unsigned exposed) {
  return exposed == 0 || (exposed & realm->global_kind);
}

/* The interface's own members and its mixins'; `bound` is where they stand. */
static bool define_members(xhr__realm *realm, const xhr__interface *interface, JSValueConst object,
                           JSValueConst prototype, int bound) {
  JSValueConst target = interface->global ? realm->global : prototype;
  for (; bound < bound_member_count && bound_members[bound].interface == interface; bound++) {
    const xhr__member *member = bound_members[bound].member;
    if ((member->system && !xhr__context_is_system(realm->context)) ||
        !is_exposed(realm, member->exposed))
      continue;
    bool done = member->kind == XHR__UNFORGEABLE
                    ? keep_unforgeable(realm, interface, member, bound)
                    : define_member(realm->js, object, target, member, bound);
    if (!done)
      return false;
  }
  return !interface->global || define_unforgeables(realm, interface, realm->global);
}

/* https://webidl.spec.whatwg.org/#create-an-interface-object and its prototype object; `first` is the number of the
 * interface's first member. */
static bool define_interface(xhr__realm *realm, size_t index, int first) {
  JSContext *js = realm->js;
  const xhr__interface *interface = xhr__interfaces[index];
  if (!is_exposed(realm, interface->exposed))
    return true;
  JSCFunctionType construct = {.constructor_magic = call_constructor};
  JSValue object =
      JS_NewCFunction2(js, construct.generic, interface->name, interface->construct_length,
                       JS_CFUNC_constructor_magic, (int)index);
  JSValue parent = parent_prototype(realm, interface);
  JSValue prototype = JS_NewObjectProto(js, parent);
  JS_FreeValue(js, parent);
  realm->interface_objects[index] = object;
  bool done = !JS_IsException(object) && !JS_IsException(prototype);
  bool is_iterator = interface->is_iterator || interface->is_async_iterator;
  if (done && is_iterator) {
    done = JS_DefinePropertyValueStr(js, object, "prototype", JS_DupValue(js, prototype), 0) >= 0;
  } else if (done) {
    JS_SetConstructor(js, object, prototype);
    if (interface->inherits)
      done =
          JS_SetPrototype(js, object, realm->interface_objects[index_of(interface->inherits)]) >= 0;
  }
  if (done)
    done = define_members(realm, interface, object, prototype, first) &&
           define_unscopables(realm, interface, prototype, first);
  if (done && !interface->hidden)
    done = define_to_string_tag(js, prototype, interface->name);
  if (done && !interface->hidden && !is_iterator)
    done = JS_DefinePropertyValueStr(js, realm->global, interface->name, JS_DupValue(js, object),
                                     JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) >= 0;
  JS_FreeValue(js, prototype);
  return done;
}

bool xhr__interfaces_define(xhr__realm *realm) {
  JSRuntime *runtime = JS_GetRuntime(realm->js);
  static const JSClassDef class = {"PlatformObject", .finalizer = finalize, .gc_mark = mark};
  static const JSClassDef legacy = {"LegacyPlatformObject", .finalizer = finalize, .gc_mark = mark,
                                    .exotic = (JSClassExoticMethods *)&xhr__legacy_methods};
  (void)pthread_once(&once, bind_all);
  if (!JS_IsRegisteredClass(runtime, platform_class) &&
      (JS_NewClass(runtime, platform_class, &class) < 0 ||
       JS_NewClass(runtime, legacy_class, &legacy) < 0))
    return false;
  int first = 0;
  for (size_t i = 0; i < xhr__interface_count; i++) {
    if (!define_interface(realm, i, first))
      return false;
    while (first < bound_member_count && bound_members[first].interface == xhr__interfaces[i])
      first++;
  }
  return true;
}
