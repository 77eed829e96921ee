/* https://html.spec.whatwg.org/#the-document-object: HTML's part of Document. */
#include <stdio.h>
#include <time.h>

#include "dom/names.h"
#include "runtime/document.h"
#include "url/origin.h"

static xhr__js_document *document_of(void *self) {
  return self;
}

/* ---- resource metadata ------------------------------------------------------------------------------------------ */

static JSValue get_location(xhr__realm *realm, void *self, JSValueConst this_value) {
  const xhr__js_document *document = self;
  (void)this_value;
  return document->host && document->host->location
             ? document->host->location(document->host_user, realm)
             : JS_NULL;
}

/* [PutForwards=href] */
static bool set_location(xhr__realm *realm, void *self, JSValueConst this_value,
                         JSValueConst value) {
  JSValue location = get_location(realm, self, this_value);
  if (JS_IsException(location))
    return false;
  if (!JS_IsObject(location)) {
    JS_ThrowTypeError(realm->js, "document.location is null");
    return false;
  }
  int done = JS_SetPropertyStr(realm->js, location, "href", JS_DupValue(realm->js, value));
  JS_FreeValue(realm->js, location);
  return done >= 0;
}

/* https://html.spec.whatwg.org/#dom-document-domain */
static JSValue get_domain(xhr__realm *realm, void *self, JSValueConst this_value) {
  const xhr__document *document = xhr__self_document(self);
  (void)this_value;
  if (!xhr__js_document_has_window(self))
    return JS_NewString(realm->js, "");
  return xhr__from_dom_string(realm, xhr__url_host(&document->url));
}

/* NOTE: nothing has origin-keyed agents turned off here, so that setting it is a SecurityError or has no effect */
static bool set_domain(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  xhr__bytes domain = {0};
  (void)this_value;
  bool done = xhr__to_dom_string(realm, value, &domain);
  if (done && (!xhr__js_document_has_window(self) ||
               !xhr__str_equals_ci(xhr__bytes_str(&domain),
                                   xhr__url_host(&xhr__self_document(self)->url)))) {
    (void)xhr__throw(realm, "SecurityError", "document.domain cannot be changed");
    done = false;
  }
  xhr__bytes_free(&domain);
  return done;
}

static JSValue get_referrer(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_usv_string(realm, xhr__bytes_str(&xhr__self_document(self)->referrer));
}

/* https://html.spec.whatwg.org/#dom-document-cookie */
static JSValue get_cookie(xhr__realm *realm, void *self, JSValueConst this_value) {
  const xhr__js_document *document = self;
  xhr__bytes cookie = {0};
  xhr_status status = XHR_OK;
  (void)this_value;
  if (document->host && document->host->cookie_get)
    status = document->host->cookie_get(document->host_user, &cookie);
  JSValue value = status == XHR_OK ? xhr__from_usv_string(realm, xhr__bytes_str(&cookie))
                                   : xhr__throw_status(realm, status, "document.cookie");
  xhr__bytes_free(&cookie);
  return value;
}

static bool set_cookie(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  const xhr__js_document *document = self;
  xhr__bytes cookie = {0};
  (void)this_value;
  bool done = xhr__to_usv_string(realm, value, &cookie);
  if (done && document->host && document->host->cookie_set)
    document->host->cookie_set(document->host_user, xhr__bytes_str(&cookie));
  xhr__bytes_free(&cookie);
  return done;
}

/* https://html.spec.whatwg.org/#dom-document-lastmodified: as there is no date of the resource's, now. */
static JSValue get_last_modified(xhr__realm *realm, void *self, JSValueConst this_value) {
  char text[32];
  struct tm parts;
  time_t now = time(NULL);
  (void)self, (void)this_value;
  if (!localtime_r(&now, &parts) || strftime(text, sizeof text, "%m/%d/%Y %H:%M:%S", &parts) == 0)
    return JS_NewString(realm->js, "01/01/1970 00:00:00");
  return JS_NewString(realm->js, text);
}

static JSValue get_ready_state(xhr__realm *realm, void *self, JSValueConst this_value) {
  static const char *const names[] = {"loading", "interactive", "complete"};
  (void)this_value;
  return JS_NewString(realm->js, names[xhr__self_document(self)->ready_state]);
}

/* ---- the tree --------------------------------------------------------------------------------------------------- */

/* The first child of the html element that is one of two. */
static lxb_dom_node_t *html_child(const xhr__document *document, lxb_tag_id_t tag,
                                  lxb_tag_id_t other) {
  lxb_dom_element_t *html = xhr__document_element(document);
  if (!html || !xhr__node_is_html(&html->node, LXB_TAG_HTML))
    return NULL;
  lxb_dom_node_t *child = html->node.first_child;
  while (child && !xhr__node_is_html(child, tag) && !xhr__node_is_html(child, other))
    child = child->next;
  return child;
}

lxb_dom_node_t *xhr__document_head(const xhr__document *document) {
  return html_child(document, LXB_TAG_HEAD, LXB_TAG_HEAD);
}

lxb_dom_node_t *xhr__document_body(const xhr__document *document) {
  return html_child(document, LXB_TAG_BODY, LXB_TAG_FRAMESET);
}

static JSValue get_head(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__node_wrap(realm, xhr__document_head(xhr__self_document(self)));
}

static JSValue get_body(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__node_wrap(realm, xhr__document_body(xhr__self_document(self)));
}

/* https://html.spec.whatwg.org/#dom-document-body */
static bool set_body(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  xhr__document *document = xhr__self_document(self);
  lxb_dom_node_t *node = xhr__node_of(value), *body = xhr__document_body(document);
  lxb_dom_element_t *element = xhr__document_element(document);
  const char *error = NULL;
  (void)this_value;
  if (!JS_IsNull(value) && !JS_IsUndefined(value) &&
      (!node || !xhr__node_is_element(node) || node->ns != LXB_NS_HTML)) {
    JS_ThrowTypeError(realm->js, "document.body: the value is no HTMLElement");
    return false;
  }
  /* 1. - 5. */
  if (!node ||
      (!xhr__node_is_html(node, LXB_TAG_BODY) && !xhr__node_is_html(node, LXB_TAG_FRAMESET)))
    error = "HierarchyRequestError";
  else if (node == body)
    return true;
  else if (body)
    error = xhr__node_replace(body, node, body->parent);
  else if (!element)
    error = "HierarchyRequestError";
  else
    error = xhr__node_pre_insert(node, &element->node, NULL);
  if (error)
    (void)xhr__throw_dom(realm, error, "document.body: this element cannot be the body");
  return !error;
}

/* https://html.spec.whatwg.org/#the-title-element-2, of HTML documents; of SVG documents it is not looked for. */
static lxb_dom_node_t *title_element(const xhr__document *document) {
  lxb_dom_node_t *root = xhr__document_node(document), *node = root;
  while (node && !xhr__node_is_html(node, LXB_TAG_TITLE))
    node = xhr__node_following(node, root);
  return node;
}

/* Strips and collapses ASCII white space in place. */
static void collapse(xhr__bytes *text) {
  size_t to = 0;
  bool gap = false;
  for (size_t i = 0; i < text->len; i++) {
    if (xhr__is_ascii_whitespace((uint8_t)text->data[i])) {
      gap = to > 0;
      continue;
    }
    if (gap)
      text->data[to++] = ' ';
    gap = false;
    text->data[to++] = text->data[i];
  }
  text->len = to;
}

/* https://html.spec.whatwg.org/#document.title */
static JSValue get_title(xhr__realm *realm, void *self, JSValueConst this_value) {
  const lxb_dom_node_t *title = title_element(xhr__self_document(self));
  xhr__bytes text = {0};
  (void)this_value;
  if (title && xhr__node_child_text(title, &text) != XHR_OK) {
    xhr__bytes_free(&text);
    return JS_ThrowOutOfMemory(realm->js);
  }
  collapse(&text);
  JSValue value = xhr__from_dom_string(realm, xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return value;
}

static bool set_title(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  xhr__document *document = xhr__self_document(self);
  xhr__bytes text = {0};
  const char *error = NULL;
  (void)this_value;
  if (!xhr__to_dom_string(realm, value, &text)) {
    xhr__bytes_free(&text);
    return false;
  }
  lxb_dom_node_t *title = title_element(document), *head = xhr__document_head(document);
  if (!title && head) {
    lxb_dom_element_t *new = xhr__element_new(document, LXB_NS_HTML, XHR__STR("title"), 0);
    title = new ? &new->node : NULL;
    error = title ? xhr__node_pre_insert(title, head, NULL) : xhr__dom_out_of_memory;
  }
  if (title && !error)
    error = xhr__node_string_replace_all(title, xhr__bytes_str(&text));
  if (error)
    (void)xhr__throw_dom(realm, error, "document.title");
  xhr__bytes_free(&text);
  return !error;
}

/* A collection of the whole document, the same each time. */
static JSValue kept_collection(xhr__realm *realm, void *self, xhr__node_slot slot,
                               xhr__collection_kind kind) {
  JSValueConst kept = xhr__js_node_slot(self, slot);
  if (!JS_IsUndefined(kept))
    return JS_DupValue(realm->js, kept);
  return xhr__js_node_keep(realm, self, slot,
                           xhr__collection_new(realm, self, kind, XHR__STR_EMPTY, XHR__STR_EMPTY));
}

static JSValue get_images(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return kept_collection(realm, self, XHR__SLOT_IMAGES, XHR__COLLECT_IMAGES);
}

static JSValue get_links(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return kept_collection(realm, self, XHR__SLOT_LINKS, XHR__COLLECT_LINKS);
}

static JSValue get_forms(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return kept_collection(realm, self, XHR__SLOT_FORMS, XHR__COLLECT_FORMS);
}

static JSValue get_scripts(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return kept_collection(realm, self, XHR__SLOT_SCRIPTS, XHR__COLLECT_SCRIPTS);
}

static JSValue get_elements_by_name(xhr__realm *realm, void *self, JSValueConst this_value,
                                    int argc, JSValueConst *argv) {
  xhr__bytes name = {0};
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, argv[0], &name))
    value =
        xhr__collection_new(realm, self, XHR__COLLECT_NAME, xhr__bytes_str(&name), XHR__STR_EMPTY);
  xhr__bytes_free(&name);
  return value;
}

static JSValue get_current_script(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, document_of(self)->current_script);
}

/* ---- user interaction ------------------------------------------------------------------------------------------- */

static JSValue get_default_view(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__js_document_has_window(self) ? JS_DupValue(realm->js, realm->global) : JS_NULL;
}

static JSValue has_focus(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                         JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  return JS_NewBool(realm->js, xhr__js_document_has_window(self));
}

/* https://html.spec.whatwg.org/#dom-document-visibilitystate: a page of a program is taken to be looked at. */
static JSValue get_hidden(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, !xhr__js_document_has_window(self));
}

static JSValue get_visibility_state(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewString(realm->js, xhr__js_document_has_window(self) ? "visible" : "hidden");
}

static const xhr__member members[] = {
    {.name = "location", .kind = XHR__UNFORGEABLE, .get = get_location, .set = set_location},
    XHR__DEFINE_ATTRIBUTE("domain", get_domain, set_domain),
    XHR__DEFINE_READONLY("referrer", get_referrer),
    XHR__DEFINE_ATTRIBUTE("cookie", get_cookie, set_cookie),
    XHR__DEFINE_READONLY("lastModified", get_last_modified),
    XHR__DEFINE_READONLY("readyState", get_ready_state),
    XHR__DEFINE_ATTRIBUTE("title", get_title, set_title),
    XHR__DEFINE_ATTRIBUTE("body", get_body, set_body),
    XHR__DEFINE_READONLY("head", get_head),
    XHR__DEFINE_READONLY("images", get_images),
    XHR__DEFINE_READONLY("links", get_links),
    XHR__DEFINE_READONLY("forms", get_forms),
    XHR__DEFINE_READONLY("scripts", get_scripts),
    XHR__DEFINE_OPERATION("getElementsByName", 1, get_elements_by_name),
    XHR__DEFINE_READONLY("currentScript", get_current_script),
    XHR__DEFINE_OPERATION("open", 0, xhr__document_open_operation),
    XHR__DEFINE_OPERATION("close", 0, xhr__document_close),
    XHR__DEFINE_OPERATION("write", 0, xhr__document_write),
    XHR__DEFINE_OPERATION("writeln", 0, xhr__document_writeln),
    XHR__DEFINE_READONLY("defaultView", get_default_view),
    XHR__DEFINE_OPERATION("hasFocus", 0, has_focus),
    XHR__DEFINE_READONLY("hidden", get_hidden),
    XHR__DEFINE_READONLY("visibilityState", get_visibility_state),
    XHR__DEFINE_HANDLER("onreadystatechange"),
    XHR__DEFINE_HANDLER("onvisibilitychange"),
};

const xhr__mixin xhr__html_document = {
    .members = members,
    .member_count = sizeof members / sizeof *members,
};
