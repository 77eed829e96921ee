/* https://xhr.spec.whatwg.org/#response: responseType, response, responseText, responseXML. */
#include "infra/utf8.h"
#include "runtime/blob_binding.h"
#include "runtime/convert.h"
#include "runtime/shared_memory.h"
#include "runtime/xmlhttprequest.h"
#include "xhr/xmlhttprequest.h"

static void forget_exception(JSContext *js) {
  JS_FreeValue(js, JS_GetException(js));
}

/* Drops what was made of a response that is not the request's any more. */
static void refresh(xhr__realm *realm, xhr__js_xhr *self) {
  if (self->response == self->request->responses)
    return;
  self->response = self->request->responses;
  JSValue text = self->text, object = self->response_object;
  self->text = self->response_object = JS_UNDEFINED;
  self->text_len = 0;
  self->text_too_long = false;
  JS_FreeValue(realm->js, text);
  JS_FreeValue(realm->js, object);
}

/* ---- responseType ----------------------------------------------------------------------------------------------- */

/* https://xhr.spec.whatwg.org/#xmlhttprequestresponsetype */
static const struct {
  const char *text;
  xhr_response_type type;
  bool document;
} types[] = {
    {"", XHR_RESPONSE_TYPE_EMPTY, false},
    {"arraybuffer", XHR_RESPONSE_TYPE_ARRAYBUFFER, false},
    {"blob", XHR_RESPONSE_TYPE_BLOB, false},
    /* FIXME: documents. Until then src/xhr takes it for one of those that give null before DONE. */
    {"document", XHR_RESPONSE_TYPE_BLOB, true},
    {"json", XHR_RESPONSE_TYPE_JSON, false},
    {"text", XHR_RESPONSE_TYPE_TEXT, false},
};

JSValue xhr__xhr_get_response_type(xhr__realm *realm, void *object, JSValueConst this_value) {
  const xhr__js_xhr *self = object;
  (void)this_value;
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    if (types[i].type == xhr_get_response_type(self->request) &&
        types[i].document == self->document)
      return JS_NewString(realm->js, types[i].text);
  }
  return JS_NewString(realm->js, "");
}

/* https://xhr.spec.whatwg.org/#the-responsetype-attribute */
bool xhr__xhr_set_response_type(xhr__realm *realm, void *object, JSValueConst this_value,
                                JSValueConst value) {
  xhr__js_xhr *self = object;
  xhr__bytes text = {0};
  size_t i = 0;
  (void)this_value;
  if (!xhr__to_dom_string(realm, value, &text))
    return false;
  while (i < sizeof types / sizeof *types &&
         !xhr__str_equals(xhr__bytes_str(&text), xhr__str_c(types[i].text)))
    i++;
  xhr__bytes_free(&text);
  /* https://webidl.spec.whatwg.org/#js-attributes: what is no value of the enumeration changes nothing. */
  if (i == sizeof types / sizeof *types)
    return true;
  /* 1. workers have no documents; what is neither worker nor page has */
  if (types[i].document && (realm->global_kind & XHR__EXPOSED_WORKER))
    return true;
  /* 2. - 4. */
  xhr_status status = xhr_set_response_type(self->request, types[i].type);
  if (status == XHR_INVALID_STATE_ERR)
    xhr__throw(realm, "InvalidStateError", "responseType: the response is there");
  else if (status != XHR_OK)
    xhr__throw_status(realm, status, "responseType");
  if (status == XHR_OK)
    self->document = types[i].document;
  return status == XHR_OK;
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

/* The longest string that the engine makes, in code units. */
enum { LONGEST_STRING = (1 << 30) - 1 };

static JSValue throw_too_long(xhr__realm *realm) {
  return JS_ThrowRangeError(realm->js, "responseText: longer than the engine's longest string, %d",
                            LONGEST_STRING);
}

/* (a, b) => a + b: the engine's strings grow by that as ropes, without being copied. */
static JSValue concatenate(xhr__realm *realm, JSValueConst a, JSValueConst b) {
  static const char code[] = "(a, b) => a + b";
  JSContext *js = realm->js;
  JSValueConst both[] = {a, b};
  if (JS_IsUndefined(realm->concatenate)) {
    JSValue function =
        JS_Eval(js, code, sizeof code - 1, "<libxhr>", JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_STRICT);
    if (JS_IsException(function))
      return function;
    realm->concatenate = function;
  }
  return JS_Call(js, realm->concatenate, JS_UNDEFINED, 2, both);
}

/* How many code units the engine's string of it has. */
static uint64_t utf_16_length(xhr__str utf8) {
  uint64_t units = 0;
  for (size_t i = 0; i < utf8.len; i++) {
    uint8_t byte = xhr__str_at(utf8, i);
    units += ((byte & 0xC0) != 0x80) + (byte >= 0xF0);
  }
  return units;
}

/* Appends what is new to the text that is there. False where it threw. */
static bool append_text(xhr__realm *realm, xhr__js_xhr *self, xhr__str more) {
  JSContext *js = realm->js;
  uint64_t len = self->text_len + utf_16_length(more);
  if (len > LONGEST_STRING) {
    self->text_too_long = true;
    (void)throw_too_long(realm);
    return false;
  }
  JSValue part = JS_NewStringLen(js, more.data, more.len);
  if (JS_IsException(part))
    return false;
  JSValue whole = part;
  if (!JS_IsUndefined(self->text)) {
    whole = concatenate(realm, self->text, part);
    JS_FreeValue(js, part);
    if (JS_IsException(whole))
      return false;
  }
  JSValue old = self->text;
  self->text = whole;
  self->text_len = (uint32_t)len;
  JS_FreeValue(js, old);
  return true;
}

/* https://xhr.spec.whatwg.org/#text-response: each byte is decoded once, and then is the engine's alone. */
static JSValue get_text_response(xhr__realm *realm, xhr__js_xhr *self) {
  xhr *request = self->request;
  xhr_string decoded;
  if (self->text_too_long)
    return throw_too_long(realm);
  /* Where it failed before, src/xhr begins again, and so does the string. */
  xhr_status status = xhr__get_text_response(request, &decoded);
  bool done = status == XHR_OK;
  if (!done)
    (void)xhr__throw_status(realm, status, "responseText");
  if (done && decoded.len > 0)
    done = append_text(realm, self, xhr__str_of(decoded.data, decoded.len));
  if (!done) {
    xhr__text_response_reset(&request->text);
    JS_FreeValue(realm->js, self->text);
    self->text = JS_UNDEFINED;
    self->text_len = 0;
    return JS_EXCEPTION;
  }
  if (request->state == XHR_DONE)
    xhr__bytes_free(&request->text.text);
  else
    xhr__bytes_clear(&request->text.text);
  return JS_IsUndefined(self->text) ? JS_NewString(realm->js, "")
                                    : JS_DupValue(realm->js, self->text);
}

/* Steps 2 and 3 of the responseText getter, which step 1 of the response getter shares. */
static JSValue get_text(xhr__realm *realm, xhr__js_xhr *self) {
  if (self->request->state != XHR_LOADING && self->request->state != XHR_DONE)
    return JS_NewString(realm->js, "");
  refresh(realm, self);
  return get_text_response(realm, self);
}

static bool is_text(const xhr__js_xhr *self) {
  return self->request->response_type == XHR_RESPONSE_TYPE_EMPTY ||
         self->request->response_type == XHR_RESPONSE_TYPE_TEXT;
}

/* https://xhr.spec.whatwg.org/#the-responsetext-attribute */
JSValue xhr__xhr_get_response_text(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  /* 1. */
  if (!is_text(self))
    return xhr__throw(realm, "InvalidStateError",
                      "responseText: only where responseType is '' or 'text'");
  /* 2. - 3. */
  return get_text(realm, self);
}

/* https://xhr.spec.whatwg.org/#the-responsexml-attribute */
JSValue xhr__xhr_get_response_xml(xhr__realm *realm, void *object, JSValueConst this_value) {
  const xhr__js_xhr *self = object;
  (void)this_value;
  /* 1. */
  if (self->request->response_type != XHR_RESPONSE_TYPE_EMPTY && !self->document)
    return xhr__throw(realm, "InvalidStateError",
                      "responseXML: only where responseType is '' or 'document'");
  /* 2. - 6. FIXME: documents. */
  return JS_NULL;
}

/* ---- the response object ---------------------------------------------------------------------------------------- */

static void release_buffer(void *user) {
  xhr__body_buffer_unref(user);
}

/* https://xhr.spec.whatwg.org/#arraybuffer-response: the buffer that the bytes came into, not a copy. It is whole, so nobody
 * writes into it but the script, and nobody else reads it. */
static JSValue new_array_buffer(xhr__realm *realm, xhr *request) {
  if (request->received_bytes == 0)
    return JS_NewArrayBufferCopy(realm->js, NULL, 0);
  if (xhr__body_buffer_make_own(request->response->body) != XHR_OK)
    return JS_ThrowOutOfMemory(realm->js);
  xhr__str bytes = xhr__received_bytes(request);
  xhr__body_buffer *buffer = xhr__body_buffer_ref(request->response->body);
  JSValue value =
      xhr__array_buffer_new(realm->js, (char *)bytes.data, bytes.len, release_buffer, buffer);
  if (JS_IsException(value))
    xhr__body_buffer_unref(buffer);
  return value;
}

/* https://xhr.spec.whatwg.org/#blob-response */
static JSValue new_blob(xhr__realm *realm, xhr *request) {
  xhr_string type;
  xhr__body_buffer *buffer = request->response->body;
  xhr_status status = XHR_OK;
  if (buffer)
    xhr__body_buffer_ref(buffer);
  else
    status = xhr__body_buffer_new(0, &buffer);
  if (status == XHR_OK)
    status = xhr_get_response_mime_type(request, &type);
  JSValue value = status == XHR_OK
                      ? xhr__blob_value_of_buffer(realm, buffer, request->received_bytes,
                                                  xhr__str_of(type.data, type.len))
                      : xhr__throw_status(realm, status, "response");
  xhr__body_buffer_unref(buffer);
  return value;
}

/* JSON.parse of text in place. The engine wants a NUL behind it: there is room for it, or it is made. */
static JSValue parse_in_place(xhr__realm *realm, xhr *request) {
  size_t size;
  char *room = xhr__body_buffer_room(request->response->body, &size);
  if (!room)
    return JS_ThrowOutOfMemory(realm->js);
  *room = '\0';
  xhr__str text = xhr__received_bytes(request);
  if (xhr__str_starts_with(text, XHR__STR("\xEF\xBB\xBF")))
    text = xhr__str_from(text, 3);
  return JS_ParseJSON(realm->js, text.data, text.len, "<response>");
}

/* https://xhr.spec.whatwg.org/#json-response */
static JSValue new_json(xhr__realm *realm, xhr *request) {
  xhr_string text;
  if (!request->response->body)
    return JS_NULL;
  xhr__str bytes = xhr__received_bytes(request);
  if (bytes.len > 0 && xhr__utf8_is_valid(bytes))
    return parse_in_place(realm, request);
  /* Some of it has to be replaced first. */
  xhr_status status = xhr_get_response(request, &text);
  if (status != XHR_OK)
    return xhr__throw_status(realm, status, "response");
  JSValue value = JS_ParseJSON(realm->js, text.data ? text.data : "", text.len, "<response>");
  xhr__bytes_free(&request->json);
  request->has_json = false;
  return value;
}

static JSValue new_response_object(xhr__realm *realm, const xhr__js_xhr *self) {
  /* 7. FIXME: documents. */
  if (self->document)
    return JS_NULL;
  switch (self->request->response_type) {
    case XHR_RESPONSE_TYPE_ARRAYBUFFER: return new_array_buffer(realm, self->request);
    case XHR_RESPONSE_TYPE_BLOB: return new_blob(realm, self->request);
    default: return new_json(realm, self->request);
  }
}

/* https://xhr.spec.whatwg.org/#the-response-attribute */
JSValue xhr__xhr_get_response(xhr__realm *realm, void *object, JSValueConst this_value) {
  xhr__js_xhr *self = object;
  (void)this_value;
  /* 1. */
  if (is_text(self))
    return get_text(realm, self);
  /* 2. DEVIATION: null after a failure too, as browsers have it. */
  if (self->request->state != XHR_DONE || !self->request->response)
    return JS_NULL;
  refresh(realm, self);
  /* 3. - 4. failure, or the object that is there */
  if (JS_IsUndefined(self->response_object)) {
    /* 5. - 8. */
    JSValue made = new_response_object(realm, self);
    if (JS_IsException(made)) {
      forget_exception(realm->js);
      made = JS_NULL;
    }
    self->response_object = made;
  }
  /* 9. */
  return JS_DupValue(realm->js, self->response_object);
}

/* ---- failure ---------------------------------------------------------------------------------------------------- */

static bool define(xhr__realm *realm, JSValueConst object, const char *name, xhr__str text) {
  JSValue value = xhr__from_usv_string(realm, text);
  return JS_DefinePropertyValueStr(realm->js, object, name, value, JS_PROP_C_W_E) >= 0;
}

JSValue xhr__xhr_get_failure(xhr__realm *realm, void *object, JSValueConst this_value) {
  const xhr__js_xhr *self = object;
  (void)this_value;
  const xhr_failure_info *failure = xhr_failure(self->request);
  if (!failure)
    return JS_NULL;
  JSValue value = JS_NewObject(realm->js);
  if (JS_IsException(value))
    return value;
  if (define(realm, value, "code", xhr__str_c(xhr_failure_code_name(failure->code))) &&
      define(realm, value, "phase", xhr__str_c(xhr_phase_name(failure->phase))) &&
      define(realm, value, "host", xhr__str_of(failure->host.data, failure->host.len)) &&
      define(realm, value, "message", xhr__str_of(failure->message.data, failure->message.len)))
    return value;
  JS_FreeValue(realm->js, value);
  return JS_EXCEPTION;
}
