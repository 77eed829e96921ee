/* https://html.spec.whatwg.org/#htmlelement, #htmlunknownelement */
#include "dom/form_control.h"
#include "dom/names.h"
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

/* https://html.spec.whatwg.org/#dom-innertext: nothing is rendered, so that it is the text content. */
static JSValue get_inner_text(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__bytes text = {0};
  (void)this_value;
  JSValue value = xhr__node_descendant_text(xhr__self_node(self), &text) == XHR_OK
                      ? xhr__from_dom_string(realm, xhr__bytes_str(&text))
                      : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&text);
  return value;
}

/* https://html.spec.whatwg.org/#rendered-text-fragment: lines as texts with br elements between them; NULL for want of memory. */
static lxb_dom_node_t *rendered_text(xhr__document *document, xhr__str text) {
  lxb_dom_node_t *fragment = xhr__document_fragment_new(document);
  size_t start = 0;
  for (size_t i = 0; fragment && i <= text.len; i++) {
    bool end = i == text.len, line = !end && (text.data[i] == '\n' || text.data[i] == '\r');
    if (!end && !line)
      continue;
    lxb_dom_node_t *data = xhr__text_new(document, xhr__str_slice(text, start, i));
    if (!data || (i > start && xhr__node_insert(data, fragment, NULL)))
      return NULL;
    if (line) {
      lxb_dom_element_t *br = xhr__element_new(document, LXB_NS_HTML, XHR__STR("br"), 0);
      if (!br || xhr__node_insert(&br->node, fragment, NULL))
        return NULL;
      i += text.data[i] == '\r' && i + 1 < text.len && text.data[i + 1] == '\n';
    }
    start = i + 1;
  }
  return fragment;
}

static bool set_inner_text(xhr__realm *realm, void *self, JSValueConst this_value,
                           JSValueConst value) {
  xhr__bytes text = {0};
  (void)this_value;
  if (!xhr__to_string_null_to_empty(realm, value, &text)) {
    xhr__bytes_free(&text);
    return false;
  }
  lxb_dom_node_t *fragment = rendered_text(xhr__self_document(self), xhr__bytes_str(&text));
  const char *error =
      fragment ? xhr__node_replace_all(fragment, xhr__self_node(self)) : xhr__dom_out_of_memory;
  if (error)
    (void)xhr__throw_dom(realm, error, "innerText");
  xhr__bytes_free(&text);
  return !error;
}

/* https://html.spec.whatwg.org/#dom-click */
static JSValue click(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                     JSValueConst *argv) {
  (void)argc, (void)argv;
  /* 1. */
  lxb_dom_node_t *node = xhr__self_node(self);
  if (xhr__node_is_submittable(node) &&
      xhr__form_control_is_disabled(lxb_dom_interface_element(node)))
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
    XHR__DEFINE_ATTRIBUTE("innerText", get_inner_text, set_inner_text),
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
