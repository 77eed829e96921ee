#include "runtime/location.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/navigate.h"
#include "runtime/page_state.h"

static void finalize(JSRuntime *runtime, void *object) {
  (void)runtime;
  xhr__free(object);
}

/* https://html.spec.whatwg.org/#concept-location-url */
static const xhr__url *url_of(const xhr__realm *realm) {
  return &xhr__window_of(realm)->page->document->url;
}

/* ---- the parts of the URL --------------------------------------------------------------------------------------- */

/* Before, a string and behind it, as one value. */
static JSValue join(xhr__realm *realm, const char *before, xhr__str text, const char *behind) {
  xhr__bytes joined = {0};
  JSValue value;
  if (xhr__bytes_append(&joined, xhr__str_c(before)) == XHR_OK &&
      xhr__bytes_append(&joined, text) == XHR_OK &&
      xhr__bytes_append(&joined, xhr__str_c(behind)) == XHR_OK)
    value = xhr__from_usv_string(realm, xhr__bytes_str(&joined));
  else
    value = JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&joined);
  return value;
}

#define GETTER(name_, expression_)                                                                 \
  static JSValue get_##name_(xhr__realm *realm, void *self, JSValueConst this_value) {             \
    const xhr__url *url = url_of(realm);                                                           \
    (void)self, (void)this_value;                                                                  \
    return expression_;                                                                            \
  }
GETTER(href, xhr__from_usv_string(realm, xhr__url_href(url, false)))
GETTER(protocol, join(realm, "", xhr__url_scheme(url), ":"))
GETTER(host, xhr__from_usv_string(realm, xhr__url_host_and_port(url)))
GETTER(hostname, xhr__from_usv_string(realm, xhr__url_host(url)))
GETTER(pathname, xhr__from_usv_string(realm, xhr__url_path(url)))
GETTER(search, join(realm, xhr__url_query(url).len ? "?" : "", xhr__url_query(url), ""))
GETTER(hash, join(realm, xhr__url_fragment(url).len ? "#" : "", xhr__url_fragment(url), ""))
#undef GETTER

static JSValue get_port(xhr__realm *realm, void *self, JSValueConst this_value) {
  int32_t port = xhr__url_port(url_of(realm));
  (void)self, (void)this_value;
  if (port == XHR__PORT_NULL)
    return JS_NewString(realm->js, "");
  JSValue number = JS_NewInt32(realm->js, port);
  return JS_ToString(realm->js, number);
}

/* https://html.spec.whatwg.org/#dom-location-origin: that of the URL, whatever the document's is. */
static JSValue get_origin(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__origin origin;
  (void)self, (void)this_value;
  if (xhr__url_origin(url_of(realm), &origin) != XHR_OK)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue value = xhr__from_usv_string(realm, xhr__origin_serialization(&origin));
  xhr__origin_free(&origin);
  return value;
}

/* https://html.spec.whatwg.org/#dom-location-href, the stringifier */
static JSValue to_string(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                         JSValueConst *argv) {
  (void)argc, (void)argv;
  return get_href(realm, self, this_value);
}

/* ---- going elsewhere -------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#location-object-navigate with a URL relative to the document. False where it threw. */
static bool go(xhr__realm *realm, JSValueConst value) {
  xhr__bytes text = {0};
  xhr__url url = {0};
  bool done = false;
  if (xhr__to_usv_string(realm, value, &text)) {
    xhr_status status = xhr__context_parse_url(realm->context, xhr__bytes_str(&text), &url);
    if (status == XHR_OK)
      done = xhr__navigate(realm, &url);
    else
      (void)xhr__throw_status(realm, status, "location");
  }
  xhr__url_free(&url);
  xhr__bytes_free(&text);
  return done;
}

static bool set_href(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)self, (void)this_value;
  return go(realm, value);
}

/* https://html.spec.whatwg.org/#dom-location-assign and #dom-location-replace: one session history entry is all there is. */
static JSValue assign(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  (void)self, (void)this_value, (void)argc;
  return go(realm, argv[0]) ? JS_UNDEFINED : JS_EXCEPTION;
}

/* https://html.spec.whatwg.org/#dom-location-reload */
static JSValue reload(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  (void)self, (void)this_value, (void)argc, (void)argv;
  xhr__refuse_navigation(realm, url_of(realm));
  return JS_UNDEFINED;
}

/* Whether it is the scheme of a URL, perhaps with a ":" and more behind it. */
static bool is_scheme(xhr__str text) {
  size_t end = xhr__str_find(text, 0, ':');
  if (end == 0 || !xhr__is_ascii_alpha(xhr__str_at(text, 0)))
    return false;
  for (size_t i = 1; i < end; i++) {
    uint8_t c = xhr__str_at(text, i);
    if (!xhr__is_ascii_alnum(c) && c != '+' && c != '-' && c != '.')
      return false;
  }
  return true;
}

/* https://html.spec.whatwg.org/#dom-location-protocol */
static xhr_status change_protocol(xhr__url *url, xhr__str value, bool *go_there) {
  if (!is_scheme(value))
    return XHR_SYNTAX_ERR;
  xhr_status status = xhr__url_set_protocol(url, value);
  *go_there = xhr__url_is_http(url);
  return status;
}

static xhr_status change_host(xhr__url *url, xhr__str value, bool *go_there) {
  *go_there = !xhr__url_has_opaque_path(url);
  return xhr__url_set_host(url, value);
}

static xhr_status change_hostname(xhr__url *url, xhr__str value, bool *go_there) {
  *go_there = !xhr__url_has_opaque_path(url);
  return xhr__url_set_hostname(url, value);
}

static xhr_status change_port(xhr__url *url, xhr__str value, bool *go_there) {
  *go_there = !xhr__url_cannot_have_a_username_password_port(url);
  return xhr__url_set_port(url, value);
}

static xhr_status change_pathname(xhr__url *url, xhr__str value, bool *go_there) {
  *go_there = !xhr__url_has_opaque_path(url);
  return xhr__url_set_pathname(url, value);
}

static xhr_status change_search(xhr__url *url, xhr__str value, bool *go_there) {
  *go_there = true;
  return xhr__url_set_search(url, value);
}

/* https://html.spec.whatwg.org/#dom-location-hash: an empty one stays a fragment. */
static xhr_status change_hash(xhr__url *url, xhr__str value, bool *go_there) {
  xhr__bytes before = {0};
  xhr_status status = xhr__bytes_append(&before, xhr__url_fragment(url));
  if (status == XHR_OK)
    status = value.len == 0 || xhr__str_equals(value, XHR__STR("#"))
                 ? xhr__url_set_fragment(url, XHR__STR_EMPTY)
                 : xhr__url_set_hash(url, value);
  *go_there = !xhr__str_equals(xhr__bytes_str(&before), xhr__url_fragment(url));
  xhr__bytes_free(&before);
  return status;
}

/* A setter: a copy of the URL is changed, and that is where it goes. */
static bool set_part(xhr__realm *realm, JSValueConst value,
                     xhr_status change(xhr__url *url, xhr__str value, bool *go_there)) {
  xhr__bytes text = {0};
  xhr__url url = {0};
  bool done = false, go_there = false;
  if (xhr__to_usv_string(realm, value, &text)) {
    xhr_status status = xhr__url_copy(url_of(realm), &url);
    if (status == XHR_OK)
      status = change(&url, xhr__bytes_str(&text), &go_there);
    done = status == XHR_OK;
    if (!done)
      (void)xhr__throw_status(realm, status, "location");
    else if (go_there)
      done = xhr__navigate(realm, &url);
  }
  xhr__url_free(&url);
  xhr__bytes_free(&text);
  return done;
}

#define SETTER(name_)                                                                              \
  static bool set_##name_(xhr__realm *realm, void *self, JSValueConst this_value,                  \
                          JSValueConst value) {                                                    \
    (void)self, (void)this_value;                                                                  \
    return set_part(realm, value, change_##name_);                                                 \
  }
SETTER(protocol)
SETTER(host)
SETTER(hostname)
SETTER(port)
SETTER(pathname)
SETTER(search)
SETTER(hash)
#undef SETTER

/* ---- the interface ---------------------------------------------------------------------------------------------- */

#define PART(name_)                                                                                \
  { .name = #name_, .kind = XHR__UNFORGEABLE, .get = get_##name_, .set = set_##name_ }
#define METHOD(name_, length_, call_)                                                              \
  { .name = (name_), .kind = XHR__UNFORGEABLE, .length = (length_), .call = (call_) }

static const xhr__member members[] = {
    PART(href),
    METHOD("toString", 0, to_string),
    XHR__DEFINE_UNFORGEABLE("origin", get_origin),
    PART(protocol),
    PART(host),
    PART(hostname),
    PART(port),
    PART(pathname),
    PART(search),
    PART(hash),
    METHOD("assign", 1, assign),
    METHOD("replace", 1, assign),
    METHOD("reload", 0, reload),
};

const xhr__interface xhr__location_interface = {
    .name = "Location",
    .exposed = XHR__EXPOSED_WINDOW,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
};

/* Steps 2 to 4: `valueOf` is Object's, and Symbol.toPrimitive undefined, for good. */
static bool define_conversions(xhr__realm *realm, JSValueConst location) {
  JSContext *js = realm->js;
  JSValue value_of = JS_GetPropertyStr(js, location, "valueOf");
  JSValue symbols = JS_GetPropertyStr(js, realm->global, "Symbol");
  JSValue to_primitive = JS_GetPropertyStr(js, symbols, "toPrimitive");
  JSAtom key = JS_ValueToAtom(js, to_primitive);
  bool done =
      !JS_IsException(value_of) && key != JS_ATOM_NULL &&
      JS_DefinePropertyValueStr(js, location, "valueOf", JS_DupValue(js, value_of), 0) >= 0 &&
      JS_DefinePropertyValue(js, location, key, JS_UNDEFINED, 0) >= 0;
  JS_FreeAtom(js, key);
  JS_FreeValue(js, to_primitive);
  JS_FreeValue(js, symbols);
  JS_FreeValue(js, value_of);
  return done;
}

/* https://html.spec.whatwg.org/#the-location-interface, "create a Location object" */
JSValue xhr__location_new(xhr__realm *realm) {
  xhr__platform_object *self = XHR__NEW(xhr__platform_object);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  /* 1. and 5. - 8. */
  JSValue location = xhr__platform_object_new(realm, &xhr__location_interface, JS_UNDEFINED, self);
  if (JS_IsException(location) || define_conversions(realm, location))
    return location;
  JS_FreeValue(realm->js, location);
  return JS_EXCEPTION;
}
