/* https://dom.spec.whatwg.org/#interface-domimplementation */
#include "dom/names.h"
#include "infra/alloc.h"
#include "runtime/document.h"

typedef struct dom_implementation {
  xhr__platform_object object;
  JSValue document_object;
  xhr__js_node *document; /* borrowed from the object */
} dom_implementation;

static void finalize(JSRuntime *runtime, void *object) {
  JS_FreeValueRT(runtime, ((dom_implementation *)object)->document_object);
  xhr__free(object);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((dom_implementation *)object)->document_object, mark_func);
}

/* https://dom.spec.whatwg.org/#dom-domimplementation-createdocumenttype */
static JSValue create_document_type(xhr__realm *realm, void *self, JSValueConst this_value,
                                    int argc, JSValueConst *argv) {
  xhr__bytes name = {0}, public_id = {0}, system_id = {0};
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, argv[0], &name) && xhr__to_dom_string(realm, argv[1], &public_id) &&
      xhr__to_dom_string(realm, argv[2], &system_id)) {
    /* 1. */
    if (!xhr__is_valid_doctype_name(xhr__bytes_str(&name))) {
      value = xhr__throw(realm, "InvalidCharacterError", "createDocumentType: no valid name");
    } else {
      /* 2. */
      lxb_dom_node_t *doctype = xhr__document_type_new(
          xhr__self_document(((dom_implementation *)self)->document), xhr__bytes_str(&name),
          xhr__bytes_str(&public_id), xhr__bytes_str(&system_id));
      value = doctype ? xhr__node_wrap(realm, doctype) : JS_ThrowOutOfMemory(realm->js);
    }
  }
  xhr__bytes_free(&name);
  xhr__bytes_free(&public_id);
  xhr__bytes_free(&system_id);
  return value;
}

/* The element and doctype of createDocument, put into the document. False where it threw. */
static bool fill_document(xhr__realm *realm, xhr__document *document, xhr__str namespace,
                          xhr__str name, lxb_dom_node_t *doctype) {
  lxb_dom_element_t *element = NULL;
  const char *error = NULL;
  /* 2. - 3. */
  if (name.len > 0) {
    element = xhr__create_element_ns(realm, document, namespace, name);
    if (!element)
      return false;
  }
  /* 4. - 5. */
  if (doctype)
    error = xhr__node_pre_insert(doctype, xhr__document_node(document), NULL);
  if (!error && element)
    error = xhr__node_pre_insert(&element->node, xhr__document_node(document), NULL);
  if (error)
    (void)xhr__throw_dom(realm, error, "createDocument");
  /* 6. - 7. */
  xhr__str type = xhr__str_equals(namespace, XHR__HTML_NAMESPACE)
                      ? XHR__STR("application/xhtml+xml")
                  : xhr__str_equals(namespace, XHR__STR("http://www.w3.org/2000/svg"))
                      ? XHR__STR("image/svg+xml")
                      : XHR__STR("application/xml");
  if (!error && xhr__bytes_assign(&document->content_type, type) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  return !error;
}

/* A document's object, which holds the document from now on. */
static JSValue wrap_document(xhr__realm *realm, xhr__document *document,
                             const xhr__interface *interface, bool done) {
  JSValue value =
      done ? xhr__document_binding_new_as(realm, document, interface, JS_UNDEFINED) : JS_EXCEPTION;
  xhr__document_unref(document);
  return value;
}

/* https://dom.spec.whatwg.org/#dom-domimplementation-createdocument */
static JSValue create_document(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                               JSValueConst *argv) {
  xhr__bytes namespace = {0}, name = {0};
  lxb_dom_node_t *doctype = NULL;
  bool is_null;
  (void)self, (void)this_value;
  bool done = xhr__to_nullable_string(realm, argv[0], &namespace, &is_null) &&
              xhr__to_string_null_to_empty(realm, argv[1], &name);
  if (done && argc > 2 && !JS_IsNull(argv[2]) && !JS_IsUndefined(argv[2])) {
    if (!xhr__platform_object_of(argv[2], &xhr__document_type_interface)) {
      JS_ThrowTypeError(realm->js, "createDocument: the doctype is none");
      done = false;
    }
    doctype = xhr__node_of(argv[2]);
  }
  /* 1. */
  xhr__document *document = done ? xhr__document_new(false) : NULL;
  JSValue value = JS_EXCEPTION;
  if (document) {
    /* 2. - 7. */
    value = wrap_document(
        realm, document, &xhr__xml_document_interface,
        fill_document(realm, document, xhr__bytes_str(&namespace), xhr__bytes_str(&name), doctype));
  } else if (done) {
    JS_ThrowOutOfMemory(realm->js);
  }
  xhr__bytes_free(&namespace);
  xhr__bytes_free(&name);
  return value;
}

static lxb_dom_node_t *append_element(xhr__document *document, lxb_dom_node_t *parent,
                                      xhr__str name) {
  lxb_dom_element_t *element = parent ? xhr__element_new(document, LXB_NS_HTML, name, 0) : NULL;
  return element && !xhr__node_insert(&element->node, parent, NULL) ? &element->node : NULL;
}

/* The tree of createHTMLDocument; `title` may be NULL. */
static bool fill_html_document(xhr__document *document, const xhr__bytes *title) {
  lxb_dom_node_t *root = xhr__document_node(document);
  /* 3. - 6. */
  lxb_dom_node_t *doctype =
      xhr__document_type_new(document, XHR__STR("html"), XHR__STR_EMPTY, XHR__STR_EMPTY);
  if (!doctype || xhr__node_insert(doctype, root, NULL))
    return false;
  lxb_dom_node_t *html = append_element(document, root, XHR__STR("html"));
  lxb_dom_node_t *head = append_element(document, html, XHR__STR("head"));
  /* 7. */
  if (head && title) {
    lxb_dom_node_t *element = append_element(document, head, XHR__STR("title"));
    lxb_dom_node_t *text = xhr__text_new(document, xhr__bytes_str(title));
    if (!element || !text || xhr__node_insert(text, element, NULL))
      return false;
  }
  /* 8. */
  return head && append_element(document, html, XHR__STR("body"));
}

/* https://dom.spec.whatwg.org/#dom-domimplementation-createhtmldocument */
static JSValue create_html_document(xhr__realm *realm, void *self, JSValueConst this_value,
                                    int argc, JSValueConst *argv) {
  xhr__bytes title = {0};
  bool has_title = argc > 0 && !JS_IsUndefined(argv[0]);
  (void)self, (void)this_value;
  if (has_title && !xhr__to_dom_string(realm, argv[0], &title)) {
    xhr__bytes_free(&title);
    return JS_EXCEPTION;
  }
  /* 1. - 2. */
  xhr__document *document = xhr__document_new(true);
  bool done = document && fill_html_document(document, has_title ? &title : NULL);
  xhr__bytes_free(&title);
  if (!done)
    JS_ThrowOutOfMemory(realm->js);
  /* 9. - 10. */
  return wrap_document(realm, document, &xhr__document_interface, done);
}

static JSValue has_feature(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                           JSValueConst *argv) {
  (void)self, (void)this_value, (void)argc, (void)argv;
  return JS_NewBool(realm->js, true);
}

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("createDocumentType", 3, create_document_type),
    XHR__DEFINE_OPERATION("createDocument", 2, create_document),
    XHR__DEFINE_OPERATION("createHTMLDocument", 0, create_html_document),
    XHR__DEFINE_OPERATION("hasFeature", 0, has_feature),
};

const xhr__interface xhr__dom_implementation_interface = {
    .name = "DOMImplementation",
    .exposed = XHR__EXPOSED_WINDOW,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};

JSValue xhr__dom_implementation_new(xhr__realm *realm, xhr__js_node *document) {
  dom_implementation *self = XHR__NEW(dom_implementation);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  self->document_object = JS_DupValue(realm->js, document->self);
  self->document = document;
  return xhr__platform_object_new(realm, &xhr__dom_implementation_interface, JS_UNDEFINED, self);
}

/* ---- cloning documents ------------------------------------------------------------------------------------------ */

/* What a document's copy has of it besides its nodes. */
static bool copy_document(const xhr__document *from, xhr__document *to) {
  to->encoding = from->encoding;
  to->tree->compat_mode = from->tree->compat_mode;
  xhr__url_free(&to->url);
  return xhr__bytes_assign(&to->content_type, xhr__bytes_str(&from->content_type)) == XHR_OK &&
         xhr__url_copy(&from->url, &to->url) == XHR_OK;
}

JSValue xhr__document_clone(xhr__realm *realm, xhr__js_node *self, bool subtree) {
  const xhr__document *document = self->document;
  xhr__document *copy = xhr__document_new(document->is_html);
  bool done = copy && copy_document(document, copy);
  for (lxb_dom_node_t *child = self->node->first_child; done && subtree && child;
       child = child->next) {
    lxb_dom_node_t *node = xhr__node_clone(child, copy, true);
    done = node && !xhr__node_insert(node, xhr__document_node(copy), NULL);
  }
  if (!done)
    JS_ThrowOutOfMemory(realm->js);
  return wrap_document(realm, copy, self->target.object.interface, done);
}
