/* https://html.spec.whatwg.org/#worker-locations */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/worker_global_scope.h"

/* The worker's URL, which its settings' base URL is all the time. */
static const xhr__url *url_of(const xhr__realm *realm) {
  return &realm->context->api_base_url;
}

static JSValue string(xhr__realm *realm, xhr__str text) {
  return xhr__from_usv_string(realm, text);
}

/* `first` and `text`; the empty string where `text` is empty. */
static JSValue with_mark(xhr__realm *realm, char first, xhr__str text) {
  xhr__bytes all = {0};
  if (text.len > 0 &&
      (xhr__bytes_append_byte(&all, first) != XHR_OK || xhr__bytes_append(&all, text) != XHR_OK)) {
    xhr__bytes_free(&all);
    return JS_ThrowOutOfMemory(realm->js);
  }
  JSValue value = string(realm, xhr__bytes_str(&all));
  xhr__bytes_free(&all);
  return value;
}

static JSValue get_href(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return string(realm, xhr__url_href(url_of(realm), false));
}

static JSValue to_string(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                         JSValueConst *argv) {
  (void)argc, (void)argv;
  return get_href(realm, self, this_value);
}

static JSValue get_origin(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__origin origin;
  (void)self, (void)this_value;
  if (xhr__url_origin(url_of(realm), &origin) != XHR_OK)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue value = string(realm, xhr__origin_serialization(&origin));
  xhr__origin_free(&origin);
  return value;
}

static JSValue get_protocol(xhr__realm *realm, void *self, JSValueConst this_value) {
  const xhr__url *url = url_of(realm);
  (void)self, (void)this_value;
  /* The scheme and the ":" behind it. */
  return string(realm, xhr__str_of(url->href.data, xhr__url_scheme(url).len + 1));
}

static JSValue get_host(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return string(realm, xhr__url_host_and_port(url_of(realm)));
}

static JSValue get_hostname(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return string(realm, xhr__url_host(url_of(realm)));
}

static JSValue get_port(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__bytes text = {0};
  int32_t port = xhr__url_port(url_of(realm));
  (void)self, (void)this_value;
  if (port != XHR__PORT_NULL && xhr__bytes_append_u64(&text, (uint64_t)port) != XHR_OK)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue value = string(realm, xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return value;
}

static JSValue get_pathname(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return string(realm, xhr__url_path(url_of(realm)));
}

static JSValue get_search(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return with_mark(realm, '?', xhr__url_query(url_of(realm)));
}

static JSValue get_hash(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return with_mark(realm, '#', xhr__url_fragment(url_of(realm)));
}

static void finalize(JSRuntime *runtime, void *object) {
  (void)runtime;
  xhr__free(object);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("href", get_href),         XHR__DEFINE_READONLY("origin", get_origin),
    XHR__DEFINE_READONLY("protocol", get_protocol), XHR__DEFINE_READONLY("host", get_host),
    XHR__DEFINE_READONLY("hostname", get_hostname), XHR__DEFINE_READONLY("port", get_port),
    XHR__DEFINE_READONLY("pathname", get_pathname), XHR__DEFINE_READONLY("search", get_search),
    XHR__DEFINE_READONLY("hash", get_hash),         XHR__DEFINE_OPERATION("toString", 0, to_string),
};

const xhr__interface xhr__worker_location_interface = {
    .name = "WorkerLocation",
    .exposed = XHR__EXPOSED_WORKER,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
};

JSValue xhr__worker_location_new(xhr__realm *realm) {
  xhr__platform_object *location = XHR__NEW(xhr__platform_object);
  if (!location)
    return JS_ThrowOutOfMemory(realm->js);
  return xhr__platform_object_new(realm, &xhr__worker_location_interface, JS_UNDEFINED, location);
}
