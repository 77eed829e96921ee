#include "runtime/dom_exception.h"
#include "runtime/inspector.h"

/* How many items and properties of one object are shown, and how many places of an array are looked at. */
enum { MOST_ITEMS = 100, MOST_PROPERTIES = 200, MOST_PLACES = 1000 };

/* ---- finding out ------------------------------------------------------------------------------------------------ */

static bool own_property(xhr__inspector *inspector, JSValueConst object, JSAtom key,
                         JSPropertyDescriptor *descriptor) {
  int found = JS_GetOwnProperty(inspector->js, descriptor, object, key);
  if (found < 0)
    xhr__forget_exception(inspector->js);
  return found > 0;
}

static void free_descriptor(JSContext *js, const JSPropertyDescriptor *descriptor) {
  JS_FreeValue(js, descriptor->value);
  JS_FreeValue(js, descriptor->getter);
  JS_FreeValue(js, descriptor->setter);
}

/* Goes to the object's prototype, taking over `object`; anything but an object at the end. A proxy is an end too: asking
 * it runs script. */
static JSValue prototype_of(xhr__inspector *inspector, JSValue object) {
  JSValue prototype = JS_NULL;
  if (!xhr__is_class(inspector->realm, object, XHR__CLASS_PROXY))
    prototype = JS_GetPrototype(inspector->js, object);
  JS_FreeValue(inspector->js, object);
  if (xhr__is_class(inspector->realm, prototype, XHR__CLASS_PROXY)) {
    JS_FreeValue(inspector->js, prototype);
    return JS_NULL;
  }
  return prototype;
}

/* A data property of that key, on the object or its prototypes; JS_UNDEFINED. */
static JSValue find_data(xhr__inspector *inspector, JSValueConst object, JSAtom key,
                         bool inherited) {
  JSContext *js = inspector->js;
  JSPropertyDescriptor descriptor;
  JSValue at = JS_DupValue(js, object), value = JS_UNDEFINED;
  while (JS_IsObject(at)) {
    if (own_property(inspector, at, key, &descriptor)) {
      if (!(descriptor.flags & JS_PROP_GETSET))
        value = JS_DupValue(js, descriptor.value);
      free_descriptor(js, &descriptor);
      break;
    }
    if (!inherited)
      break;
    at = prototype_of(inspector, at);
  }
  JS_FreeValue(js, at);
  return value;
}

JSValue xhr__data_property(xhr__inspector *inspector, JSValueConst object, const char *name,
                           bool inherited) {
  JSAtom key = JS_NewAtom(inspector->js, name);
  JSValue value = find_data(inspector, object, key, inherited);
  JS_FreeAtom(inspector->js, key);
  return value;
}

/* A string that is not empty. */
static bool is_name(JSContext *js, JSValueConst value) {
  int32_t len = 0;
  if (!JS_IsString(value))
    return false;
  JSValue length = JS_GetPropertyStr(js, value, "length");
  (void)JS_ToInt32(js, &len, length);
  return len > 0;
}

JSValue xhr__class_name(xhr__inspector *inspector, JSValueConst object) {
  JSContext *js = inspector->js;
  JSValue at = prototype_of(inspector, JS_DupValue(js, object)), name = JS_NULL;
  while (JS_IsObject(at) && JS_IsNull(name)) {
    JSValue constructor = xhr__data_property(inspector, at, "constructor", false);
    if (JS_IsFunction(js, constructor) &&
        !xhr__is_class(inspector->realm, constructor, XHR__CLASS_PROXY)) {
      JSValue text = xhr__data_property(inspector, constructor, "name", false);
      if (is_name(js, text))
        name = JS_DupValue(js, text);
      JS_FreeValue(js, text);
    }
    JS_FreeValue(js, constructor);
    at = prototype_of(inspector, at);
  }
  JS_FreeValue(js, at);
  return name;
}

const xhr__interface *xhr__interface_of(JSValueConst value, void **self) {
  for (size_t i = 0; i < xhr__interface_count; i++) {
    xhr__platform_object *object = xhr__platform_object_of(value, xhr__interfaces[i]);
    if (object) {
      *self = object;
      return object->interface;
    }
  }
  return NULL;
}

static bool text_is(xhr__inspector *inspector, JSValueConst string, const char *text) {
  xhr__bytes bytes = {0};
  if (!JS_IsString(string))
    return false;
  xhr__show_string(inspector, &bytes, string);
  bool is = xhr__str_equals(xhr__bytes_str(&bytes), xhr__str_c(text));
  xhr__bytes_free(&bytes);
  return is;
}

/* ---- heads ------------------------------------------------------------------------------------------------------ */

/* What an object is called. */
typedef struct class_names {
  JSValue name; /* JS_NULL where it has no prototype */
  JSValue tag;  /* Symbol.toStringTag, where it says something else; JS_UNDEFINED */
} class_names;

static class_names names_of(xhr__inspector *inspector, JSValueConst object) {
  JSContext *js = inspector->js;
  JSValueConst symbol = inspector->realm->intrinsics->functions[XHR__INTRINSIC_TO_STRING_TAG];
  JSAtom key = JS_ValueToAtom(js, symbol);
  class_names names = {xhr__class_name(inspector, object), find_data(inspector, object, key, true)};
  JS_FreeAtom(js, key);
  if (!is_name(js, names.tag) || JS_StrictEq(js, names.tag, names.name)) {
    JS_FreeValue(js, names.tag);
    names.tag = JS_UNDEFINED;
  }
  return names;
}

/* "Foo", "Foo(2) [tag]", "[Foo: null prototype]"; frees the names. `class` is what it is without any prototype; `size` may
 * be -1. */
static void show_names(xhr__inspector *inspector, xhr__bytes *out, class_names names,
                       const char *class, int64_t size) {
  if (JS_IsNull(names.name))
    xhr__show_format(inspector, out, "[%s: null prototype]", class);
  else
    xhr__show_string(inspector, out, names.name);
  if (size >= 0)
    xhr__show_format(inspector, out, "(%lld)", (long long)size);
  if (!JS_IsUndefined(names.tag)) {
    xhr__show_text(inspector, out, " [");
    xhr__show_string(inspector, out, names.tag);
    xhr__show_text(inspector, out, "]");
  }
  JS_FreeValue(inspector->js, names.name);
  JS_FreeValue(inspector->js, names.tag);
}

/* The class as it stands in front of an object's entries: "Foo ", "Foo(2) ", or nothing where it is the plain one. */
static void show_head(xhr__inspector *inspector, xhr__bytes *out, JSValueConst object,
                      const char *class, bool is_plain, int64_t size) {
  class_names names = names_of(inspector, object);
  if (is_plain && JS_IsUndefined(names.tag) && text_is(inspector, names.name, class)) {
    JS_FreeValue(inspector->js, names.name);
    return;
  }
  show_names(inspector, out, names, class, size);
  xhr__show_text(inspector, out, " ");
}

/* ---- own properties --------------------------------------------------------------------------------------------- */

static bool is_index(JSContext *js, JSAtom key) {
  size_t len;
  JSValue value = JS_AtomToValue(js, key);
  const char *text = JS_IsSymbol(value) ? NULL : JS_ToCStringLen(js, &len, value);
  bool is = text && len > 0;
  for (size_t i = 0; is && i < len; i++)
    is = xhr__is_ascii_digit((uint8_t)text[i]);
  JS_FreeCString(js, text);
  JS_FreeValue(js, value);
  return is;
}

static void add_property(xhr__inspector *inspector, JSValueConst object, JSAtom key,
                         xhr__inspect_entries *entries) {
  JSPropertyDescriptor descriptor;
  void *self;
  if (!own_property(inspector, object, key, &descriptor))
    return;
  /* A platform object's own accessors have been shown by what they give. */
  bool shown = (descriptor.flags & JS_PROP_GETSET) && xhr__interface_of(object, &self);
  xhr__bytes *entry = shown ? NULL : xhr__entries_add(inspector, entries);
  if (entry) {
    /* Shown elsewhere first: `entry` moves when entries of entries are added. */
    xhr__bytes text = {0};
    xhr__show_key(inspector, &text, key);
    xhr__show_text(inspector, &text, ": ");
    xhr__show_descriptor(inspector, &text, &descriptor);
    xhr__bytes_move(entry, &text);
  }
  free_descriptor(inspector->js, &descriptor);
}

void xhr__add_more(xhr__inspector *inspector, xhr__inspect_entries *entries, int64_t more,
                   const char *what) {
  xhr__bytes *entry = more > 0 ? xhr__entries_add(inspector, entries) : NULL;
  if (entry)
    xhr__show_format(inspector, entry, "... %lld more %s", (long long)more, what);
}

/* The enumerable ones, but, with `no_indices`, an array's items. */
static void add_properties(xhr__inspector *inspector, JSValueConst object, bool no_indices,
                           xhr__inspect_entries *entries) {
  JSContext *js = inspector->js;
  JSPropertyEnum *keys;
  uint32_t count, more = 0;
  const int which = JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK | JS_GPN_ENUM_ONLY;
  if (JS_GetOwnPropertyNames(js, &keys, &count, object, which) < 0) {
    xhr__forget_exception(js);
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    bool skip = no_indices && is_index(js, keys[i].atom);
    if (!skip && entries->count < MOST_PROPERTIES)
      add_property(inspector, object, keys[i].atom, entries);
    else
      more += !skip;
    JS_FreeAtom(js, keys[i].atom);
  }
  js_free(js, keys);
  xhr__add_more(inspector, entries, more, "properties");
}

/* One that is not enumerable, such as an error's cause: "[cause]: …". */
static void add_hidden_property(xhr__inspector *inspector, JSValueConst object, const char *name,
                                xhr__inspect_entries *entries) {
  JSPropertyDescriptor descriptor;
  JSAtom key = JS_NewAtom(inspector->js, name);
  if (own_property(inspector, object, key, &descriptor)) {
    xhr__bytes *entry = NULL;
    if (!(descriptor.flags & JS_PROP_ENUMERABLE))
      entry = xhr__entries_add(inspector, entries);
    if (entry) {
      xhr__show_format(inspector, entry, "[%s]: ", name);
      xhr__show_descriptor(inspector, entry, &descriptor);
    }
    free_descriptor(inspector->js, &descriptor);
  }
  JS_FreeAtom(inspector->js, key);
}

/* ---- by class --------------------------------------------------------------------------------------------------- */

/* "[class Foo extends Bar]", "[Function: foo]", "[Function (anonymous)]" */
static void show_function(xhr__inspector *inspector, xhr__bytes *out, JSValueConst function) {
  JSContext *js = inspector->js;
  xhr__bytes source = {0};
  JSValue text =
      xhr__call_intrinsic(inspector->realm, XHR__INTRINSIC_FUNCTION_TO_STRING, function, 0, NULL);
  JSValue name = xhr__data_property(inspector, function, "name", false);
  if (JS_IsException(text))
    xhr__forget_exception(js);
  else
    xhr__show_string(inspector, &source, text);
  bool is_class = xhr__str_starts_with(xhr__bytes_str(&source), XHR__STR("class"));
  bool is_async = xhr__str_starts_with(xhr__bytes_str(&source), XHR__STR("async"));
  xhr__show_text(inspector, out, is_class ? "[class" : is_async ? "[AsyncFunction" : "[Function");
  if (is_name(js, name)) {
    xhr__show_text(inspector, out, is_class ? " " : ": ");
    xhr__show_string(inspector, out, name);
  } else {
    xhr__show_text(inspector, out, " (anonymous)");
  }
  JSValue parent = is_class ? prototype_of(inspector, JS_DupValue(js, function)) : JS_NULL;
  JSValue parent_name =
      JS_IsObject(parent) ? xhr__data_property(inspector, parent, "name", false) : JS_UNDEFINED;
  if (is_name(js, parent_name)) {
    xhr__show_text(inspector, out, " extends ");
    xhr__show_string(inspector, out, parent_name);
  }
  xhr__show_text(inspector, out, "]");
  JS_FreeValue(js, parent_name);
  JS_FreeValue(js, parent);
  JS_FreeValue(js, name);
  JS_FreeValue(js, text);
  xhr__bytes_free(&source);
}

/* "Name: message" of an error. */
static void show_error_head(xhr__inspector *inspector, xhr__bytes *out, JSValueConst error) {
  JSContext *js = inspector->js;
  const char *name_text, *message_text;
  if (xhr__dom_exception_parts(error, &name_text, &message_text)) {
    xhr__show_text(inspector, out, name_text);
    xhr__show_text(inspector, out, *message_text ? ": " : "");
    xhr__show_text(inspector, out, message_text);
    return;
  }
  JSValue name = xhr__data_property(inspector, error, "name", true);
  JSValue class = xhr__class_name(inspector, error);
  JSValue message = xhr__data_property(inspector, error, "message", true);
  if (is_name(js, name) && !text_is(inspector, name, "Error"))
    xhr__show_string(inspector, out, name);
  else if (JS_IsString(class))
    xhr__show_string(inspector, out, class);
  else
    xhr__show_text(inspector, out, "Error");
  if (is_name(js, message)) {
    xhr__show_text(inspector, out, ": ");
    xhr__show_string(inspector, out, message);
  }
  JS_FreeValue(js, message);
  JS_FreeValue(js, class);
  JS_FreeValue(js, name);
}

/* What the stack says behind the head; all of it, where it is somebody's own with a head in it. */
static void show_error(xhr__inspector *inspector, xhr__bytes *out, JSValueConst error) {
  xhr__bytes head = {0}, stack = {0};
  JSValue value = xhr__data_property(inspector, error, "stack", false);
  show_error_head(inspector, &head, error);
  if (JS_IsString(value))
    xhr__show_string(inspector, &stack, value);
  JS_FreeValue(inspector->js, value);
  while (stack.len > 0 && stack.data[stack.len - 1] == '\n')
    stack.data[--stack.len] = '\0';
  xhr__str trimmed = xhr__str_trim_ascii_whitespace(xhr__bytes_str(&stack));
  if (trimmed.len == 0) {
    xhr__show_text(inspector, out, "[");
    xhr__show_text(inspector, out, head.data);
    xhr__show_text(inspector, out, "]");
  } else {
    bool has_head = !xhr__str_starts_with(trimmed, XHR__STR("at "));
    xhr__show_text(inspector, out, has_head ? "" : head.data);
    xhr__show_text(inspector, out, has_head ? "" : "\n");
    xhr__show_text(inspector, out, stack.data);
  }
  xhr__bytes_free(&head);
  xhr__bytes_free(&stack);
}

/* "[Number: 3]": an object around a primitive; true where it is one. */
static bool show_boxed(xhr__inspector *inspector, xhr__bytes *out, JSValueConst object) {
  static const struct {
    xhr__class class;
    xhr__intrinsic value_of;
    const char *name;
  } boxes[] = {{XHR__CLASS_NUMBER, XHR__INTRINSIC_NUMBER_VALUE_OF, "Number"},
               {XHR__CLASS_STRING, XHR__INTRINSIC_STRING_VALUE_OF, "String"},
               {XHR__CLASS_BOOLEAN, XHR__INTRINSIC_BOOLEAN_VALUE_OF, "Boolean"},
               {XHR__CLASS_SYMBOL, XHR__INTRINSIC_SYMBOL_VALUE_OF, "Symbol"},
               {XHR__CLASS_BIG_INT, XHR__INTRINSIC_BIG_INT_VALUE_OF, "BigInt"}};
  for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
    if (!xhr__is_class(inspector->realm, object, boxes[i].class))
      continue;
    JSValue value = xhr__call_intrinsic(inspector->realm, boxes[i].value_of, object, 0, NULL);
    xhr__show_format(inspector, out, "[%s: ", boxes[i].name);
    xhr__show(inspector, out, value);
    xhr__show_text(inspector, out, "]");
    JS_FreeValue(inspector->js, value);
    return true;
  }
  return false;
}

/* Those that a text of their own stands for; true where it is one. */
static bool show_by_text(xhr__inspector *inspector, xhr__bytes *out, JSValueConst object) {
  JSContext *js = inspector->js;
  xhr__realm *realm = inspector->realm;
  if (xhr__is_class(realm, object, XHR__CLASS_DATE)) {
    JSValue text = xhr__call_intrinsic(realm, XHR__INTRINSIC_DATE_TO_ISO_STRING, object, 0, NULL);
    if (JS_IsException(text)) {
      xhr__forget_exception(js);
      xhr__show_text(inspector, out, "Invalid Date");
    } else {
      xhr__show_string(inspector, out, text);
    }
    JS_FreeValue(js, text);
    return true;
  }
  if (xhr__is_class(realm, object, XHR__CLASS_REGEXP)) {
    JSValue source = xhr__call_intrinsic(realm, XHR__INTRINSIC_REGEXP_SOURCE, object, 0, NULL);
    JSValue flags = xhr__call_intrinsic(realm, XHR__INTRINSIC_REGEXP_FLAGS, object, 0, NULL);
    xhr__show_text(inspector, out, "/");
    xhr__show_string(inspector, out, source);
    xhr__show_text(inspector, out, "/");
    xhr__show_string(inspector, out, flags);
    JS_FreeValue(js, source);
    JS_FreeValue(js, flags);
    return true;
  }
  return show_boxed(inspector, out, object);
}

/* ---- arrays ----------------------------------------------------------------------------------------------------- */

static int64_t length_of(xhr__inspector *inspector, JSValueConst array) {
  int64_t length = 0;
  JSValue value = xhr__data_property(inspector, array, "length", false);
  (void)JS_ToInt64(inspector->js, &length, value);
  JS_FreeValue(inspector->js, value);
  return length;
}

static void add_holes(xhr__inspector *inspector, xhr__inspect_entries *entries, int64_t *holes) {
  xhr__bytes *entry = *holes > 0 ? xhr__entries_add(inspector, entries) : NULL;
  if (entry)
    xhr__show_format(inspector, entry, "<%lld empty item%s>", (long long)*holes,
                     *holes == 1 ? "" : "s");
  *holes = 0;
}

static void add_items(xhr__inspector *inspector, JSValueConst array, int64_t length,
                      xhr__inspect_entries *entries) {
  JSPropertyDescriptor descriptor;
  int64_t i = 0, holes = 0;
  for (; i < length && i < MOST_PLACES && entries->count < MOST_ITEMS; i++) {
    JSAtom key = JS_NewAtomUInt32(inspector->js, (uint32_t)i);
    if (own_property(inspector, array, key, &descriptor)) {
      add_holes(inspector, entries, &holes);
      xhr__bytes *entry = xhr__entries_add(inspector, entries);
      if (entry)
        xhr__show_descriptor(inspector, entry, &descriptor);
      free_descriptor(inspector->js, &descriptor);
    } else {
      holes++;
    }
    JS_FreeAtom(inspector->js, key);
  }
  add_holes(inspector, entries, &holes);
  xhr__add_more(inspector, entries, length - i, "items");
}

static void show_array(xhr__inspector *inspector, xhr__bytes *out, JSValueConst array) {
  xhr__inspect_entries entries = {0};
  int64_t length = length_of(inspector, array);
  show_head(inspector, out, array, "Array", true, length);
  add_items(inspector, array, length, &entries);
  if (length <= MOST_PLACES)
    add_properties(inspector, array, true, &entries);
  xhr__show_entries(inspector, out, &entries, "[", "]", length > 6);
}

/* A typed array, whose items are numbers. */
static void show_typed_array(xhr__inspector *inspector, xhr__bytes *out, JSValueConst array,
                             size_t count) {
  xhr__inspect_entries entries = {0};
  show_head(inspector, out, array, "TypedArray", false, (int64_t)count);
  for (size_t i = 0; i < count && i < MOST_ITEMS; i++) {
    JSValue item = JS_GetPropertyUint32(inspector->js, array, (uint32_t)i);
    xhr__bytes *entry = xhr__entries_add(inspector, &entries);
    if (entry)
      xhr__show(inspector, entry, item);
    JS_FreeValue(inspector->js, item);
  }
  if (count > MOST_ITEMS)
    xhr__add_more(inspector, &entries, (int64_t)(count - MOST_ITEMS), "items");
  xhr__show_entries(inspector, out, &entries, "[", "]", count > 6);
}

static bool show_if_typed_array(xhr__inspector *inspector, xhr__bytes *out, JSValueConst value) {
  const xhr__buffer_classes *classes = &inspector->realm->buffer_classes;
  JSClassID class = JS_GetClassID(value);
  size_t offset, len, size = 1;
  if (class < classes->first_typed_array || class > classes->last_typed_array)
    return false;
  JSValue buffer = JS_GetTypedArrayBuffer(inspector->js, value, &offset, &len, &size);
  if (JS_IsException(buffer)) {
    xhr__forget_exception(inspector->js);
    len = 0;
  }
  JS_FreeValue(inspector->js, buffer);
  show_typed_array(inspector, out, value, len / size);
  return true;
}

/* ---- the rest --------------------------------------------------------------------------------------------------- */

/* How many items a Map or Set has; -1 for other classes. */
static int64_t size_of(xhr__inspector *inspector, JSValueConst object) {
  int64_t size = -1;
  bool is_map = xhr__is_class(inspector->realm, object, XHR__CLASS_MAP);
  if (!is_map && !xhr__is_class(inspector->realm, object, XHR__CLASS_SET))
    return size;
  xhr__intrinsic getter = is_map ? XHR__INTRINSIC_MAP_SIZE : XHR__INTRINSIC_SET_SIZE;
  JSValue value = xhr__call_intrinsic(inspector->realm, getter, object, 0, NULL);
  (void)JS_ToInt64(inspector->js, &size, value);
  return size;
}

static void show_other(xhr__inspector *inspector, xhr__bytes *out, JSValueConst object) {
  xhr__inspect_entries entries = {0};
  xhr__add_class_entries(inspector, object, &entries);
  int64_t size = size_of(inspector, object);
  add_properties(inspector, object, false, &entries);
  show_head(inspector, out, object, "Object", size < 0, size);
  xhr__show_entries(inspector, out, &entries, "{", "}", false);
}

/* What has a text of its own, and properties only where it has been given some. */
static void show_with_text(xhr__inspector *inspector, xhr__bytes *out, JSValueConst object,
                           const xhr__bytes *text, bool is_error) {
  xhr__inspect_entries entries = {0};
  if (inspector->status == XHR_OK)
    inspector->status = xhr__bytes_append(out, xhr__bytes_str(text));
  bool is_string = xhr__is_class(inspector->realm, object, XHR__CLASS_STRING);
  add_properties(inspector, object, is_string, &entries);
  if (is_error) {
    add_hidden_property(inspector, object, "cause", &entries);
    add_hidden_property(inspector, object, "errors", &entries);
  }
  if (entries.count > 0)
    xhr__show_entries(inspector, out, &entries, " {", "}", false);
}

void xhr__show_object(xhr__inspector *inspector, xhr__bytes *out, JSValueConst object) {
  const char *name, *message;
  xhr__realm *realm = inspector->realm;
  bool is_error = xhr__is_class(realm, object, XHR__CLASS_ERROR) ||
                  xhr__dom_exception_parts(object, &name, &message);
  xhr__bytes text = {0};
  if (xhr__is_class(realm, object, XHR__CLASS_PROXY)) {
    xhr__show_text(inspector, out, "[Proxy]");
    return;
  }
  if (JS_IsFunction(inspector->js, object))
    show_function(inspector, &text, object);
  else if (is_error)
    show_error(inspector, &text, object);
  else
    (void)show_by_text(inspector, &text, object);
  if (text.len > 0 && inspector->depth >= 0) {
    show_with_text(inspector, out, object, &text, is_error);
  } else if (text.len > 0) {
    xhr__show_text(inspector, out, text.data);
  } else if (inspector->depth < 0) {
    xhr__show_text(inspector, out, "[");
    show_names(inspector, out, names_of(inspector, object), "Object", -1);
    xhr__show_text(inspector, out, "]");
  } else if (xhr__is_class(realm, object, XHR__CLASS_ARRAY)) {
    show_array(inspector, out, object);
  } else if (!show_if_typed_array(inspector, out, object)) {
    show_other(inspector, out, object);
  }
  xhr__bytes_free(&text);
}
