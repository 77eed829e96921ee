#include "runtime/dom_exception.h"

#include <stdarg.h>
#include <stdio.h>

#include "infra/alloc.h"
#include "runtime/convert.h"

typedef struct dom_exception {
  xhr__platform_object object;
  xhr__bytes name, message;
} dom_exception;

/* https://webidl.spec.whatwg.org/#dfn-error-names-table: the names that have a code, at its place. */
static const char *const names_by_code[] = {"",
                                            "IndexSizeError",
                                            "",
                                            "HierarchyRequestError",
                                            "WrongDocumentError",
                                            "InvalidCharacterError",
                                            "",
                                            "NoModificationAllowedError",
                                            "NotFoundError",
                                            "NotSupportedError",
                                            "InUseAttributeError",
                                            "InvalidStateError",
                                            "SyntaxError",
                                            "InvalidModificationError",
                                            "NamespaceError",
                                            "InvalidAccessError",
                                            "",
                                            "TypeMismatchError",
                                            "SecurityError",
                                            "NetworkError",
                                            "AbortError",
                                            "URLMismatchError",
                                            "QuotaExceededError",
                                            "TimeoutError",
                                            "InvalidNodeTypeError",
                                            "DataCloneError"};

static void finalize(JSRuntime *runtime, void *object) {
  dom_exception *self = object;
  (void)runtime;
  xhr__bytes_free(&self->name);
  xhr__bytes_free(&self->message);
  xhr__free(self);
}

/* `stack`, as the engine's own errors have it: taken from one that is made here. */
static bool define_stack(xhr__realm *realm, JSValueConst exception) {
  JSContext *js = realm->js;
  JSValue error = xhr__construct_intrinsic(realm, XHR__INTRINSIC_ERROR, 0, NULL);
  if (JS_IsException(error))
    return false;
  JSValue stack = JS_GetPropertyStr(js, error, "stack");
  JS_FreeValue(js, error);
  return JS_DefinePropertyValueStr(js, exception, "stack", stack,
                                   JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) >= 0;
}

/* Takes over both strings. */
static JSValue make(xhr__realm *realm, JSValueConst new_target, xhr__bytes *name,
                    xhr__bytes *message) {
  dom_exception *self = XHR__NEW(dom_exception);
  if (!self) {
    xhr__bytes_free(name);
    xhr__bytes_free(message);
    return JS_ThrowOutOfMemory(realm->js);
  }
  xhr__bytes_move(&self->name, name);
  xhr__bytes_move(&self->message, message);
  JSValue value = xhr__platform_object_new(realm, &xhr__dom_exception_interface, new_target, self);
  if (!JS_IsException(value) && !define_stack(realm, value)) {
    JS_FreeValue(realm->js, value);
    return JS_EXCEPTION;
  }
  return value;
}

/* https://webidl.spec.whatwg.org/#dom-domexception-domexception */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  xhr__bytes name = {0}, message = {0};
  bool converted = true;
  if (argc > 0 && !JS_IsUndefined(argv[0]))
    converted = xhr__to_dom_string(realm, argv[0], &message);
  if (converted && argc > 1 && !JS_IsUndefined(argv[1])) {
    converted = xhr__to_dom_string(realm, argv[1], &name);
  } else if (converted && xhr__bytes_append(&name, XHR__STR("Error")) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    converted = false;
  }
  if (!converted) {
    xhr__bytes_free(&name);
    xhr__bytes_free(&message);
    return JS_EXCEPTION;
  }
  return make(realm, new_target, &name, &message);
}

static JSValue get_name(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__bytes_str(&((dom_exception *)self)->name));
}

static JSValue get_message(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__bytes_str(&((dom_exception *)self)->message));
}

static JSValue get_code(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  xhr__str name = xhr__bytes_str(&((dom_exception *)self)->name);
  for (size_t code = 1; code < sizeof names_by_code / sizeof *names_by_code; code++) {
    if (xhr__str_equals(name, xhr__str_c(names_by_code[code])) && name.len > 0)
      return JS_NewInt32(realm->js, (int32_t)code);
  }
  return JS_NewInt32(realm->js, 0);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("name", get_name),
    XHR__DEFINE_READONLY("message", get_message),
    XHR__DEFINE_READONLY("code", get_code),
    XHR__DEFINE_CONSTANT("INDEX_SIZE_ERR", 1),
    XHR__DEFINE_CONSTANT("DOMSTRING_SIZE_ERR", 2),
    XHR__DEFINE_CONSTANT("HIERARCHY_REQUEST_ERR", 3),
    XHR__DEFINE_CONSTANT("WRONG_DOCUMENT_ERR", 4),
    XHR__DEFINE_CONSTANT("INVALID_CHARACTER_ERR", 5),
    XHR__DEFINE_CONSTANT("NO_DATA_ALLOWED_ERR", 6),
    XHR__DEFINE_CONSTANT("NO_MODIFICATION_ALLOWED_ERR", 7),
    XHR__DEFINE_CONSTANT("NOT_FOUND_ERR", 8),
    XHR__DEFINE_CONSTANT("NOT_SUPPORTED_ERR", 9),
    XHR__DEFINE_CONSTANT("INUSE_ATTRIBUTE_ERR", 10),
    XHR__DEFINE_CONSTANT("INVALID_STATE_ERR", 11),
    XHR__DEFINE_CONSTANT("SYNTAX_ERR", 12),
    XHR__DEFINE_CONSTANT("INVALID_MODIFICATION_ERR", 13),
    XHR__DEFINE_CONSTANT("NAMESPACE_ERR", 14),
    XHR__DEFINE_CONSTANT("INVALID_ACCESS_ERR", 15),
    XHR__DEFINE_CONSTANT("VALIDATION_ERR", 16),
    XHR__DEFINE_CONSTANT("TYPE_MISMATCH_ERR", 17),
    XHR__DEFINE_CONSTANT("SECURITY_ERR", 18),
    XHR__DEFINE_CONSTANT("NETWORK_ERR", 19),
    XHR__DEFINE_CONSTANT("ABORT_ERR", 20),
    XHR__DEFINE_CONSTANT("URL_MISMATCH_ERR", 21),
    XHR__DEFINE_CONSTANT("QUOTA_EXCEEDED_ERR", 22),
    XHR__DEFINE_CONSTANT("TIMEOUT_ERR", 23),
    XHR__DEFINE_CONSTANT("INVALID_NODE_TYPE_ERR", 24),
    XHR__DEFINE_CONSTANT("DATA_CLONE_ERR", 25),
};

const xhr__interface xhr__dom_exception_interface = {
    .name = "DOMException",
    .inherits_error = true,
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
};

bool xhr__dom_exception_parts(JSValueConst value, const char **name, const char **message) {
  dom_exception *self = xhr__platform_object_of(value, &xhr__dom_exception_interface);
  if (!self)
    return false;
  *name = self->name.data ? self->name.data : "";
  *message = self->message.data ? self->message.data : "";
  return true;
}

JSValue xhr__dom_exception_new(xhr__realm *realm, const char *name, const char *message) {
  xhr__bytes name_text = {0}, message_text = {0};
  if (xhr__bytes_append(&name_text, xhr__str_c(name)) != XHR_OK ||
      xhr__bytes_append(&message_text, xhr__str_c(message)) != XHR_OK) {
    xhr__bytes_free(&name_text);
    return JS_ThrowOutOfMemory(realm->js);
  }
  return make(realm, JS_UNDEFINED, &name_text, &message_text);
}

JSValue xhr__throw(xhr__realm *realm, const char *name, const char *format, ...) {
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  JSValue exception = xhr__dom_exception_new(realm, name, message);
  return JS_IsException(exception) ? exception : JS_Throw(realm->js, exception);
}

JSValue xhr__throw_status(xhr__realm *realm, xhr_status status, const char *what) {
  const char *text = xhr_status_text(status);
  switch (status) {
    case XHR_OUT_OF_MEMORY: return JS_ThrowOutOfMemory(realm->js);
    case XHR_TYPE_ERR:
    case XHR_INVALID_ARGUMENT: return JS_ThrowTypeError(realm->js, "%s", what);
    case XHR_LIMIT: return JS_ThrowRangeError(realm->js, "%s: %s", what, text);
    case XHR_CLOSED:
      return xhr__throw(realm, "InvalidStateError", "%s: the context has been destroyed", what);
    default: break;
  }
  /* The texts of the exceptions' codes begin with the exception's name. */
  const char *colon = strstr(text, "Error: ");
  if (!colon)
    return xhr__throw(realm, "OperationError", "%s: %s", what, text);
  char name[64];
  (void)snprintf(name, sizeof name, "%.*s", (int)(colon - text) + 5, text);
  return xhr__throw(realm, name, "%s: %s", what, colon + 7);
}

/* https://webidl.spec.whatwg.org/#idl-DOMException: serialization steps. */
static bool serialize(xhr__serializer *serializer, void *object, JSValueConst value) {
  const dom_exception *self = object;
  /* 1. - 2. */
  return xhr__write_text(serializer, xhr__bytes_str(&self->name)) &&
         xhr__write_text(serializer, xhr__bytes_str(&self->message)) &&
         /* 3. what is interesting, notably the stack */
         xhr__write_own_text(serializer, value, "stack");
}

/* Deserialization steps. */
static JSValue deserialize(xhr__deserializer *deserializer) {
  xhr__realm *realm = xhr__deserializer_realm(deserializer);
  xhr__bytes name = {0}, message = {0};
  if (xhr__bytes_append(&name, xhr__read_text(deserializer)) != XHR_OK ||
      xhr__bytes_append(&message, xhr__read_text(deserializer)) != XHR_OK) {
    xhr__bytes_free(&name);
    return JS_ThrowOutOfMemory(realm->js);
  }
  JSValue value = make(realm, JS_UNDEFINED, &name, &message);
  if (JS_IsException(value) || xhr__read_own_text(deserializer, value, "stack"))
    return value;
  JS_FreeValue(realm->js, value);
  return JS_EXCEPTION;
}

const xhr__serializable xhr__dom_exception_serializable = {&xhr__dom_exception_interface, serialize,
                                                           deserialize};
