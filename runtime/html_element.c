/* https://html.spec.whatwg.org/#htmlelement, #htmlunknownelement */
#include "runtime/global_event_handlers.h"
#include "runtime/html_elements.h"
#include "runtime/ui_event.h"

XHR__REFLECT_STRING(title, "title")
XHR__REFLECT_STRING(lang, "lang")
XHR__REFLECT_BOOLEAN(hidden, "hidden")
XHR__REFLECT_BOOLEAN(autofocus, "autofocus")
XHR__REFLECT_STRING(nonce, "nonce")
XHR__REFLECT_STRING(access_key, "accesskey")

/* https://html.spec.whatwg.org/#dom-dir: limited to only known values. */
static JSValue get_dir(xhr__realm *realm, void *self, JSValueConst this_value) {
  static const char *const known[] = {"ltr", "rtl", "auto"};
  xhr__str value;
  (void)this_value;
  (void)xhr__element_attribute(xhr__self_element(self), XHR__STR("dir"), &value);
  for (size_t i = 0; i < 3; i++) {
    if (xhr__str_equals_ci(value, xhr__str_c(known[i])))
      return JS_NewString(realm->js, known[i]);
  }
  return JS_NewString(realm->js, "");
}

static bool set_dir(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_string(realm, self, "dir", value);
}

/* https://html.spec.whatwg.org/#dom-click */
static JSValue click(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                     JSValueConst *argv) {
  xhr__str disabled;
  (void)argc, (void)argv;
  /* 1. */
  lxb_dom_node_t *node = xhr__self_node(self);
  bool is_control =
      xhr__node_is_html(node, LXB_TAG_INPUT) || xhr__node_is_html(node, LXB_TAG_BUTTON) ||
      xhr__node_is_html(node, LXB_TAG_SELECT) || xhr__node_is_html(node, LXB_TAG_TEXTAREA);
  if (is_control &&
      xhr__element_attribute(xhr__self_element(self), XHR__STR("disabled"), &disabled))
    return JS_UNDEFINED;
  /* 2. - 5. NOTE: the click in progress flag keeps nothing out, as nothing is activated */
  (void)xhr__dispatch_new(realm, this_value, xhr__synthetic_click_new(realm));
  return JS_UNDEFINED;
}

static const xhr__member members[] = {
    XHR__DEFINE_ATTRIBUTE("title", get_title, set_title),
    XHR__DEFINE_ATTRIBUTE("lang", get_lang, set_lang),
    XHR__DEFINE_ATTRIBUTE("dir", get_dir, set_dir),
    XHR__DEFINE_ATTRIBUTE("hidden", get_hidden, set_hidden),
    XHR__DEFINE_ATTRIBUTE("accessKey", get_access_key, set_access_key),
    XHR__DEFINE_OPERATION("click", 0, click),
    XHR__DEFINE_ATTRIBUTE("nonce", get_nonce, set_nonce),
    XHR__DEFINE_ATTRIBUTE("autofocus", get_autofocus, set_autofocus),
};

static const xhr__mixin *const includes[] = {&xhr__global_event_handlers, NULL};

const xhr__interface xhr__html_element_interface = {
    XHR__NODE_INTERFACE("HTMLElement", &xhr__element_interface, members),
    .includes = includes,
};

const xhr__interface xhr__html_unknown_element_interface = {
    XHR__EMPTY_NODE_INTERFACE("HTMLUnknownElement", &xhr__html_element_interface),
};
