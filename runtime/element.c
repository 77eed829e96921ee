/* https://dom.spec.whatwg.org/#interface-element */
#include "dom/html_fragment.h"
#include "dom/names.h"
#include "dom/selectors.h"
#include "runtime/reflect.h"

/* ---- names ------------------------------------------------------------------------------------------------------ */

JSValue xhr__element_tag_name(xhr__realm *realm, lxb_dom_element_t *element) {
  xhr__str name = xhr__element_qualified_name(element);
  if (element->node.ns != LXB_NS_HTML || !xhr__document_of_node(&element->node)->is_html)
    return xhr__from_dom_string(realm, name);
  xhr__bytes upper = {0};
  if (xhr__bytes_append(&upper, name) != XHR_OK)
    return JS_ThrowOutOfMemory(realm->js);
  for (size_t i = 0; i < upper.len; i++)
    upper.data[i] = xhr__ascii_upper(upper.data[i]);
  JSValue value = xhr__from_dom_string(realm, xhr__bytes_str(&upper));
  xhr__bytes_free(&upper);
  return value;
}

static JSValue get_namespace_uri(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__str namespace;
  (void)this_value;
  return xhr__node_namespace(xhr__self_node(self), &namespace)
             ? xhr__from_dom_string(realm, namespace)
             : JS_NULL;
}

static JSValue get_prefix(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__str prefix;
  (void)this_value;
  return xhr__node_prefix(xhr__self_node(self), &prefix) ? xhr__from_dom_string(realm, prefix)
                                                         : JS_NULL;
}

static JSValue get_local_name(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__element_local_name(xhr__self_element(self)));
}

static JSValue get_tag_name(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__element_tag_name(realm, xhr__self_element(self));
}

XHR__REFLECT_STRING(id, "id")
XHR__REFLECT_STRING(class_name, "class")
XHR__REFLECT_STRING(slot, "slot")

static JSValue get_class_list(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  JSValueConst kept = xhr__js_node_slot(self, XHR__SLOT_CLASS_LIST);
  if (!JS_IsUndefined(kept))
    return JS_DupValue(realm->js, kept);
  return xhr__js_node_keep(realm, self, XHR__SLOT_CLASS_LIST,
                           xhr__dom_token_list_new(realm, self, "class"));
}

/* [PutForwards=value] */
static bool set_class_list(xhr__realm *realm, void *self, JSValueConst this_value,
                           JSValueConst value) {
  return set_class_name(realm, self, this_value, value);
}

/* ---- selectors -------------------------------------------------------------------------------------------------- */

/* https://dom.spec.whatwg.org/#dom-element-matches */
static JSValue matches(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  (void)this_value, (void)argc;
  xhr__selectors *selectors = xhr__to_selectors(realm, argv[0]);
  if (!selectors)
    return JS_EXCEPTION;
  bool result = xhr__selectors_match(selectors, xhr__self_node(self));
  xhr__selectors_free(selectors);
  return JS_NewBool(realm->js, result);
}

/* https://dom.spec.whatwg.org/#dom-element-closest */
static JSValue closest(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  (void)this_value, (void)argc;
  xhr__selectors *selectors = xhr__to_selectors(realm, argv[0]);
  if (!selectors)
    return JS_EXCEPTION;
  lxb_dom_node_t *node = xhr__self_node(self);
  while (node && !(xhr__node_is_element(node) && xhr__selectors_match(selectors, node)))
    node = node->parent;
  xhr__selectors_free(selectors);
  return xhr__node_wrap(realm, node);
}

/* ---- insertAdjacent… -------------------------------------------------------------------------------------------- */

typedef enum adjacent { BEFORE_BEGIN, AFTER_BEGIN, BEFORE_END, AFTER_END, NOWHERE } adjacent;

/* What the first argument says; false where it threw. */
static bool read_where(xhr__realm *realm, JSValueConst value, adjacent *where) {
  static const char *const names[] = {"beforebegin", "afterbegin", "beforeend", "afterend"};
  xhr__bytes text = {0};
  bool done = xhr__to_dom_string(realm, value, &text);
  *where = BEFORE_BEGIN;
  while (done && *where < NOWHERE &&
         !xhr__str_equals_ci(xhr__bytes_str(&text), xhr__str_c(names[*where])))
    (*where)++;
  xhr__bytes_free(&text);
  return done;
}

static JSValue throw_where(xhr__realm *realm) {
  return xhr__throw(realm, "SyntaxError", "the position is none of the four");
}

/* https://dom.spec.whatwg.org/#insert-adjacent: *inserted tells whether there was a parent. */
static const char *insert_adjacent(lxb_dom_node_t *element, adjacent where, lxb_dom_node_t *node,
                                   bool *inserted) {
  bool inside = where == AFTER_BEGIN || where == BEFORE_END;
  *inserted = inside || element->parent;
  if (!*inserted)
    return NULL;
  switch (where) {
    case BEFORE_BEGIN: return xhr__node_pre_insert(node, element->parent, element);
    case AFTER_BEGIN: return xhr__node_pre_insert(node, element, element->first_child);
    case BEFORE_END: return xhr__node_pre_insert(node, element, NULL);
    default: return xhr__node_pre_insert(node, element->parent, element->next);
  }
}

/* https://dom.spec.whatwg.org/#dom-element-insertadjacentelement */
static JSValue insert_adjacent_element(xhr__realm *realm, void *self, JSValueConst this_value,
                                       int argc, JSValueConst *argv) {
  adjacent where;
  bool inserted;
  (void)this_value, (void)argc;
  if (!read_where(realm, argv[0], &where))
    return JS_EXCEPTION;
  lxb_dom_element_t *element = xhr__element_of(argv[1]);
  if (!element)
    return JS_ThrowTypeError(realm->js, "insertAdjacentElement: the argument is no Element");
  if (where == NOWHERE)
    return throw_where(realm);
  const char *error = insert_adjacent(xhr__self_node(self), where, &element->node, &inserted);
  if (error)
    return xhr__throw_dom(realm, error, "insertAdjacentElement: the element cannot be put there");
  return inserted ? JS_DupValue(realm->js, argv[1]) : JS_NULL;
}

/* https://dom.spec.whatwg.org/#dom-element-insertadjacenttext */
static JSValue insert_adjacent_text(xhr__realm *realm, void *self, JSValueConst this_value,
                                    int argc, JSValueConst *argv) {
  adjacent where;
  bool inserted;
  xhr__bytes data = {0};
  (void)this_value, (void)argc;
  if (!read_where(realm, argv[0], &where) || !xhr__to_dom_string(realm, argv[1], &data)) {
    xhr__bytes_free(&data);
    return JS_EXCEPTION;
  }
  lxb_dom_node_t *text = xhr__text_new(xhr__self_document(self), xhr__bytes_str(&data));
  xhr__bytes_free(&data);
  if (!text)
    return JS_ThrowOutOfMemory(realm->js);
  if (where == NOWHERE)
    return throw_where(realm);
  const char *error = insert_adjacent(xhr__self_node(self), where, text, &inserted);
  return error ? xhr__throw_dom(realm, error, "insertAdjacentText: the text cannot be put there")
               : JS_UNDEFINED;
}

/* ---- markup ----------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#fragment-parsing-algorithm-steps. NULL where it threw.
 * NOTE: of XML documents too by the HTML parser, as there is no XML parser yet. */
static lxb_dom_node_t *parse_fragment(xhr__realm *realm, lxb_dom_element_t *context,
                                      xhr__str markup) {
  lxb_dom_node_t *fragment = xhr__html_parse_fragment(context, markup);
  if (!fragment)
    JS_ThrowOutOfMemory(realm->js);
  return fragment;
}

/* A body element, which stands for a parent that is no element; NULL where it threw. */
static lxb_dom_element_t *body_context(xhr__realm *realm, xhr__document *document) {
  lxb_dom_element_t *body = xhr__element_new(document, LXB_NS_HTML, XHR__STR("body"), 0);
  if (!body)
    JS_ThrowOutOfMemory(realm->js);
  return body;
}

/* Steps 3 and 4 of insertAdjacentHTML: what the markup is parsed as the children of; NULL where it threw. */
static lxb_dom_element_t *adjacent_context(xhr__realm *realm, lxb_dom_node_t *element,
                                           adjacent where) {
  /* 3. */
  if (where == NOWHERE) {
    (void)throw_where(realm);
    return NULL;
  }
  bool outside = where == BEFORE_BEGIN || where == AFTER_END;
  lxb_dom_node_t *context = outside ? element->parent : element;
  if (!context || context->type == LXB_DOM_NODE_TYPE_DOCUMENT) {
    (void)xhr__throw(realm, "NoModificationAllowedError",
                     "insertAdjacentHTML: the element has no parent that is an element");
    return NULL;
  }
  /* 4. */
  bool is_root =
      xhr__node_is_html(context, LXB_TAG_HTML) && xhr__document_of_node(context)->is_html;
  return xhr__node_is_element(context) && !is_root
             ? lxb_dom_interface_element(context)
             : body_context(realm, xhr__document_of_node(element));
}

/* https://html.spec.whatwg.org/#dom-element-insertadjacenthtml */
static JSValue insert_adjacent_html(xhr__realm *realm, void *self, JSValueConst this_value,
                                    int argc, JSValueConst *argv) {
  lxb_dom_node_t *element = xhr__self_node(self), *fragment = NULL;
  adjacent where;
  xhr__bytes markup = {0};
  (void)this_value, (void)argc;
  /* 1. - 2. */
  if (read_where(realm, argv[0], &where) && xhr__to_dom_string(realm, argv[1], &markup)) {
    /* 3. - 4. */
    lxb_dom_element_t *context = adjacent_context(realm, element, where);
    /* 5. */
    if (context)
      fragment = parse_fragment(realm, context, xhr__bytes_str(&markup));
  }
  xhr__bytes_free(&markup);
  if (!fragment)
    return JS_EXCEPTION;
  /* 6. */
  bool inserted;
  const char *error = insert_adjacent(element, where, fragment, &inserted);
  return error ? xhr__throw_dom(realm, error, "insertAdjacentHTML") : JS_UNDEFINED;
}

static JSValue serialize(xhr__realm *realm, void *self, bool outer) {
  xhr__bytes markup = {0};
  JSValue value = xhr__html_serialize(xhr__self_node(self), outer, &markup) == XHR_OK
                      ? xhr__from_dom_string(realm, xhr__bytes_str(&markup))
                      : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&markup);
  return value;
}

static JSValue get_inner_html(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return serialize(realm, self, false);
}

static JSValue get_outer_html(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return serialize(realm, self, true);
}

/* https://html.spec.whatwg.org/#dom-element-innerhtml */
static bool set_inner_html(xhr__realm *realm, void *self, JSValueConst this_value,
                           JSValueConst value) {
  lxb_dom_node_t *context = xhr__self_node(self), *fragment = NULL;
  xhr__bytes markup = {0};
  (void)this_value;
  /* 1. - 3. */
  if (xhr__to_string_null_to_empty(realm, value, &markup))
    fragment = parse_fragment(realm, lxb_dom_interface_element(context), xhr__bytes_str(&markup));
  xhr__bytes_free(&markup);
  if (!fragment)
    return false;
  /* 4. */
  if (xhr__node_is_html(context, LXB_TAG_TEMPLATE))
    context = xhr__template_contents(context);
  /* 5. */
  const char *error = xhr__node_replace_all(fragment, context);
  if (error)
    (void)xhr__throw_dom(realm, error, "innerHTML");
  return !error;
}

/* https://html.spec.whatwg.org/#dom-element-outerhtml */
static bool set_outer_html(xhr__realm *realm, void *self, JSValueConst this_value,
                           JSValueConst value) {
  lxb_dom_node_t *this = xhr__self_node(self), *parent = this->parent, *fragment = NULL;
  xhr__bytes markup = {0};
  (void)this_value;
  /* 1. - 2. */
  if (!xhr__to_string_null_to_empty(realm, value, &markup) || !parent) {
    xhr__bytes_free(&markup);
    return !JS_HasException(realm->js);
  }
  /* 3. - 4. */
  if (parent->type == LXB_DOM_NODE_TYPE_DOCUMENT) {
    (void)xhr__throw(realm, "NoModificationAllowedError", "outerHTML: the parent is a document");
  } else {
    /* 5. - 6. */
    lxb_dom_element_t *context = xhr__node_is_element(parent)
                                     ? lxb_dom_interface_element(parent)
                                     : body_context(realm, xhr__document_of_node(this));
    if (context)
      fragment = parse_fragment(realm, context, xhr__bytes_str(&markup));
  }
  xhr__bytes_free(&markup);
  if (!fragment)
    return false;
  /* 7. */
  const char *error = xhr__node_replace(this, fragment, parent);
  if (error)
    (void)xhr__throw_dom(realm, error, "outerHTML");
  return !error;
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("namespaceURI", get_namespace_uri),
    XHR__DEFINE_READONLY("prefix", get_prefix),
    XHR__DEFINE_READONLY("localName", get_local_name),
    XHR__DEFINE_READONLY("tagName", get_tag_name),
    XHR__DEFINE_ATTRIBUTE("id", get_id, set_id),
    XHR__DEFINE_ATTRIBUTE("className", get_class_name, set_class_name),
    XHR__DEFINE_ATTRIBUTE("classList", get_class_list, set_class_list),
    {.name = "slot", .kind = XHR__ATTRIBUTE, .get = get_slot, .set = set_slot, .unscopable = true},
    XHR__DEFINE_OPERATION("closest", 1, closest),
    XHR__DEFINE_OPERATION("matches", 1, matches),
    XHR__DEFINE_OPERATION("webkitMatchesSelector", 1, matches),
    XHR__DEFINE_OPERATION("getElementsByTagName", 1, xhr__get_elements_by_tag_name),
    XHR__DEFINE_OPERATION("getElementsByTagNameNS", 2, xhr__get_elements_by_tag_name_ns),
    XHR__DEFINE_OPERATION("getElementsByClassName", 1, xhr__get_elements_by_class_name),
    XHR__DEFINE_OPERATION("insertAdjacentElement", 2, insert_adjacent_element),
    XHR__DEFINE_OPERATION("insertAdjacentText", 2, insert_adjacent_text),
    XHR__DEFINE_OPERATION("insertAdjacentHTML", 2, insert_adjacent_html),
    XHR__DEFINE_ATTRIBUTE("innerHTML", get_inner_html, set_inner_html),
    XHR__DEFINE_ATTRIBUTE("outerHTML", get_outer_html, set_outer_html),
};

static const xhr__mixin *const includes[] = {&xhr__element_attributes, &xhr__parent_node,
                                             &xhr__child_node, &xhr__non_document_type_child_node,
                                             NULL};

const xhr__interface xhr__element_interface = {
    XHR__NODE_INTERFACE("Element", &xhr__node_interface, members),
    .includes = includes,
};
