/* https://dom.spec.whatwg.org/#interface-document */
#include "runtime/document.h"

#include "dom/names.h"
#include "runtime/event.h"
#include "runtime/global_event_handlers.h"
#include "runtime/message_event.h"
#include "runtime/page_events.h"
#include "runtime/ui_event.h"

/* https://dom.spec.whatwg.org/#dom-document-document */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  (void)argc, (void)argv;
  xhr__document *document = xhr__document_new(false);
  if (!document)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue value =
      xhr__document_binding_new_as(realm, document, &xhr__document_interface, new_target);
  xhr__document_unref(document);
  return value;
}

/* ---- what it is ------------------------------------------------------------------------------------------------- */

static JSValue get_implementation(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  JSValueConst kept = xhr__js_node_slot(self, XHR__SLOT_IMPLEMENTATION);
  if (!JS_IsUndefined(kept))
    return JS_DupValue(realm->js, kept);
  return xhr__js_node_keep(realm, self, XHR__SLOT_IMPLEMENTATION,
                           xhr__dom_implementation_new(realm, self));
}

static JSValue get_url(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_usv_string(realm, xhr__url_href(&xhr__self_document(self)->url, false));
}

static JSValue get_compat_mode(xhr__realm *realm, void *self, JSValueConst this_value) {
  bool quirks = xhr__self_document(self)->tree->compat_mode == LXB_DOM_DOCUMENT_CMODE_QUIRKS;
  (void)this_value;
  return JS_NewString(realm->js, quirks ? "BackCompat" : "CSS1Compat");
}

static JSValue get_character_set(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__encoding_name(xhr__self_document(self)->encoding));
}

static JSValue get_content_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__bytes_str(&xhr__self_document(self)->content_type));
}

static JSValue get_doctype(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__node_wrap(realm, xhr__document_doctype(xhr__self_document(self)));
}

static JSValue get_document_element(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_element_t *element = xhr__document_element(xhr__self_document(self));
  (void)this_value;
  return xhr__node_wrap(realm, element ? &element->node : NULL);
}

/* ---- creating nodes --------------------------------------------------------------------------------------------- */

static JSValue wrap_new(xhr__realm *realm, lxb_dom_node_t *node) {
  return node ? xhr__node_wrap(realm, node) : JS_ThrowOutOfMemory(realm->js);
}

/* https://dom.spec.whatwg.org/#dom-document-createelement */
static JSValue create_element(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  xhr__document *document = xhr__self_document(self);
  xhr__bytes name = {0}, lower = {0};
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (!xhr__to_dom_string(realm, argv[0], &name)) {
    /* thrown */
  } else if (!xhr__is_valid_element_local_name(xhr__bytes_str(&name))) {
    /* 1. */
    value = xhr__throw(realm, "InvalidCharacterError", "createElement: no valid name");
  } else if (document->is_html &&
             xhr__bytes_append_lower(&lower, xhr__bytes_str(&name)) != XHR_OK) {
    value = JS_ThrowOutOfMemory(realm->js);
  } else {
    /* 2. - 5. there are no custom elements */
    bool html = document->is_html || xhr__str_equals(xhr__bytes_str(&document->content_type),
                                                     XHR__STR("application/xhtml+xml"));
    lxb_dom_element_t *element =
        xhr__element_new(document, html ? LXB_NS_HTML : LXB_NS__UNDEF,
                         xhr__bytes_str(document->is_html ? &lower : &name), 0);
    value = wrap_new(realm, element ? &element->node : NULL);
  }
  xhr__bytes_free(&name);
  xhr__bytes_free(&lower);
  return value;
}

lxb_dom_element_t *xhr__create_element_ns(xhr__realm *realm, xhr__document *document,
                                          xhr__str namespace, xhr__str name) {
  size_t prefix_len;
  lxb_ns_id_t id;
  /* 1. */
  const char *error = xhr__validate_and_extract(namespace, name, true, &prefix_len);
  if (error) {
    (void)xhr__throw(realm, error, "no valid name of an element");
    return NULL;
  }
  /* 2. - 4. */
  lxb_dom_element_t *element = xhr__namespace_intern(document, namespace, &id)
                                   ? xhr__element_new(document, id, name, prefix_len)
                                   : NULL;
  if (!element)
    JS_ThrowOutOfMemory(realm->js);
  return element;
}

/* https://dom.spec.whatwg.org/#internal-createelementns-steps */
static JSValue create_element_ns(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                 JSValueConst *argv) {
  xhr__bytes namespace = {0}, name = {0};
  bool is_null;
  lxb_dom_element_t *element = NULL;
  (void)this_value, (void)argc;
  if (xhr__to_nullable_string(realm, argv[0], &namespace, &is_null) &&
      xhr__to_dom_string(realm, argv[1], &name))
    element = xhr__create_element_ns(realm, xhr__self_document(self), xhr__bytes_str(&namespace),
                                     xhr__bytes_str(&name));
  xhr__bytes_free(&namespace);
  xhr__bytes_free(&name);
  return element ? xhr__node_wrap(realm, &element->node) : JS_EXCEPTION;
}

static JSValue create_document_fragment(xhr__realm *realm, void *self, JSValueConst this_value,
                                        int argc, JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  return wrap_new(realm, xhr__document_fragment_new(xhr__self_document(self)));
}

/* A Text or Comment of what the argument is. */
static JSValue create_data(xhr__realm *realm, void *self, JSValueConst value,
                           lxb_dom_node_t *make(xhr__document *, xhr__str)) {
  xhr__bytes data = {0};
  JSValue result = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, value, &data))
    result = wrap_new(realm, make(xhr__self_document(self), xhr__bytes_str(&data)));
  xhr__bytes_free(&data);
  return result;
}

static JSValue create_text_node(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  (void)this_value, (void)argc;
  return create_data(realm, self, argv[0], xhr__text_new);
}

static JSValue create_comment(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  (void)this_value, (void)argc;
  return create_data(realm, self, argv[0], xhr__comment_new);
}

/* https://dom.spec.whatwg.org/#dom-document-createcdatasection */
static JSValue create_cdata_section(xhr__realm *realm, void *self, JSValueConst this_value,
                                    int argc, JSValueConst *argv) {
  xhr__bytes data = {0};
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, argv[0], &data)) {
    xhr__str text = xhr__bytes_str(&data);
    /* 1. */
    if (xhr__self_document(self)->is_html)
      value = xhr__throw(realm, "NotSupportedError", "createCDATASection: in an HTML document");
    /* 2. */
    else if (xhr__str_find_str(text, 0, XHR__STR("]]>")) < text.len)
      value = xhr__throw(realm, "InvalidCharacterError", "createCDATASection: ]]> ends it");
    /* 3. */
    else
      value = wrap_new(realm, xhr__cdata_section_new(xhr__self_document(self), text));
  }
  xhr__bytes_free(&data);
  return value;
}

/* https://dom.spec.whatwg.org/#dom-document-createprocessinginstruction */
static JSValue create_processing_instruction(xhr__realm *realm, void *self, JSValueConst this_value,
                                             int argc, JSValueConst *argv) {
  xhr__bytes target = {0}, data = {0};
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, argv[0], &target) && xhr__to_dom_string(realm, argv[1], &data)) {
    xhr__str text = xhr__bytes_str(&data);
    /* 1. - 2. */
    if (!xhr__is_xml_name(xhr__bytes_str(&target)) ||
        xhr__str_find_str(text, 0, XHR__STR("?>")) < text.len)
      value =
          xhr__throw(realm, "InvalidCharacterError", "createProcessingInstruction: no valid one");
    /* 3. */
    else
      value = wrap_new(realm, xhr__processing_instruction_new(xhr__self_document(self),
                                                              xhr__bytes_str(&target), text));
  }
  xhr__bytes_free(&target);
  xhr__bytes_free(&data);
  return value;
}

/* https://dom.spec.whatwg.org/#dom-document-createattribute */
static JSValue create_attribute(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  xhr__document *document = xhr__self_document(self);
  xhr__bytes name = {0}, lower = {0};
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (!xhr__to_dom_string(realm, argv[0], &name)) {
    /* thrown */
  } else if (!xhr__is_valid_attribute_local_name(xhr__bytes_str(&name))) {
    /* 1. */
    value = xhr__throw(realm, "InvalidCharacterError", "createAttribute: no valid name");
  } else if (document->is_html &&
             xhr__bytes_append_lower(&lower, xhr__bytes_str(&name)) != XHR_OK) {
    value = JS_ThrowOutOfMemory(realm->js);
  } else {
    /* 2. - 3. */
    lxb_dom_attr_t *attribute = xhr__attribute_new(
        document, LXB_NS__UNDEF, xhr__bytes_str(document->is_html ? &lower : &name), 0);
    value = wrap_new(realm, attribute ? &attribute->node : NULL);
  }
  xhr__bytes_free(&name);
  xhr__bytes_free(&lower);
  return value;
}

/* https://dom.spec.whatwg.org/#dom-document-createattributens */
static JSValue create_attribute_ns(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                   JSValueConst *argv) {
  xhr__document *document = xhr__self_document(self);
  xhr__bytes namespace = {0}, name = {0};
  size_t prefix_len;
  lxb_ns_id_t id;
  bool is_null;
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_nullable_string(realm, argv[0], &namespace, &is_null) &&
      xhr__to_dom_string(realm, argv[1], &name)) {
    /* 1. */
    const char *error = xhr__validate_and_extract(xhr__bytes_str(&namespace), xhr__bytes_str(&name),
                                                  false, &prefix_len);
    /* 2. */
    lxb_dom_attr_t *attribute =
        !error && xhr__namespace_intern(document, xhr__bytes_str(&namespace), &id)
            ? xhr__attribute_new(document, id, xhr__bytes_str(&name), prefix_len)
            : NULL;
    value = error ? xhr__throw(realm, error, "createAttributeNS: no valid name")
                  : wrap_new(realm, attribute ? &attribute->node : NULL);
  }
  xhr__bytes_free(&namespace);
  xhr__bytes_free(&name);
  return value;
}

/* ---- from other documents --------------------------------------------------------------------------------------- */

/* https://dom.spec.whatwg.org/#dom-document-importnode */
static JSValue import_node(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                           JSValueConst *argv) {
  bool subtree = false;
  (void)this_value;
  lxb_dom_node_t *node = xhr__to_node(realm, argv[0], "importNode");
  JSValueConst options = argc > 1 ? argv[1] : JS_UNDEFINED;
  if (!node)
    return JS_EXCEPTION;
  if (JS_IsObject(options)) {
    bool self_only = false;
    if (!xhr__dictionary_get_boolean(realm, options, "selfOnly", &self_only))
      return JS_EXCEPTION;
    subtree = !self_only;
  } else if (!JS_IsUndefined(options) && !xhr__to_boolean(realm, options, &subtree)) {
    return JS_EXCEPTION;
  }
  /* 1. */
  if (node->type == LXB_DOM_NODE_TYPE_DOCUMENT)
    return xhr__throw(realm, "NotSupportedError", "importNode: a document");
  /* 2. - 5. */
  return wrap_new(realm, xhr__node_clone(node, xhr__self_document(self), subtree));
}

/* https://dom.spec.whatwg.org/#dom-document-adoptnode */
static JSValue adopt_node(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                          JSValueConst *argv) {
  (void)this_value, (void)argc;
  lxb_dom_node_t *node = xhr__to_node(realm, argv[0], "adoptNode");
  if (!node)
    return JS_EXCEPTION;
  /* 1. */
  if (node->type == LXB_DOM_NODE_TYPE_DOCUMENT)
    return xhr__throw(realm, "NotSupportedError", "adoptNode: a document");
  /* 2. there are no shadow roots; 3. a template's contents stay with it */
  if (xhr__document_fragment_host(node))
    return JS_DupValue(realm->js, argv[0]);
  /* 4. - 5. */
  const char *error = xhr__node_adopt(node, xhr__self_document(self));
  return error ? xhr__throw_dom(realm, error, "adoptNode") : JS_DupValue(realm->js, argv[0]);
}

/* ---- events ----------------------------------------------------------------------------------------------------- */

/* https://dom.spec.whatwg.org/#dom-document-createevent
 * NOTE: the names of events that are not built are not supported, as the standard allows for each. */
static JSValue create_event(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  static const struct {
    const char *name;
    const xhr__interface *interface;
  } table[] = {
      {"compositionevent", &xhr__composition_event_interface},
      {"customevent", &xhr__custom_event_interface},
      {"event", &xhr__event_interface},
      {"events", &xhr__event_interface},
      {"focusevent", &xhr__focus_event_interface},
      {"hashchangeevent", &xhr__hash_change_event_interface},
      {"htmlevents", &xhr__event_interface},
      {"keyboardevent", &xhr__keyboard_event_interface},
      {"messageevent", &xhr__message_event_interface},
      {"mouseevent", &xhr__mouse_event_interface},
      {"mouseevents", &xhr__mouse_event_interface},
      {"svgevents", &xhr__event_interface},
      {"uievent", &xhr__ui_event_interface},
      {"uievents", &xhr__ui_event_interface},
  };
  xhr__bytes name = {0};
  const xhr__interface *interface = NULL;
  (void)self, (void)this_value, (void)argc;
  /* 1. - 2. */
  if (!xhr__to_dom_string(realm, argv[0], &name))
    return JS_EXCEPTION;
  for (size_t i = 0; !interface && i < sizeof table / sizeof *table; i++) {
    if (xhr__str_equals_ci(xhr__bytes_str(&name), xhr__str_c(table[i].name)))
      interface = table[i].interface;
  }
  xhr__bytes_free(&name);
  /* 3. - 4. */
  if (!interface)
    return xhr__throw(realm, "NotSupportedError", "createEvent: there is no such event");
  /* 5. - 9. */
  return xhr__event_create_uninitialized(realm, interface);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("implementation", get_implementation),
    XHR__DEFINE_READONLY("URL", get_url),
    XHR__DEFINE_READONLY("documentURI", get_url),
    XHR__DEFINE_READONLY("compatMode", get_compat_mode),
    XHR__DEFINE_READONLY("characterSet", get_character_set),
    XHR__DEFINE_READONLY("charset", get_character_set),
    XHR__DEFINE_READONLY("inputEncoding", get_character_set),
    XHR__DEFINE_READONLY("contentType", get_content_type),
    XHR__DEFINE_READONLY("doctype", get_doctype),
    XHR__DEFINE_READONLY("documentElement", get_document_element),
    XHR__DEFINE_OPERATION("getElementsByTagName", 1, xhr__get_elements_by_tag_name),
    XHR__DEFINE_OPERATION("getElementsByTagNameNS", 2, xhr__get_elements_by_tag_name_ns),
    XHR__DEFINE_OPERATION("getElementsByClassName", 1, xhr__get_elements_by_class_name),
    XHR__DEFINE_OPERATION("createElement", 1, create_element),
    XHR__DEFINE_OPERATION("createElementNS", 2, create_element_ns),
    XHR__DEFINE_OPERATION("createDocumentFragment", 0, create_document_fragment),
    XHR__DEFINE_OPERATION("createTextNode", 1, create_text_node),
    XHR__DEFINE_OPERATION("createCDATASection", 1, create_cdata_section),
    XHR__DEFINE_OPERATION("createComment", 1, create_comment),
    XHR__DEFINE_OPERATION("createProcessingInstruction", 2, create_processing_instruction),
    XHR__DEFINE_OPERATION("importNode", 1, import_node),
    XHR__DEFINE_OPERATION("adoptNode", 1, adopt_node),
    XHR__DEFINE_OPERATION("createAttribute", 1, create_attribute),
    XHR__DEFINE_OPERATION("createAttributeNS", 2, create_attribute_ns),
    XHR__DEFINE_OPERATION("createEvent", 1, create_event),
};

static const xhr__mixin *const includes[] = {&xhr__html_document, &xhr__parent_node,
                                             &xhr__non_element_parent_node,
                                             &xhr__global_event_handlers, NULL};

const xhr__interface xhr__document_interface = {
    XHR__NODE_INTERFACE("Document", &xhr__node_interface, members),
    .construct = construct,
    .includes = includes,
};

const xhr__interface xhr__xml_document_interface = {
    XHR__EMPTY_NODE_INTERFACE("XMLDocument", &xhr__document_interface),
};
