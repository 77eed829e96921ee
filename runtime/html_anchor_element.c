/* https://html.spec.whatwg.org/#htmlanchorelement, https://html.spec.whatwg.org/#htmlareaelement and
 * https://html.spec.whatwg.org/#htmlhyperlinkelementutils */
#include "runtime/html_elements.h"
#include "url/origin.h"

/* https://html.spec.whatwg.org/#concept-hyperlink-url-set: false for null; *failed tells of want of memory. */
static bool url_of(void *self, xhr__url *url, bool *failed) {
  xhr__str href;
  xhr__url base;
  *failed = false;
  *url = (xhr__url){0};
  if (!xhr__element_attribute(xhr__self_element(self), XHR__STR("href"), &href))
    return false;
  xhr_status status = xhr__document_base_url(xhr__self_document(self), &base);
  if (status == XHR_OK)
    status = xhr__url_parse(href, &base, url);
  xhr__url_free(&base);
  *failed = status == XHR_OUT_OF_MEMORY;
  return status == XHR_OK;
}

/* A component as the URL class's getter gives it; "" without a URL. */
static JSValue component(xhr__realm *realm, void *self, xhr__str get(const xhr__url *),
                         const char *before, const char *behind, const char *without) {
  xhr__url url;
  bool failed;
  xhr__bytes text = {0};
  if (!url_of(self, &url, &failed))
    return failed ? JS_ThrowOutOfMemory(realm->js) : JS_NewString(realm->js, without);
  xhr__str value = get(&url);
  xhr_status status = XHR_OK;
  if (value.len > 0) {
    status = xhr__bytes_append(&text, xhr__str_c(before));
    if (status == XHR_OK)
      status = xhr__bytes_append(&text, value);
    if (status == XHR_OK)
      status = xhr__bytes_append(&text, xhr__str_c(behind));
  }
  JSValue result = status == XHR_OK ? xhr__from_usv_string(realm, xhr__bytes_str(&text))
                                    : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&text);
  xhr__url_free(&url);
  return result;
}

/* Sets a component and then the href: https://html.spec.whatwg.org/#update-href */
static bool set_component(xhr__realm *realm, void *self, JSValueConst value,
                          xhr_status set(xhr__url *, xhr__str)) {
  xhr__bytes text = {0};
  xhr__url url = {0};
  bool failed = false;
  bool done = xhr__to_usv_string(realm, value, &text);
  if (done && url_of(self, &url, &failed)) {
    failed = set(&url, xhr__bytes_str(&text)) == XHR_OUT_OF_MEMORY;
    done = failed || xhr__element_set(realm, xhr__self_element(self), XHR__STR("href"),
                                      xhr__url_href(&url, false));
  }
  if (failed) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  xhr__url_free(&url);
  xhr__bytes_free(&text);
  return done;
}

/* The port as text. */
static JSValue get_port(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__url url;
  bool failed;
  (void)this_value;
  if (!url_of(self, &url, &failed))
    return failed ? JS_ThrowOutOfMemory(realm->js) : JS_NewString(realm->js, "");
  xhr__str host = xhr__url_host(&url), both = xhr__url_host_and_port(&url);
  xhr__str port = both.len > host.len ? xhr__str_from(both, host.len + 1) : XHR__STR_EMPTY;
  JSValue value = xhr__from_usv_string(realm, port);
  xhr__url_free(&url);
  return value;
}

#define COMPONENT_GETTER(name_, from_, before_, behind_, without_)                                 \
  static JSValue get_##name_(xhr__realm *realm, void *self, JSValueConst this_value) {             \
    (void)this_value;                                                                              \
    return component(realm, self, from_, before_, behind_, without_);                              \
  }
#define COMPONENT_SETTER(name_)                                                                    \
  static bool set_##name_(xhr__realm *realm, void *self, JSValueConst this_value,                  \
                          JSValueConst value) {                                                    \
    (void)this_value;                                                                              \
    return set_component(realm, self, value, xhr__url_set_##name_);                                \
  }

COMPONENT_GETTER(protocol, xhr__url_scheme, "", ":", ":")
COMPONENT_GETTER(username, xhr__url_username, "", "", "")
COMPONENT_GETTER(password, xhr__url_password, "", "", "")
COMPONENT_GETTER(host, xhr__url_host_and_port, "", "", "")
COMPONENT_GETTER(hostname, xhr__url_host, "", "", "")
COMPONENT_GETTER(pathname, xhr__url_path, "", "", "")
COMPONENT_GETTER(search, xhr__url_query, "?", "", "")
COMPONENT_GETTER(hash, xhr__url_fragment, "#", "", "")
COMPONENT_SETTER(protocol)
COMPONENT_SETTER(username)
COMPONENT_SETTER(password)
COMPONENT_SETTER(host)
COMPONENT_SETTER(hostname)
COMPONENT_SETTER(port)
COMPONENT_SETTER(pathname)
COMPONENT_SETTER(search)
COMPONENT_SETTER(hash)

/* https://html.spec.whatwg.org/#dom-hyperlink-origin */
static JSValue get_origin(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__url url;
  xhr__origin origin;
  bool failed;
  (void)this_value;
  if (!url_of(self, &url, &failed))
    return failed ? JS_ThrowOutOfMemory(realm->js) : JS_NewString(realm->js, "");
  xhr_status status = xhr__url_origin(&url, &origin);
  xhr__url_free(&url);
  if (status != XHR_OK)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue value = xhr__from_usv_string(realm, xhr__origin_serialization(&origin));
  xhr__origin_free(&origin);
  return value;
}

XHR__REFLECT_URL(href, "href")

static JSValue to_string(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                         JSValueConst *argv) {
  (void)argc, (void)argv;
  return get_href(realm, self, this_value);
}

/* https://html.spec.whatwg.org/#dom-a-text */
static JSValue get_text(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__bytes text = {0};
  (void)this_value;
  JSValue value = xhr__node_descendant_text(xhr__self_node(self), &text) == XHR_OK
                      ? xhr__from_dom_string(realm, xhr__bytes_str(&text))
                      : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&text);
  return value;
}

static bool set_text(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  xhr__bytes text = {0};
  (void)this_value;
  bool done = xhr__to_dom_string(realm, value, &text);
  if (done && xhr__node_string_replace_all(xhr__self_node(self), xhr__bytes_str(&text))) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  xhr__bytes_free(&text);
  return done;
}

XHR__REFLECT_STRING(target, "target")
XHR__REFLECT_STRING(download, "download")
XHR__REFLECT_STRING(ping, "ping")
XHR__REFLECT_STRING(rel, "rel")
XHR__REFLECT_STRING(hreflang, "hreflang")
XHR__REFLECT_STRING(type, "type")
XHR__REFLECT_STRING(name, "name")

static const xhr__member utils_members[] = {
    XHR__DEFINE_ATTRIBUTE("href", get_href, set_href),
    XHR__DEFINE_OPERATION("toString", 0, to_string),
    XHR__DEFINE_READONLY("origin", get_origin),
    XHR__DEFINE_ATTRIBUTE("protocol", get_protocol, set_protocol),
    XHR__DEFINE_ATTRIBUTE("username", get_username, set_username),
    XHR__DEFINE_ATTRIBUTE("password", get_password, set_password),
    XHR__DEFINE_ATTRIBUTE("host", get_host, set_host),
    XHR__DEFINE_ATTRIBUTE("hostname", get_hostname, set_hostname),
    XHR__DEFINE_ATTRIBUTE("port", get_port, set_port),
    XHR__DEFINE_ATTRIBUTE("pathname", get_pathname, set_pathname),
    XHR__DEFINE_ATTRIBUTE("search", get_search, set_search),
    XHR__DEFINE_ATTRIBUTE("hash", get_hash, set_hash),
};

static const xhr__mixin utils = {
    .members = utils_members,
    .member_count = sizeof utils_members / sizeof *utils_members,
};

static const xhr__mixin *const includes[] = {&utils, NULL};

static const xhr__member anchor_members[] = {
    XHR__DEFINE_ATTRIBUTE("target", get_target, set_target),
    XHR__DEFINE_ATTRIBUTE("download", get_download, set_download),
    XHR__DEFINE_ATTRIBUTE("ping", get_ping, set_ping),
    XHR__DEFINE_ATTRIBUTE("rel", get_rel, set_rel),
    XHR__DEFINE_ATTRIBUTE("hreflang", get_hreflang, set_hreflang),
    XHR__DEFINE_ATTRIBUTE("type", get_type, set_type),
    XHR__DEFINE_ATTRIBUTE("text", get_text, set_text),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
};

const xhr__interface xhr__html_anchor_element_interface = {
    XHR__HTML_INTERFACE("HTMLAnchorElement", anchor_members),
    .includes = includes,
};

static const xhr__member area_members[] = {
    XHR__DEFINE_ATTRIBUTE("target", get_target, set_target),
    XHR__DEFINE_ATTRIBUTE("download", get_download, set_download),
    XHR__DEFINE_ATTRIBUTE("ping", get_ping, set_ping),
    XHR__DEFINE_ATTRIBUTE("rel", get_rel, set_rel),
};

const xhr__interface xhr__html_area_element_interface = {
    XHR__HTML_INTERFACE("HTMLAreaElement", area_members),
    .includes = includes,
};
