#include "runtime/xmlhttprequest.h"

#include "fetch/method.h"
#include "infra/alloc.h"
#include "runtime/body_init.h"
#include "runtime/console.h"
#include "runtime/convert.h"
#include "runtime/event.h"
#include "xhr/xmlhttprequest.h"

/* ---- events: what src/xhr fires through ------------------------------------------------------------------------- */

static const xhr__js_event_target *upload_of(const xhr__js_xhr *self) {
  return xhr__platform_object_of(self->upload, &xhr__xml_http_request_upload_interface);
}

/* Why a request failed, for its event; NULL. */
static const char *failure_message(const xhr__js_xhr *self, xhr_event_type type) {
  if ((type != XHR_EVENT_ERROR && type != XHR_EVENT_TIMEOUT) ||
      !xhr__context_is_system(self->request->context))
    return NULL;
  const xhr_failure_info *failure = xhr_failure(self->request);
  return failure ? failure->message.data : NULL;
}

/* A page's scripts see that a request failed, and nothing more. Why it did stands where browsers put it, in the console:
 * "GET https://host/: sentence (CODE)". NOTE: its URL without fragment and password, as logs are kept. */
static void tell_developer(const xhr__js_xhr *self) {
  const xhr_failure_info *failure = xhr_failure(self->request);
  xhr__url url = {0};
  xhr__bytes text = {0};
  if (!failure || xhr__url_copy(&self->request->request_url, &url) != XHR_OK)
    return;
  xhr_status status = xhr__url_set_the_password(&url, XHR__STR_EMPTY);
  const xhr__str parts[] = {
      xhr__bytes_str(&self->request->request_method),
      XHR__STR(" "),
      xhr__url_href(&url, true),
      XHR__STR(": "),
      xhr__str_of(failure->message.data, failure->message.len),
      XHR__STR(" ("),
      xhr__str_c(xhr_failure_code_name(failure->code)),
      XHR__STR(")"),
  };
  for (size_t i = 0; i < sizeof parts / sizeof *parts && status == XHR_OK; i++)
    status = xhr__bytes_append(&text, parts[i]);
  if (status == XHR_OK)
    xhr__console_print(self->realm, 'e', xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  xhr__url_free(&url);
}

/* An event is made only where somebody listens. */
static void fire(xhr_event_target *target, const xhr_event *event) {
  xhr__js_xhr *self = event->xhr->sink_data;
  if (!self)
    return;
  bool is_upload = target == &event->xhr->upload_object;
  if (event->type == XHR_EVENT_ERROR && !is_upload &&
      !xhr__context_is_system(self->request->context))
    tell_developer(self);
  const xhr__js_event_target *listened = is_upload ? upload_of(self) : &self->target;
  const char *type = xhr_event_type_name(event->type);
  if (!listened || !xhr__js_event_target_has_listeners(listened, type))
    return;
  xhr__realm *realm = self->realm;
  JSValue made =
      event->type == XHR_EVENT_READYSTATECHANGE
          ? xhr__event_new(realm, type, false, false)
          : xhr__progress_event_new(realm, type, event->length_computable, (double)event->loaded,
                                    (double)event->total, failure_message(self, event->type));
  (void)xhr__dispatch_new(realm, is_upload ? self->upload : self->self, made);
}

static bool has_listeners(const xhr_event_target *target) {
  const xhr__js_xhr *self = target->xhr->sink_data;
  if (!self)
    return false;
  const xhr__js_event_target *listened =
      target == &target->xhr->upload_object ? upload_of(self) : &self->target;
  return listened && xhr__js_event_target_has_listeners(listened, NULL);
}

/* https://xhr.spec.whatwg.org/#garbage-collection: from send() to the last event the object stays, listened to or not. */
static void pin(xhr__js_xhr *self) {
  if (self->pinned)
    return;
  self->pinned = true;
  self->teardown.idle = false;
  (void)JS_DupValue(self->realm->js, self->self);
}

/* It may be gone after. */
static void unpin(xhr__js_xhr *self) {
  if (!self->pinned)
    return;
  self->pinned = false;
  self->teardown.idle = true;
  JS_FreeValue(self->realm->js, self->self);
}

static void landed(xhr *request) {
  if (request->sink_data)
    unpin(request->sink_data);
}

static const xhr__event_sink sink = {fire, has_listeners, landed};

/* The realm goes: what is in flight ends, and nothing is fired, ever. */
static void end(xhr__teardown *teardown) {
  xhr__js_xhr *self = XHR__OWNER(teardown, xhr__js_xhr, teardown);
  xhr *request = xhr_ref(self->request);
  xhr__list_remove(&teardown->node);
  request->sink_data = NULL;
  (void)xhr_abort(request);
  xhr_unref(request);
  unpin(self);
}

/* ---- the object ------------------------------------------------------------------------------------------------- */

static void finalize(JSRuntime *runtime, void *object) {
  xhr__js_xhr *self = object;
  xhr__list_remove(&self->teardown.node);
  if (self->request) {
    self->request->sink_data = NULL;
    xhr_unref(self->request);
  }
  JS_FreeValueRT(runtime, self->upload);
  JS_FreeValueRT(runtime, self->text);
  JS_FreeValueRT(runtime, self->response_object);
  xhr__js_event_target_free(runtime, &self->target);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__js_xhr *self = object;
  xhr__js_event_target_mark(runtime, &self->target, mark_func);
  JS_MarkValue(runtime, self->upload, mark_func);
  JS_MarkValue(runtime, self->response_object, mark_func);
}

/* https://xhr.spec.whatwg.org/#dom-xmlhttprequest */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  xhr__js_xhr *self = XHR__NEW(xhr__js_xhr);
  (void)argc;
  (void)argv;
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  xhr_status status = xhr_new(realm->context, &self->request);
  if (status != XHR_OK) {
    xhr__free(self);
    return xhr__throw_status(realm, status, "new XMLHttpRequest");
  }
  self->request->sink = &sink;
  self->request->sink_data = self;
  self->realm = realm;
  self->upload = self->text = self->response_object = JS_UNDEFINED;
  self->teardown.end = end;
  self->teardown.idle = true;
  xhr__list_append(&realm->teardown, &self->teardown.node);
  JSValue value =
      xhr__platform_object_new(realm, &xhr__xml_http_request_interface, new_target, self);
  if (!JS_IsException(value))
    self->self = value;
  return value;
}

static xhr_string lend(const xhr__bytes *bytes) {
  xhr__str s = xhr__bytes_str(bytes);
  return xhr_strn(s.data, s.len);
}

/* What a getter or operation comes to. */
static JSValue result(xhr__realm *realm, xhr_status status, const char *what) {
  return status == XHR_OK ? JS_UNDEFINED : xhr__throw_status(realm, status, what);
}

/* ---- request ---------------------------------------------------------------------------------------------------- */

/* https://xhr.spec.whatwg.org/#the-open()-method's arguments, converted. */
typedef struct open_arguments {
  xhr__bytes method, url, username, password;
  bool async, has_username, has_password;
} open_arguments;

static bool read_nullable(xhr__realm *realm, JSValueConst value, xhr__bytes *out, bool *is_set) {
  *is_set = !JS_IsNull(value) && !JS_IsUndefined(value);
  return !*is_set || xhr__to_usv_string(realm, value, out);
}

static bool read_open_arguments(xhr__realm *realm, int argc, JSValueConst *argv,
                                open_arguments *arguments) {
  arguments->async = true;
  return xhr__to_byte_string(realm, argv[0], &arguments->method) &&
         xhr__to_usv_string(realm, argv[1], &arguments->url) &&
         /* The overload with two arguments is asynchronous; a third that is undefined is false. */
         (argc < 3 || xhr__to_boolean(realm, argv[2], &arguments->async)) &&
         read_nullable(realm, argc > 3 ? argv[3] : JS_UNDEFINED, &arguments->username,
                       &arguments->has_username) &&
         read_nullable(realm, argc > 4 ? argv[4] : JS_UNDEFINED, &arguments->password,
                       &arguments->has_password);
}

static JSValue throw_open_status(xhr__realm *realm, xhr_status status,
                                 const open_arguments *arguments) {
  xhr__str method = xhr__bytes_str(&arguments->method), url = xhr__bytes_str(&arguments->url);
  if (status == XHR_SYNTAX_ERR && xhr__is_method(method))
    return xhr__throw(realm, "SyntaxError", "open: '%.*s' is no valid URL",
                      (int)(url.len < 300 ? url.len : 300), url.data);
  if (status == XHR_SYNTAX_ERR)
    return xhr__throw(realm, "SyntaxError", "open: the method is no HTTP token");
  if (status == XHR_SECURITY_ERR)
    return xhr__throw(realm, "SecurityError", "open: the method %s is forbidden", method.data);
  if (status == XHR_INVALID_ACCESS_ERR)
    return xhr__throw(realm, "InvalidAccessError",
                      "open: a window's synchronous request has no timeout and no responseType");
  return xhr__throw_status(realm, status, "open");
}

static JSValue open_request(xhr__realm *realm, xhr *request, const open_arguments *arguments) {
  xhr_string null = {NULL, 0};
  xhr_status (*open)(xhr *, xhr_string, xhr_string, xhr_string, xhr_string) =
      arguments->async ? xhr_open_with_credentials : xhr_open_synchronous;
  xhr_status status = open(request, lend(&arguments->method), lend(&arguments->url),
                           arguments->has_username ? lend(&arguments->username) : null,
                           arguments->has_password ? lend(&arguments->password) : null);
  return status == XHR_OK ? JS_UNDEFINED : throw_open_status(realm, status, arguments);
}

static JSValue open_operation(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  open_arguments arguments = {0};
  JSValue value = JS_EXCEPTION;
  (void)this_value;
  if (read_open_arguments(realm, argc, argv, &arguments))
    value = open_request(realm, ((xhr__js_xhr *)self)->request, &arguments);
  xhr__bytes_free(&arguments.method);
  xhr__bytes_free(&arguments.url);
  xhr__bytes_free(&arguments.username);
  xhr__bytes_free(&arguments.password);
  return value;
}

static JSValue set_request_header(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  xhr__bytes name = {0}, value = {0};
  JSValue done = JS_EXCEPTION;
  (void)this_value;
  (void)argc;
  if (xhr__to_byte_string(realm, argv[0], &name) && xhr__to_byte_string(realm, argv[1], &value)) {
    xhr_status status =
        xhr_set_request_header(((xhr__js_xhr *)self)->request, lend(&name), lend(&value));
    if (status == XHR_INVALID_STATE_ERR)
      done =
          xhr__throw(realm, "InvalidStateError", "setRequestHeader: not opened, or sent already");
    else if (status == XHR_SYNTAX_ERR)
      done = xhr__throw(realm, "SyntaxError", "setRequestHeader: no header name or value");
    else
      done = result(realm, status, "setRequestHeader");
  }
  xhr__bytes_free(&name);
  xhr__bytes_free(&value);
  return done;
}

static JSValue get_timeout(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, xhr_get_timeout(((xhr__js_xhr *)self)->request));
}

static bool set_timeout(xhr__realm *realm, void *self, JSValueConst this_value,
                        JSValueConst value) {
  uint32_t milliseconds;
  (void)this_value;
  if (!xhr__to_unsigned_long(realm, value, &milliseconds))
    return false;
  xhr_status status = xhr_set_timeout(((xhr__js_xhr *)self)->request, milliseconds);
  return !JS_IsException(result(realm, status, "timeout"));
}

static JSValue get_with_credentials(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, xhr_get_with_credentials(((xhr__js_xhr *)self)->request));
}

static bool set_with_credentials(xhr__realm *realm, void *self, JSValueConst this_value,
                                 JSValueConst value) {
  bool with_credentials;
  (void)this_value;
  if (!xhr__to_boolean(realm, value, &with_credentials))
    return false;
  xhr_status status = xhr_set_with_credentials(((xhr__js_xhr *)self)->request, with_credentials);
  if (status == XHR_INVALID_STATE_ERR) {
    xhr__throw(realm, "InvalidStateError", "withCredentials: the request has been sent");
    return false;
  }
  return !JS_IsException(result(realm, status, "withCredentials"));
}

/* https://xhr.spec.whatwg.org/#the-upload-attribute: made when it is asked for first. */
static JSValue get_upload(xhr__realm *realm, void *object, JSValueConst this_value) {
  xhr__js_xhr *self = object;
  (void)this_value;
  if (JS_IsUndefined(self->upload)) {
    xhr__js_event_target *upload = XHR__NEW(xhr__js_event_target);
    if (!upload)
      return JS_ThrowOutOfMemory(realm->js);
    JSValue value = xhr__platform_object_new(realm, &xhr__xml_http_request_upload_interface,
                                             JS_UNDEFINED, upload);
    if (JS_IsException(value))
      return value;
    self->upload = value;
  }
  return JS_DupValue(realm->js, self->upload);
}

/* What send() throws, or did not. A synchronous request's failure says why; to a page's scripts, as with asynchronous ones,
 * in the console only. */
static JSValue send_result(xhr__realm *realm, const xhr__js_xhr *self, xhr_status status) {
  const xhr_failure_info *failure = xhr_failure(self->request);
  if (status == XHR_INVALID_STATE_ERR)
    return xhr__throw(realm, "InvalidStateError", "send: not opened, or sent already");
  if (!failure || (status != XHR_NETWORK_ERR && status != XHR_TIMEOUT_ERR))
    return result(realm, status, "send");
  if (!xhr__context_is_system(self->request->context)) {
    if (status == XHR_NETWORK_ERR)
      tell_developer(self);
    return result(realm, status, "send");
  }
  return xhr__throw(realm, status == XHR_NETWORK_ERR ? "NetworkError" : "TimeoutError", "send: %s",
                    failure->message.data);
}

static JSValue send_operation(xhr__realm *realm, void *object, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  xhr__js_xhr *self = object;
  xhr_body *body = NULL;
  (void)this_value;
  if (!xhr__extract_body(realm, argc > 0 ? argv[0] : JS_NULL, &body))
    return JS_EXCEPTION;
  /* It is called from another realm where its own is gone. */
  xhr_status status = XHR_CLOSED;
  if (self->request->sink_data) {
    pin(self);
    status = xhr_send(self->request, body);
    if (self->request->flights == 0)
      unpin(self);
  }
  xhr_body_unref(body);
  return send_result(realm, self, status);
}

static JSValue abort_operation(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                               JSValueConst *argv) {
  (void)this_value;
  (void)argc;
  (void)argv;
  return result(realm, xhr_abort(((xhr__js_xhr *)self)->request), "abort");
}

/* ---- response --------------------------------------------------------------------------------------------------- */

static JSValue get_ready_state(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewInt32(realm->js, (int32_t)xhr_get_ready_state(((xhr__js_xhr *)self)->request));
}

static xhr__str borrowed(xhr_string string) {
  return xhr__str_of(string.data ? string.data : "", string.len);
}

static JSValue get_response_url(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_usv_string(realm,
                              borrowed(xhr_get_response_url(((xhr__js_xhr *)self)->request)));
}

static JSValue get_status(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, xhr_get_status(((xhr__js_xhr *)self)->request));
}

static JSValue get_status_text(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_byte_string(realm,
                               borrowed(xhr_get_status_text(((xhr__js_xhr *)self)->request)));
}

static JSValue get_response_header(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                   JSValueConst *argv) {
  xhr__bytes name = {0};
  xhr_string value;
  JSValue header = JS_EXCEPTION;
  (void)this_value;
  (void)argc;
  if (xhr__to_byte_string(realm, argv[0], &name)) {
    xhr_status status =
        xhr_get_response_header(((xhr__js_xhr *)self)->request, lend(&name), &value);
    if (status != XHR_OK)
      header = xhr__throw_status(realm, status, "getResponseHeader");
    else
      header = value.data ? xhr__from_byte_string(realm, borrowed(value)) : JS_NULL;
  }
  xhr__bytes_free(&name);
  return header;
}

static JSValue get_all_response_headers(xhr__realm *realm, void *self, JSValueConst this_value,
                                        int argc, JSValueConst *argv) {
  xhr_string headers;
  (void)this_value;
  (void)argc;
  (void)argv;
  xhr_status status = xhr_get_all_response_headers(((xhr__js_xhr *)self)->request, &headers);
  if (status != XHR_OK)
    return xhr__throw_status(realm, status, "getAllResponseHeaders");
  return xhr__from_byte_string(realm, borrowed(headers));
}

static JSValue override_mime_type(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  xhr__bytes mime = {0};
  JSValue done = JS_EXCEPTION;
  (void)this_value;
  (void)argc;
  if (xhr__to_usv_string(realm, argv[0], &mime)) {
    xhr_status status = xhr_override_mime_type(((xhr__js_xhr *)self)->request, lend(&mime));
    if (status == XHR_INVALID_STATE_ERR)
      done = xhr__throw(realm, "InvalidStateError", "overrideMimeType: the response is there");
    else
      done = result(realm, status, "overrideMimeType");
  }
  xhr__bytes_free(&mime);
  return done;
}

/* In the standard's order. */
static const xhr__member members[] = {
    XHR__DEFINE_HANDLER("onreadystatechange"),
    XHR__DEFINE_CONSTANT("UNSENT", 0),
    XHR__DEFINE_CONSTANT("OPENED", 1),
    XHR__DEFINE_CONSTANT("HEADERS_RECEIVED", 2),
    XHR__DEFINE_CONSTANT("LOADING", 3),
    XHR__DEFINE_CONSTANT("DONE", 4),
    XHR__DEFINE_READONLY("readyState", get_ready_state),
    XHR__DEFINE_OPERATION("open", 2, open_operation),
    XHR__DEFINE_OPERATION("setRequestHeader", 2, set_request_header),
    XHR__DEFINE_ATTRIBUTE("timeout", get_timeout, set_timeout),
    XHR__DEFINE_ATTRIBUTE("withCredentials", get_with_credentials, set_with_credentials),
    XHR__DEFINE_READONLY("upload", get_upload),
    XHR__DEFINE_OPERATION("send", 0, send_operation),
    XHR__DEFINE_OPERATION("abort", 0, abort_operation),
    XHR__DEFINE_READONLY("responseURL", get_response_url),
    XHR__DEFINE_READONLY("status", get_status),
    XHR__DEFINE_READONLY("statusText", get_status_text),
    XHR__DEFINE_OPERATION("getResponseHeader", 1, get_response_header),
    XHR__DEFINE_OPERATION("getAllResponseHeaders", 0, get_all_response_headers),
    XHR__DEFINE_OPERATION("overrideMimeType", 1, override_mime_type),
    XHR__DEFINE_ATTRIBUTE("responseType", xhr__xhr_get_response_type, xhr__xhr_set_response_type),
    XHR__DEFINE_READONLY("response", xhr__xhr_get_response),
    XHR__DEFINE_READONLY("responseText", xhr__xhr_get_response_text),
    {.name = "responseXML",
     .kind = XHR__ATTRIBUTE,
     .get = xhr__xhr_get_response_xml,
     .exposed = XHR__EXPOSED_PLAIN | XHR__EXPOSED_WINDOW},
    {.name = "failure", .kind = XHR__ATTRIBUTE, .get = xhr__xhr_get_failure, .system = true},
};

const xhr__interface xhr__xml_http_request_interface = {
    .name = "XMLHttpRequest",
    .inherits = &xhr__xml_http_request_event_target_interface,
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
