/* https://html.spec.whatwg.org/#document-metadata: title, base, link, meta; body; template. */
#include "runtime/global_event_handlers.h"
#include "runtime/html_elements.h"

/* ---- HTMLTitleElement, and `text` of others --------------------------------------------------------------------- */

static JSValue get_text(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__bytes text = {0};
  (void)this_value;
  JSValue value = xhr__node_child_text(xhr__self_node(self), &text) == XHR_OK
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

static const xhr__member title_members[] = {
    XHR__DEFINE_ATTRIBUTE("text", get_text, set_text),
};

const xhr__interface xhr__html_title_element_interface = {
    XHR__HTML_INTERFACE("HTMLTitleElement", title_members),
};

/* ---- HTMLBaseElement -------------------------------------------------------------------------------------------- */

XHR__REFLECT_STRING(target, "target")

/* https://html.spec.whatwg.org/#dom-base-href */
static JSValue get_base_href(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__str href;
  xhr__url url;
  (void)this_value;
  /* 1. - 2. */
  (void)xhr__element_attribute(xhr__self_element(self), XHR__STR("href"), &href);
  /* 3. */
  xhr_status status =
      xhr__url_parse(href, xhr__document_fallback_base_url(xhr__self_document(self)), &url);
  if (status == XHR_OUT_OF_MEMORY)
    return JS_ThrowOutOfMemory(realm->js);
  /* 4. - 5. */
  JSValue value = status == XHR_OK ? xhr__from_usv_string(realm, xhr__url_href(&url, false))
                                   : xhr__from_dom_string(realm, href);
  xhr__url_free(&url);
  return value;
}

static bool set_base_href(xhr__realm *realm, void *self, JSValueConst this_value,
                          JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_url(realm, self, "href", value);
}

static const xhr__member base_members[] = {
    XHR__DEFINE_ATTRIBUTE("href", get_base_href, set_base_href),
    XHR__DEFINE_ATTRIBUTE("target", get_target, set_target),
};

const xhr__interface xhr__html_base_element_interface = {
    XHR__HTML_INTERFACE("HTMLBaseElement", base_members),
};

/* ---- HTMLLinkElement, HTMLMetaElement --------------------------------------------------------------------------- */

XHR__REFLECT_URL(href, "href")
XHR__REFLECT_STRING(rel, "rel")
XHR__REFLECT_STRING(media, "media")
XHR__REFLECT_STRING(integrity, "integrity")
XHR__REFLECT_STRING(hreflang, "hreflang")
XHR__REFLECT_STRING(type, "type")
XHR__REFLECT_BOOLEAN(disabled, "disabled")
XHR__REFLECT_STRING(charset, "charset")
XHR__REFLECT_STRING(rev, "rev")

static const xhr__member link_members[] = {
    XHR__DEFINE_ATTRIBUTE("href", get_href, set_href),
    XHR__DEFINE_ATTRIBUTE("rel", get_rel, set_rel),
    XHR__DEFINE_ATTRIBUTE("media", get_media, set_media),
    XHR__DEFINE_ATTRIBUTE("integrity", get_integrity, set_integrity),
    XHR__DEFINE_ATTRIBUTE("hreflang", get_hreflang, set_hreflang),
    XHR__DEFINE_ATTRIBUTE("type", get_type, set_type),
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_ATTRIBUTE("charset", get_charset, set_charset),
    XHR__DEFINE_ATTRIBUTE("rev", get_rev, set_rev),
    XHR__DEFINE_ATTRIBUTE("target", get_target, set_target),
};

const xhr__interface xhr__html_link_element_interface = {
    XHR__HTML_INTERFACE("HTMLLinkElement", link_members),
};

XHR__REFLECT_STRING(name, "name")
XHR__REFLECT_STRING(http_equiv, "http-equiv")
XHR__REFLECT_STRING(content, "content")
XHR__REFLECT_STRING(scheme, "scheme")

static const xhr__member meta_members[] = {
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_ATTRIBUTE("httpEquiv", get_http_equiv, set_http_equiv),
    XHR__DEFINE_ATTRIBUTE("content", get_content, set_content),
    XHR__DEFINE_ATTRIBUTE("media", get_media, set_media),
    XHR__DEFINE_ATTRIBUTE("scheme", get_scheme, set_scheme),
};

const xhr__interface xhr__html_meta_element_interface = {
    XHR__HTML_INTERFACE("HTMLMetaElement", meta_members),
};

/* ---- HTMLBodyElement, HTMLTemplateElement ----------------------------------------------------------------------- */

static const xhr__mixin *const body_includes[] = {&xhr__window_event_handlers, NULL};

const xhr__interface xhr__html_body_element_interface = {
    XHR__EMPTY_NODE_INTERFACE("HTMLBodyElement", &xhr__html_element_interface),
    .includes = body_includes,
};

static JSValue get_template_content(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__node_wrap(realm, xhr__template_contents(xhr__self_node(self)));
}

static const xhr__member template_members[] = {
    XHR__DEFINE_READONLY("content", get_template_content),
};

const xhr__interface xhr__html_template_element_interface = {
    XHR__HTML_INTERFACE("HTMLTemplateElement", template_members),
};

/* ---- HTMLScriptElement ------------------------------------------------------------------------------------------ */

XHR__REFLECT_URL(src, "src")
XHR__REFLECT_BOOLEAN(no_module, "nomodule")
XHR__REFLECT_BOOLEAN(defer, "defer")
XHR__REFLECT_STRING(event, "event")
XHR__REFLECT_STRING(html_for, "for")

/* https://html.spec.whatwg.org/#dom-script-async */
static JSValue get_async(xhr__realm *realm, void *self, JSValueConst this_value) {
  const xhr__node_data *data = xhr__node_data_if_any(xhr__self_node(self));
  xhr__str value;
  (void)this_value;
  bool force_async = data && !data->script.not_force_async;
  return JS_NewBool(realm->js, force_async || xhr__element_attribute(xhr__self_element(self),
                                                                     XHR__STR("async"), &value));
}

static bool set_async(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  xhr__node_data *data = xhr__node_data_of(xhr__self_node(self));
  (void)this_value;
  if (!data) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  data->script.not_force_async = true;
  return xhr__reflect_set_boolean(realm, self, "async", value);
}

/* https://html.spec.whatwg.org/#cors-settings-attribute */
static JSValue get_cross_origin(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__str value;
  (void)this_value;
  if (!xhr__element_attribute(xhr__self_element(self), XHR__STR("crossorigin"), &value))
    return JS_NULL;
  return JS_NewString(realm->js, xhr__str_equals_ci(value, XHR__STR("use-credentials"))
                                     ? "use-credentials"
                                     : "anonymous");
}

static bool set_cross_origin(xhr__realm *realm, void *self, JSValueConst this_value,
                             JSValueConst value) {
  lxb_dom_element_t *element = xhr__self_element(self);
  (void)this_value;
  if (!JS_IsNull(value) && !JS_IsUndefined(value))
    return xhr__reflect_set_string(realm, self, "crossorigin", value);
  lxb_dom_attr_t *old =
      xhr__element_get_attribute_by_namespace(element, XHR__STR_EMPTY, XHR__STR("crossorigin"));
  if (old)
    xhr__attribute_remove(old);
  return true;
}

/* https://html.spec.whatwg.org/#dom-script-supports */
static JSValue supports(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                        JSValueConst *argv) {
  xhr__bytes type = {0};
  (void)self, (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, argv[0], &type))
    value = JS_NewBool(realm->js, xhr__str_equals(xhr__bytes_str(&type), XHR__STR("classic")) ||
                                      xhr__str_equals(xhr__bytes_str(&type), XHR__STR("module")));
  xhr__bytes_free(&type);
  return value;
}

static const xhr__member script_members[] = {
    XHR__DEFINE_ATTRIBUTE("src", get_src, set_src),
    XHR__DEFINE_ATTRIBUTE("type", get_type, set_type),
    XHR__DEFINE_ATTRIBUTE("noModule", get_no_module, set_no_module),
    XHR__DEFINE_ATTRIBUTE("async", get_async, set_async),
    XHR__DEFINE_ATTRIBUTE("defer", get_defer, set_defer),
    XHR__DEFINE_ATTRIBUTE("crossOrigin", get_cross_origin, set_cross_origin),
    XHR__DEFINE_ATTRIBUTE("text", get_text, set_text),
    XHR__DEFINE_ATTRIBUTE("integrity", get_integrity, set_integrity),
    XHR__DEFINE_STATIC("supports", 1, supports),
    XHR__DEFINE_ATTRIBUTE("charset", get_charset, set_charset),
    XHR__DEFINE_ATTRIBUTE("event", get_event, set_event),
    XHR__DEFINE_ATTRIBUTE("htmlFor", get_html_for, set_html_for),
};

const xhr__interface xhr__html_script_element_interface = {
    XHR__HTML_INTERFACE("HTMLScriptElement", script_members),
};

/* ---- HTMLImageElement: images are not loaded -------------------------------------------------------------------- */

XHR__REFLECT_STRING(alt, "alt")

static const xhr__member image_members[] = {
    XHR__DEFINE_ATTRIBUTE("alt", get_alt, set_alt),
    XHR__DEFINE_ATTRIBUTE("src", get_src, set_src),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
};

const xhr__interface xhr__html_image_element_interface = {
    XHR__HTML_INTERFACE("HTMLImageElement", image_members),
};
