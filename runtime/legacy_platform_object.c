#include "runtime/legacy_platform_object.h"

#include "runtime/realm.h"

/* What a method below works on. */
typedef struct legacy_object {
  xhr__realm *realm;
  void *self;
  const xhr__legacy_properties *properties;
} legacy_object;

/* False where the realm is gone: then there are none but ordinary properties. */
static bool open_object(JSContext *js, JSValueConst value, legacy_object *object) {
  JSClassID class;
  xhr__platform_object *structure = JS_GetAnyOpaque(value, &class);
  *object = (legacy_object){.realm = xhr__realm_of(js), .self = structure};
  if (!structure || !object->realm)
    return false;
  object->properties = structure->interface->legacy;
  return true;
}

/* A property key that is an array index, or any integer of the engine's. */
static bool is_index(JSContext *js, JSAtom key, uint32_t *index) {
  JSValue name = JS_AtomToValue(js, key);
  bool is = JS_VALUE_GET_TAG(name) == JS_TAG_INT && JS_VALUE_GET_INT(name) >= 0;
  if (is) {
    *index = (uint32_t)JS_VALUE_GET_INT(name);
  } else if (JS_IsString(name)) {
    /* 2^31 and more: no object has that many, but it is an index all the same. */
    size_t len;
    uint64_t number;
    const char *text = JS_ToCStringLen(js, &len, name);
    xhr__str digits = text ? xhr__str_of(text, len) : XHR__STR_EMPTY;
    is = len > 0 && (len == 1 || xhr__str_at(digits, 0) != '0') &&
         xhr__str_to_u64(digits, &number) && number < UINT32_MAX;
    *index = is ? (uint32_t)number : 0;
    JS_FreeCString(js, text);
  }
  JS_FreeValue(js, name);
  return is;
}

/* Whether the prototypes have a property of that name: -1 where that threw. */
static int is_inherited(JSContext *js, JSValueConst value, JSAtom key) {
  JSValue prototype = JS_GetPrototype(js, value);
  int has = JS_IsObject(prototype) ? JS_HasProperty(js, prototype, key) : 0;
  JS_FreeValue(js, prototype);
  return has;
}

/* https://webidl.spec.whatwg.org/#dfn-named-property-visibility: the value, JS_UNDEFINED where there is none. */
static JSValue named_property(JSContext *js, const legacy_object *object, JSValueConst value,
                              JSAtom key) {
  JSValue name = JS_AtomToValue(js, key), result = JS_UNDEFINED;
  size_t len;
  if (JS_IsString(name) && object->properties->named) {
    int hidden = object->properties->override_builtins ? 0 : is_inherited(js, value, key);
    const char *text = hidden == 0 ? JS_ToCStringLen(js, &len, name) : NULL;
    if (text)
      result = object->properties->named(object->realm, object->self, xhr__str_of(text, len));
    else if (hidden <= 0)
      result = JS_EXCEPTION;
    JS_FreeCString(js, text);
  }
  JS_FreeValue(js, name);
  return result;
}

/* https://webidl.spec.whatwg.org/#LegacyPlatformObjectGetOwnProperty
 * NOTE: the engine asks here first, and looks for ordinary properties where the answer is 0. */
static int get_own_property(JSContext *js, JSPropertyDescriptor *descriptor, JSValueConst value,
                            JSAtom key) {
  legacy_object object;
  uint32_t index;
  JSValue found = JS_UNDEFINED;
  if (!open_object(js, value, &object))
    return 0;
  const xhr__legacy_properties *properties = object.properties;
  bool indexed = properties->length && is_index(js, key, &index);
  if (indexed && index < properties->length(object.self))
    found = properties->indexed(object.realm, object.self, index);
  else if (!indexed)
    found = named_property(js, &object, value, key);
  if (JS_IsException(found))
    return -1;
  if (JS_IsUndefined(found))
    return 0;
  int flags = JS_PROP_CONFIGURABLE;
  if (indexed || !properties->unenumerable)
    flags |= JS_PROP_ENUMERABLE;
  if (!indexed && (properties->set_named || properties->is_named_properties_object))
    flags |= JS_PROP_WRITABLE;
  if (descriptor) {
    *descriptor = (JSPropertyDescriptor){
        .flags = flags, .value = found, .getter = JS_UNDEFINED, .setter = JS_UNDEFINED};
  } else {
    JS_FreeValue(js, found);
  }
  return 1;
}

/* https://webidl.spec.whatwg.org/#legacy-platform-object-ownpropertykeys, without the ordinary ones */
static int get_own_property_names(JSContext *js, JSPropertyEnum **out, uint32_t *count,
                                  JSValueConst value) {
  legacy_object object;
  xhr__bytes names = {0};
  *out = NULL;
  *count = 0;
  if (!open_object(js, value, &object))
    return 0;
  uint32_t length = object.properties->length ? object.properties->length(object.self) : 0;
  if (object.properties->names && !object.properties->names(object.self, &names)) {
    xhr__bytes_free(&names);
    JS_ThrowOutOfMemory(js);
    return -1;
  }
  size_t total = length;
  for (size_t i = 0; i < names.len; i++)
    total += names.data[i] == '\0';
  JSPropertyEnum *keys = total > 0 ? js_mallocz(js, total * sizeof *keys) : NULL;
  uint32_t used = 0;
  for (; keys && used < length; used++)
    keys[used].atom = JS_NewAtomUInt32(js, used);
  for (size_t start = 0, end; keys && start < names.len; start = end + 1) {
    end = xhr__str_find(xhr__bytes_str(&names), start, '\0');
    keys[used++].atom = JS_NewAtomLen(js, names.data + start, end - start);
  }
  xhr__bytes_free(&names);
  *out = keys;
  *count = used;
  return total > 0 && !keys ? -1 : 0;
}

/* https://webidl.spec.whatwg.org/#legacy-platform-object-delete; 1 where there is nothing of that name. */
static int delete_property(JSContext *js, JSValueConst value, JSAtom key) {
  legacy_object object;
  int found = get_own_property(js, NULL, value, key);
  if (found <= 0 || !open_object(js, value, &object))
    return found < 0 ? -1 : 1;
  uint32_t index;
  if ((object.properties->length && is_index(js, key, &index)) || !object.properties->delete_named)
    return 0;
  const char *text = JS_AtomToCString(js, key);
  bool done = text && object.properties->delete_named(object.realm, object.self, xhr__str_c(text));
  JS_FreeCString(js, text);
  return done ? 1 : -1;
}

/* https://webidl.spec.whatwg.org/#legacy-platform-object-defineownproperty */
static int define_own_property(JSContext *js, JSValueConst value, JSAtom key, JSValueConst given,
                               JSValueConst getter, JSValueConst setter, int flags) {
  legacy_object object;
  uint32_t index;
  if (open_object(js, value, &object)) {
    const xhr__legacy_properties *properties = object.properties;
    bool indexed = properties->length && is_index(js, key, &index);
    if (!indexed && properties->set_named && (flags & JS_PROP_HAS_VALUE)) {
      const char *text = JS_AtomToCString(js, key);
      bool done = text && properties->set_named(object.realm, object.self, xhr__str_c(text), given);
      JS_FreeCString(js, text);
      return done ? 1 : -1;
    }
    int found = indexed ? 1 : get_own_property(js, NULL, value, key);
    if (found != 0) {
      if (found > 0 && (flags & (JS_PROP_THROW | JS_PROP_THROW_STRICT)))
        JS_ThrowTypeError(js, "the property is read-only");
      return found > 0 && !JS_HasException(js) ? 0 : -1;
    }
  }
  return JS_DefineProperty(js, value, key, given, getter, setter, flags | JS_PROP_NO_EXOTIC);
}

const JSClassExoticMethods xhr__legacy_methods = {
    .get_own_property = get_own_property,
    .get_own_property_names = get_own_property_names,
    .delete_property = delete_property,
    .define_own_property = define_own_property,
};
