/* The client whose XHRs are JavaScript's: each call, getter and listener is one of a QuickJS with libxhr in it. What
 * listeners are told of an event they read from it in a script, and make sure that it is as the standard has it. */
#include "scenario/client.h"

#include <quickjs.h>
#include <stdio.h>
#include <stdlib.h>

#include "infra/utf8.h"
#include "runtime/buffer_source.h"
#include "runtime/convert.h"
#include "runtime/realm.h"
#include "runtime/xmlhttprequest.h"

/* One XHR. */
typedef struct js_xhr {
  JSValue value;     /* JS_UNDEFINED once it is released */
  JSValue listener;  /* one function for all events; JS_UNDEFINED: there is no such XHR yet */
  xhr__js_xhr *self; /* borrowed from `value`, and while it fires */
} js_xhr;

typedef struct js_client {
  JSRuntime *runtime;
  JSContext *js;
  JSValue make_listener; /* what the script of listeners comes to */
  js_xhr xhrs[PLAYER_XHRS];
} js_client;

static const char *const event_names[] = {
#define EVENT_NAME(name, text) text,
    XHR_EVENT_MAP(EVENT_NAME)
#undef EVENT_NAME
};
enum { EVENTS = sizeof event_names / sizeof *event_names };

static js_client *client_of(const player_xhr *x) {
  return x->player->client;
}

static js_xhr *js_of(const player_xhr *x) {
  return &client_of(x)->xhrs[x - x->player->xhrs];
}

static xhr__realm *realm_of(const player_xhr *x) {
  return xhr__realm_of(client_of(x)->js);
}

/* ---- beginning and end ----------------------------------------------------------------------------- */

/* Nothing of a scenario is to be reported but that memory ended. */
static void report(JSContext *js, const char *reported, void *user) {
  player *p = user;
  (void)js;
  if (strstr(reported, "out of memory"))
    p->told = true;
  else
    text_printf(&p->log, "REPORTED: %s\n", reported);
}

/* Scripts print nothing; what a page's console is told of its failures, the log has. */
static void print(JSContext *js, char level, const char *words, size_t len, void *user) {
  (void)js, (void)level, (void)words, (void)len, (void)user;
}

/* Makes an XHR's listener, of all events of it and of its upload object; `tell` is on_event. */
static const char listeners[] =
    "(request, tell) => {\n"
    "  const weak = new WeakRef(request);\n"
    "  return function (event) {\n"
    "    const upload = this instanceof XMLHttpRequestUpload;\n"
    "    const progress = event.type !== 'readystatechange';\n"
    "    const request = weak.deref();\n"
    "    if (!request || this !== (upload ? request.upload : request))\n"
    "      throw new Error('this is something else');\n"
    "    if (event.target !== this || event.currentTarget !== this || event.eventPhase !== 2)\n"
    "      throw new Error('the event is at something else');\n"
    "    if (!event.isTrusted || event.bubbles || event.cancelable || event.defaultPrevented)\n"
    "      throw new Error('the event is of another kind');\n"
    "    if (Object.getPrototypeOf(event) !== (progress ? ProgressEvent : Event).prototype)\n"
    "      throw new Error('the event has another interface');\n"
    "    const {lengthComputable = false, loaded = 0, total = 0} = event;\n"
    "    tell(event.type, upload, lengthComputable, loaded, total);\n"
    "  };\n"
    "}";

xhr_status client_begin(player *p) {
  js_client *c = need(calloc(1, sizeof *c));
  xhr_quickjs_options options = {.report = report, .print = print, .user = p};
  p->client = c;
  for (size_t i = 0; i < PLAYER_XHRS; i++)
    c->xhrs[i].value = c->xhrs[i].listener = JS_UNDEFINED;
  c->runtime = need(JS_NewRuntime());
  c->js = need(JS_NewContext(c->runtime));
  c->make_listener = JS_Eval(c->js, listeners, sizeof listeners - 1, "listeners", 0);
  return xhr_quickjs_install(c->js, p->context, &options);
}

void client_end(player *p) {
  js_client *c = p->client;
  if (!c)
    return;
  for (size_t i = 0; i < PLAYER_XHRS; i++)
    JS_FreeValue(c->js, c->xhrs[i].listener);
  JS_FreeValue(c->js, c->make_listener);
  (void)xhr_quickjs_uninstall(c->js);
  JS_FreeContext(c->js);
  JS_FreeRuntime(c->runtime);
  free(c);
  p->client = NULL;
}

void client_release(player_xhr *x) {
  js_xhr *js = js_of(x);
  JSValue value = js->value;
  js->value = JS_UNDEFINED;
  x->held = NULL;
  JS_FreeValue(client_of(x)->js, value);
}

bool client_is_held(const player_xhr *x) {
  return x->held != NULL;
}

/* ---- exceptions ------------------------------------------------------------------------------------ */

/* The status that C's function would have given for what was thrown. */
static xhr_status status_of(const player_xhr *x, JSValue result) {
  JSContext *js = client_of(x)->js;
  static const struct {
    const char *text;
    xhr_status status;
  } statuses[] = {
      {"the context has been destroyed", XHR_CLOSED}, {"out of memory", XHR_OUT_OF_MEMORY},
      {"InvalidStateError: ", XHR_INVALID_STATE_ERR}, {"SyntaxError: ", XHR_SYNTAX_ERR},
      {"SecurityError: ", XHR_SECURITY_ERR},          {"TypeError: ", XHR_TYPE_ERR}};
  if (!JS_IsException(result)) {
    JS_FreeValue(js, result);
    return XHR_OK;
  }
  xhr_status status = XHR_SYSTEM;
  JSValue thrown = JS_GetException(js);
  const char *words = JS_ToCString(js, thrown);
  for (size_t i = 0; i < sizeof statuses / sizeof *statuses && status == XHR_SYSTEM; i++) {
    if (words && strstr(words, statuses[i].text))
      status = statuses[i].status;
  }
  x->player->told = x->player->told || status == XHR_OUT_OF_MEMORY;
  if (status == XHR_SYSTEM)
    (void)fprintf(stderr, "thrown: %s\n", words ? words : "?");
  JS_FreeCString(js, words);
  JS_FreeValue(js, thrown);
  return status;
}

/* ---- calls ----------------------------------------------------------------------------------------- */

/* The value to call: the one that is held, or that of the XHR which fires. The caller's. */
static JSValue this_of(const player_xhr *x) {
  const js_xhr *js = js_of(x);
  JSValueConst value = JS_IsUndefined(js->value) && js->self ? js->self->self : js->value;
  return JS_DupValue(client_of(x)->js, value);
}

/* Calls a method; takes over target and arguments. */
static xhr_status call(const player_xhr *x, JSValue target, const char *method, int argc,
                       JSValue *argv) {
  JSContext *js = client_of(x)->js;
  JSAtom name = JS_NewAtom(js, method);
  JSValue result = JS_Invoke(js, target, name, argc, (JSValueConst *)argv);
  JS_FreeAtom(js, name);
  JS_FreeValue(js, target);
  for (int i = 0; i < argc; i++)
    JS_FreeValue(js, argv[i]);
  return status_of(x, result);
}

static xhr_status set(const player_xhr *x, const char *attribute, JSValue value) {
  JSContext *js = client_of(x)->js;
  JSValue target = this_of(x);
  int done = JS_SetPropertyStr(js, target, attribute, value);
  JS_FreeValue(js, target);
  return done < 0 ? status_of(x, JS_EXCEPTION) : XHR_OK;
}

static xhr_status listen_to_all(player_xhr *x, JSValue target, const char *method) {
  JSContext *js = client_of(x)->js;
  xhr_status status = XHR_OK;
  for (int i = 0; i < EVENTS && status == XHR_OK; i++) {
    JSValue argv[] = {JS_NewString(js, event_names[i]), JS_DupValue(js, js_of(x)->listener)};
    status = call(x, JS_DupValue(js, target), method, 2, argv);
  }
  JS_FreeValue(js, target);
  return status;
}

static JSValue on_event(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                        int magic, JSValue *data);

xhr_status client_new(player_xhr *x) {
  js_client *c = client_of(x);
  js_xhr *mine = js_of(x);
  JSValue global = JS_GetGlobalObject(c->js);
  JSValue constructor = JS_GetPropertyStr(c->js, global, "XMLHttpRequest");
  JSValue value = JS_CallConstructor(c->js, constructor, 0, NULL);
  JS_FreeValue(c->js, constructor);
  JS_FreeValue(c->js, global);
  if (JS_IsException(value))
    return status_of(x, value);
  JSValue pointer = JS_NewInt64(c->js, (int64_t)(uintptr_t)x);
  mine->value = value;
  mine->self = xhr__platform_object_of(value, &xhr__xml_http_request_interface);
  JSValue argv[] = {value, JS_NewCFunctionData(c->js, on_event, 5, 0, 1, &pointer)};
  mine->listener = JS_Call(c->js, c->make_listener, JS_UNDEFINED, 2, (JSValueConst *)argv);
  JS_FreeValue(c->js, argv[1]);
  x->held = mine;
  return listen_to_all(x, this_of(x), "addEventListener");
}

static xhr_status open_request(player_xhr *x, const action *a) {
  xhr__realm *realm = realm_of(x);
  const xhr__str *words = a->words;
  JSValue argv[] = {
      xhr__from_byte_string(realm, words[0]),
      xhr__from_usv_string(realm, words[1]),
      JS_TRUE,
      xhr__from_usv_string(realm, words[2]),
      words[3].data ? xhr__from_usv_string(realm, words[3]) : JS_NULL,
  };
  if (words[2].len > 0)
    return call(x, this_of(x), "open", 5, argv);
  JS_FreeValue(realm->js, argv[3]);
  JS_FreeValue(realm->js, argv[4]);
  return call(x, this_of(x), "open", 2, argv);
}

static xhr_status set_header(player_xhr *x, const action *a) {
  xhr__realm *realm = realm_of(x);
  JSValue argv[] = {
      xhr__from_byte_string(realm, a->words[0]),
      xhr__from_byte_string(realm, a->has_type ? text_str(&a->bytes) : a->words[1]),
  };
  return call(x, this_of(x), "setRequestHeader", 2, argv);
}

static JSValue new_blob(player_xhr *x, JSValue bytes, xhr__str type) {
  JSContext *js = client_of(x)->js;
  JSValue global = JS_GetGlobalObject(js);
  JSValue constructor = JS_GetPropertyStr(js, global, "Blob");
  JSValue argv[] = {JS_NewArray(js), JS_NewObject(js)};
  JS_SetPropertyUint32(js, argv[0], 0, bytes);
  JS_SetPropertyStr(js, argv[1], "type", JS_NewStringLen(js, type.data, type.len));
  JSValue blob = JS_CallConstructor(js, constructor, 2, (JSValueConst *)argv);
  JS_FreeValue(js, argv[0]);
  JS_FreeValue(js, argv[1]);
  JS_FreeValue(js, constructor);
  JS_FreeValue(js, global);
  return blob;
}

/* A body with a string's type is a string, one with another a Blob, one without an ArrayBuffer. */
static xhr_status send(player_xhr *x, const action *a) {
  JSContext *js = client_of(x)->js;
  if (!a->number)
    return call(x, this_of(x), "send", 0, NULL);
  JSValue body;
  if (a->has_type && xhr__str_equals(a->words[0], XHR__STR("text/plain;charset=UTF-8")))
    body = xhr__from_usv_string(realm_of(x), text_str(&a->bytes));
  else
    body = JS_NewArrayBufferCopy(js, (const uint8_t *)a->bytes.data, a->bytes.len);
  if (a->has_type && !JS_IsString(body))
    body = new_blob(x, body, a->words[0]);
  if (JS_IsException(body))
    return status_of(x, body);
  return call(x, this_of(x), "send", 1, &body);
}

static xhr_status on_upload(player_xhr *x, const char *method) {
  JSContext *js = client_of(x)->js;
  JSValue target = this_of(x);
  JSValue upload = JS_GetPropertyStr(js, target, "upload");
  JS_FreeValue(js, target);
  if (JS_IsException(upload))
    return status_of(x, upload);
  return listen_to_all(x, upload, method);
}

xhr_status client_call(player_xhr *x, const action *a) {
  static const char *const types[] = {"", "arraybuffer", "blob", "document", "json", "text"};
  JSContext *js = client_of(x)->js;
  JSValue mime;
  switch (a->kind) {
    case ACTION_OPEN: return open_request(x, a);
    case ACTION_HEADER: return set_header(x, a);
    case ACTION_TIMEOUT: return set(x, "timeout", JS_NewUint32(js, (uint32_t)a->number));
    case ACTION_CREDENTIALS: return set(x, "withCredentials", JS_NewBool(js, a->number != 0));
    case ACTION_TYPE: return set(x, "responseType", JS_NewString(js, types[a->number]));
    case ACTION_MIME:
      mime = xhr__from_usv_string(realm_of(x), a->words[0]);
      return call(x, this_of(x), "overrideMimeType", 1, &mime);
    case ACTION_LISTEN: return on_upload(x, "addEventListener");
    case ACTION_UNLISTEN: return on_upload(x, "removeEventListener");
    case ACTION_SEND: return send(x, a);
    case ACTION_ABORT: return call(x, this_of(x), "abort", 0, NULL);
    case ACTION_RELEASE: client_release(x); return XHR_OK;
    default: return XHR_INVALID_ARGUMENT;
  }
}

/* ---- getters --------------------------------------------------------------------------------------- */

static JSValue get(const player_xhr *x, const char *attribute) {
  JSContext *js = client_of(x)->js;
  JSValue target = this_of(x);
  JSValue value = JS_GetPropertyStr(js, target, attribute);
  JS_FreeValue(js, target);
  return value;
}

static uint64_t to_number(JSContext *js, JSValue value) {
  int64_t number = 0;
  (void)JS_ToInt64(js, &number, value);
  JS_FreeValue(js, value);
  return (uint64_t)number;
}

unsigned client_number(const player_xhr *x, client_integer which) {
  static const char *const attributes[] = {"readyState", "status", "timeout"};
  return (unsigned)to_number(client_of(x)->js, get(x, attributes[which]));
}

/* Appends a string's bytes, of a ByteString or of any other; takes it over. */
static xhr_status take(const player_xhr *x, JSValue value, bool bytes, client_value *out) {
  xhr__bytes taken = {0};
  if (JS_IsException(value))
    return status_of(x, value);
  out->null = JS_IsNull(value);
  bool done = out->null || (bytes ? xhr__to_byte_string(realm_of(x), value, &taken)
                                  : xhr__to_usv_string(realm_of(x), value, &taken));
  text_append(&out->text, xhr__bytes_str(&taken));
  xhr__bytes_free(&taken);
  JS_FreeValue(client_of(x)->js, value);
  return done ? XHR_OK : status_of(x, JS_EXCEPTION);
}

static JSValue get_header(const player_xhr *x, xhr__str name) {
  JSContext *js = client_of(x)->js;
  JSValue target = this_of(x), argument = xhr__from_byte_string(realm_of(x), name);
  JSAtom method = JS_NewAtom(js, name.len > 0 ? "getResponseHeader" : "getAllResponseHeaders");
  JSValue value = JS_Invoke(js, target, method, name.len > 0, (JSValueConst *)&argument);
  JS_FreeAtom(js, method);
  JS_FreeValue(js, argument);
  JS_FreeValue(js, target);
  return value;
}

xhr_status client_get(const player_xhr *x, client_getter getter, xhr__str name,
                      client_value *value) {
  xhr_string mime;
  xhr_status status;
  switch (getter) {
    case CLIENT_STATUS_TEXT: return take(x, get(x, "statusText"), true, value);
    case CLIENT_URL: return take(x, get(x, "responseURL"), false, value);
    case CLIENT_HEADER: return take(x, get_header(x, name), true, value);
    case CLIENT_HEADERS: return take(x, get_header(x, XHR__STR_EMPTY), true, value);
    case CLIENT_TEXT: return take(x, get(x, "responseText"), false, value);
    case CLIENT_MIME: break;
  }
  /* Scripts have no such getter. */
  status = xhr_get_response_mime_type(js_of(x)->self->request, &mime);
  text_append(&value->text, xhr__str_of(mime.data ? mime.data : "", mime.len));
  return status;
}

/* Whether the parsed value is what the text says. */
static bool is_json(JSContext *js, JSValueConst value, xhr__str json) {
  text copy = {0};
  text_append(&copy, json);
  JSValue parsed = JS_ParseJSON(js, copy.data ? copy.data : "", copy.len, "<expected>");
  text_free(&copy);
  if (JS_IsException(parsed)) {
    JS_FreeValue(js, JS_GetException(js));
    parsed = JS_NULL;
  }
  JSValue left = JS_JSONStringify(js, value, JS_UNDEFINED, JS_UNDEFINED);
  JSValue right = JS_JSONStringify(js, parsed, JS_UNDEFINED, JS_UNDEFINED);
  bool same = JS_StrictEq(js, left, right);
  JS_FreeValue(js, left);
  JS_FreeValue(js, right);
  JS_FreeValue(js, parsed);
  return same;
}

/* What is no string: logged as C's bytes are, once the script's value has been compared with them. */
static xhr_status get_bytes(const player_xhr *x, JSValueConst value, client_value *out) {
  xhr_string lent = {NULL, 0};
  xhr__str held;
  xhr *request = js_of(x)->self->request;
  JSContext *js = client_of(x)->js;
  xhr_status status = xhr_get_response(request, &lent);
  xhr__str bytes = xhr__str_of(lent.data ? lent.data : "", lent.len);
  out->null = !lent.data;
  text_append(&out->text, bytes);
  bool same = true;
  switch (xhr_get_response_type(request)) {
    case XHR_RESPONSE_TYPE_ARRAYBUFFER:
      same = JS_IsNull(value)
                 ? out->null
                 : xhr__buffer_source_bytes(realm_of(x), value, &held) == XHR__ARRAY_BUFFER &&
                       xhr__str_equals(held, bytes);
      break;
    case XHR_RESPONSE_TYPE_BLOB:
      same = JS_IsNull(value) ? out->null
                              : to_number(js, JS_GetPropertyStr(js, value, "size")) == bytes.len;
      break;
    default: same = is_json(js, value, bytes);
  }
  /* A response object that could not be made is null, without a word. */
  if (!same && JS_IsNull(value))
    x->player->told = true;
  if (!same)
    text_append_c(&out->text, ", AND THE SCRIPT HAS SOMETHING ELSE");
  return status;
}

xhr_status client_get_response(const player_xhr *x, const char **type, client_value *value) {
  static const char *const names[] = {"text", "arraybuffer", "blob", "?", "json", "text"};
  JSContext *js = client_of(x)->js;
  *type = names[xhr_get_response_type(js_of(x)->self->request)];
  JSValue response = get(x, "response");
  if (JS_IsException(response) || JS_IsString(response))
    return take(x, response, false, value);
  xhr_status status = get_bytes(x, response, value);
  JS_FreeValue(js, response);
  return status;
}

/* ---- failures -------------------------------------------------------------------------------------- */

/* The constant name that a failure's member holds. */
static const char *constant_of(const player_xhr *x, JSValueConst failure, const char *member) {
  static const char *const names[] = {
#define NAME(name, phase, words) #name,
      XHR_FAILURE_MAP(NAME)
#undef NAME
#define NAME(name, words) words,
          XHR_PHASE_MAP(NAME)
#undef NAME
  };
  JSContext *js = client_of(x)->js;
  JSValue value = JS_GetPropertyStr(js, failure, member);
  const char *words = JS_ToCString(js, value);
  const char *constant = "?";
  for (size_t i = 0; words && i < sizeof names / sizeof *names; i++) {
    if (strcmp(words, names[i]) == 0)
      constant = names[i];
  }
  JS_FreeCString(js, words);
  JS_FreeValue(js, value);
  return constant;
}

/* In a web context scripts see none: what C sees. */
static bool failure_of_request(const player_xhr *x, client_failure *failure) {
  const xhr_failure_info *info = xhr_failure(js_of(x)->self->request);
  if (!info)
    return false;
  failure->code = xhr_failure_code_name(info->code);
  failure->phase = xhr_phase_name(info->phase);
  text_append(&failure->host, xhr__str_of(info->host.data, info->host.len));
  text_append(&failure->reason, xhr__str_of(info->message.data, info->message.len));
  return true;
}

bool client_get_failure(const player_xhr *x, client_failure *failure) {
  JSContext *js = client_of(x)->js;
  if (!xhr__context_is_system(x->player->context))
    return failure_of_request(x, failure);
  JSValue value = get(x, "failure");
  client_value host = {0}, message = {0};
  if (!JS_IsObject(value)) {
    (void)status_of(x, value);
    return false;
  }
  failure->code = constant_of(x, value, "code");
  failure->phase = constant_of(x, value, "phase");
  (void)take(x, JS_GetPropertyStr(js, value, "host"), false, &host);
  xhr_status status = take(x, JS_GetPropertyStr(js, value, "message"), false, &message);
  text_append(&failure->reason, status == XHR_OK ? text_str(&message.text) : XHR__STR("?"));
  text_append(&failure->host, text_str(&host.text));
  text_free(&host.text);
  text_free(&message.text);
  JS_FreeValue(js, value);
  return true;
}

bool client_failed_for_memory(const player_xhr *x) {
  const xhr_failure_info *failure = xhr_failure(js_of(x)->self->request);
  return failure && failure->code == XHR_FAILURE_OUT_OF_MEMORY;
}

/* ---- events ---------------------------------------------------------------------------------------- */

/* tell(type, upload, lengthComputable, loaded, total) */
static JSValue on_event(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                        int magic, JSValue *data) {
  int64_t pointer = 0;
  client_event told = {0};
  (void)this_value;
  (void)argc;
  (void)magic;
  (void)JS_ToInt64(js, &pointer, data[0]);
  player_xhr *x = (player_xhr *)(uintptr_t)pointer;
  const char *name = JS_ToCString(js, argv[0]);
  while (told.type < EVENTS - 1 && strcmp(event_names[told.type], name) != 0)
    told.type++;
  JS_FreeCString(js, name);
  told.upload = JS_ToBool(js, argv[1]);
  told.length_computable = JS_ToBool(js, argv[2]);
  told.loaded = to_number(js, JS_DupValue(js, argv[3]));
  told.total = to_number(js, JS_DupValue(js, argv[4]));
  player_on_event(x, &told);
  return JS_UNDEFINED;
}
