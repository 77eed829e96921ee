/* https://dom.spec.whatwg.org/#interface-nodelist and https://dom.spec.whatwg.org/#interface-htmlcollection */
#include "dom/names.h"
#include "infra/alloc.h"
#include "runtime/form_controls.h"
#include "runtime/legacy_platform_object.h"
#include "runtime/node_collections.h"

typedef struct collection {
  xhr__platform_object object;
  JSValue root_object; /* what keeps the root and the nodes */
  lxb_dom_node_t *root;
  xhr__collection_kind kind;
  bool is_static;
  xhr__bytes name, lower_name, namespace;
  /* What is in it, as of that version of that document; of a static one, always. */
  lxb_dom_node_t **nodes;
  size_t count, capacity;
  const xhr__document *document; /* NULL: never filled */
  uint64_t version;
} collection;

void xhr__collection_finalize(JSRuntime *runtime, void *object) {
  collection *self = object;
  JS_FreeValueRT(runtime, self->root_object);
  xhr__bytes_free(&self->name);
  xhr__bytes_free(&self->lower_name);
  xhr__bytes_free(&self->namespace);
  xhr__free(self->nodes);
  xhr__free(self);
}

void xhr__collection_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((collection *)object)->root_object, mark_func);
}

/* ---- what is in it ---------------------------------------------------------------------------------------------- */

static bool is_star(const xhr__bytes *name) {
  return name->len == 1 && name->data[0] == '*';
}

/* https://dom.spec.whatwg.org/#concept-getelementsbytagname */
static bool has_qualified_name(const collection *self, const lxb_dom_element_t *element) {
  if (is_star(&self->name))
    return true;
  bool lower = element->node.ns == LXB_NS_HTML && xhr__document_of_node(self->root)->is_html;
  return xhr__str_equals(xhr__element_qualified_name(element),
                         xhr__bytes_str(lower ? &self->lower_name : &self->name));
}

/* https://dom.spec.whatwg.org/#concept-getelementsbytagnamens */
static bool has_namespaced_name(const collection *self, const lxb_dom_element_t *element) {
  xhr__str namespace;
  (void)xhr__node_namespace(&element->node, &namespace);
  return (is_star(&self->namespace) ||
          xhr__str_equals(namespace, xhr__bytes_str(&self->namespace))) &&
         (is_star(&self->name) ||
          xhr__str_equals(xhr__element_local_name(element), xhr__bytes_str(&self->name)));
}

/* The next token at or behind `*position`; false where there is none. */
static bool next_token(xhr__str tokens, size_t *position, xhr__str *token) {
  size_t start = *position;
  while (start < tokens.len && xhr__is_ascii_whitespace(xhr__str_at(tokens, start)))
    start++;
  size_t end = start;
  while (end < tokens.len && !xhr__is_ascii_whitespace(xhr__str_at(tokens, end)))
    end++;
  *position = end;
  *token = xhr__str_slice(tokens, start, end);
  return end > start;
}

static bool has_token(xhr__str tokens, xhr__str wanted, bool quirks) {
  size_t position = 0;
  xhr__str token;
  while (next_token(tokens, &position, &token)) {
    if (quirks ? xhr__str_equals_ci(token, wanted) : xhr__str_equals(token, wanted))
      return true;
  }
  return false;
}

/* https://dom.spec.whatwg.org/#concept-getelementsbyclassname */
static bool has_classes(const collection *self, const lxb_dom_element_t *element) {
  bool quirks =
      xhr__document_of_node(self->root)->tree->compat_mode == LXB_DOM_DOCUMENT_CMODE_QUIRKS;
  xhr__str own, wanted;
  size_t position = 0;
  bool any = false;
  if (!xhr__element_attribute(element, XHR__STR("class"), &own))
    return false;
  while (next_token(xhr__bytes_str(&self->name), &position, &wanted)) {
    any = true;
    if (!has_token(own, wanted, quirks))
      return false;
  }
  return any;
}

static bool has_name(const collection *self, const lxb_dom_element_t *element) {
  xhr__str name;
  return element->node.ns == LXB_NS_HTML &&
         xhr__element_attribute(element, XHR__STR("name"), &name) &&
         xhr__str_equals(name, xhr__bytes_str(&self->name));
}

static bool is_link(const lxb_dom_node_t *node) {
  xhr__str href;
  return (xhr__node_is_html(node, LXB_TAG_A) || xhr__node_is_html(node, LXB_TAG_AREA)) &&
         xhr__element_attribute((const void *)node, XHR__STR("href"), &href);
}

static bool is_of_form(const collection *self, const lxb_dom_element_t *element) {
  const lxb_dom_element_t *root = lxb_dom_interface_element(self->root);
  const lxb_dom_node_t *node = &element->node;
  bool is_option = xhr__node_is_html(node, LXB_TAG_OPTION);
  switch (self->kind) {
    case XHR__COLLECT_FORM_ELEMENTS: return xhr__is_form_element(root, node);
    case XHR__COLLECT_FORM_ELEMENTS_NAMED:
      return xhr__is_form_element(root, node) && xhr__is_named(node, xhr__bytes_str(&self->name));
    case XHR__COLLECT_FIELD_SET_ELEMENTS: return xhr__node_is_listed(node);
    case XHR__COLLECT_OPTIONS: return is_option && xhr__option_select(element) == root;
    case XHR__COLLECT_SELECTED_OPTIONS:
      return is_option && xhr__option_select(element) == root && xhr__option_is_selected(element);
    default: return is_option;
  }
}

static bool is_in(const collection *self, const lxb_dom_node_t *node) {
  const lxb_dom_element_t *element = (const void *)node;
  if (self->kind == XHR__COLLECT_CHILD_NODES)
    return true;
  if (!xhr__node_is_element(node))
    return false;
  switch (self->kind) {
    case XHR__COLLECT_QUALIFIED_NAME: return has_qualified_name(self, element);
    case XHR__COLLECT_NAMESPACE: return has_namespaced_name(self, element);
    case XHR__COLLECT_CLASS_NAMES: return has_classes(self, element);
    case XHR__COLLECT_NAME: return has_name(self, element);
    case XHR__COLLECT_SCRIPTS: return xhr__node_is_html(node, LXB_TAG_SCRIPT);
    case XHR__COLLECT_FORMS: return xhr__node_is_html(node, LXB_TAG_FORM);
    case XHR__COLLECT_IMAGES: return xhr__node_is_html(node, LXB_TAG_IMG);
    case XHR__COLLECT_LINKS: return is_link(node);
    case XHR__COLLECT_FORM_ELEMENTS:
    case XHR__COLLECT_FORM_ELEMENTS_NAMED:
    case XHR__COLLECT_FIELD_SET_ELEMENTS:
    case XHR__COLLECT_OPTIONS:
    case XHR__COLLECT_SELECTED_OPTIONS:
    case XHR__COLLECT_DATA_LIST: return is_of_form(self, element);
    default: return true;
  }
}

/* Finds what is in it now. For want of memory it ends early. */
static void fill(collection *self) {
  const xhr__document *document = xhr__document_of_node(self->root);
  if (self->is_static || (self->document == document && self->version == document->version))
    return;
  bool children = self->kind <= XHR__COLLECT_CHILDREN;
  self->count = 0;
  self->document = document;
  self->version = document->version;
  /* A form's controls may be anywhere in its tree. */
  bool of_form =
      self->kind == XHR__COLLECT_FORM_ELEMENTS || self->kind == XHR__COLLECT_FORM_ELEMENTS_NAMED;
  const lxb_dom_node_t *root = of_form ? xhr__node_root(self->root) : self->root;
  for (lxb_dom_node_t *node = root->first_child; node;
       node = children ? node->next : xhr__node_following(node, root)) {
    if (!is_in(self, node))
      continue;
    void *nodes = self->nodes;
    if (!xhr__grow(&nodes, &self->capacity, self->count + 1, sizeof *self->nodes))
      return;
    self->nodes = nodes;
    self->nodes[self->count++] = node;
  }
}

uint32_t xhr__collection_length(void *object) {
  collection *self = object;
  fill(self);
  return (uint32_t)self->count;
}

lxb_dom_node_t *xhr__collection_node(void *object, size_t index) {
  collection *self = object;
  fill(self);
  return index < self->count ? self->nodes[index] : NULL;
}

JSValue xhr__collection_at(xhr__realm *realm, void *object, uint32_t index) {
  return xhr__node_wrap(realm, xhr__collection_node(object, index));
}

xhr__js_node *xhr__collection_root(void *object) {
  return xhr__platform_object_of(((collection *)object)->root_object, &xhr__node_interface);
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

static JSValue get_length(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, xhr__collection_length(self));
}

static JSValue item(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  uint32_t index;
  (void)this_value, (void)argc;
  return xhr__to_unsigned_long(realm, argv[0], &index) ? xhr__collection_at(realm, self, index)
                                                       : JS_EXCEPTION;
}

bool xhr__is_named(const lxb_dom_node_t *node, xhr__str name) {
  const lxb_dom_element_t *element = (const void *)node;
  xhr__str value;
  return (xhr__element_attribute(element, XHR__STR("id"), &value) &&
          xhr__str_equals(value, name)) ||
         (node->ns == LXB_NS_HTML && xhr__element_attribute(element, XHR__STR("name"), &value) &&
          xhr__str_equals(value, name));
}

/* https://dom.spec.whatwg.org/#dom-htmlcollection-nameditem-key, steps 1 and 2 */
static lxb_dom_node_t *find_named(collection *self, xhr__str key) {
  fill(self);
  for (size_t i = 0; key.len > 0 && i < self->count; i++) {
    if (xhr__is_named(self->nodes[i], key))
      return self->nodes[i];
  }
  return NULL;
}

static JSValue named_item(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                          JSValueConst *argv) {
  xhr__bytes name = {0};
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, argv[0], &name))
    value = xhr__node_wrap(realm, find_named(self, xhr__bytes_str(&name)));
  xhr__bytes_free(&name);
  return value;
}

JSValue xhr__collection_named(xhr__realm *realm, void *self, xhr__str name) {
  lxb_dom_node_t *node = find_named(self, name);
  return node ? xhr__node_wrap(realm, node) : JS_UNDEFINED;
}

/* Whether the name stands among those that were appended already. */
static bool is_listed(const xhr__bytes *names, xhr__str name) {
  for (size_t start = 0; start < names->len;) {
    xhr__str listed = xhr__str_c(names->data + start);
    if (xhr__str_equals(listed, name))
      return true;
    start += listed.len + 1;
  }
  return false;
}

static bool append_name(xhr__bytes *names, xhr__str name) {
  return name.len == 0 || is_listed(names, name) ||
         (xhr__bytes_append(names, name) == XHR_OK && xhr__bytes_append_byte(names, 0) == XHR_OK);
}

bool xhr__append_names(const lxb_dom_element_t *element, xhr__bytes *out) {
  xhr__str value;
  (void)xhr__element_attribute(element, XHR__STR("id"), &value);
  if (!append_name(out, value))
    return false;
  return element->node.ns != LXB_NS_HTML ||
         !xhr__element_attribute(element, XHR__STR("name"), &value) || append_name(out, value);
}

/* The supported property names: each element's id, then its name. */
bool xhr__collection_names(void *object, xhr__bytes *out) {
  collection *self = object;
  fill(self);
  for (size_t i = 0; i < self->count; i++) {
    if (!xhr__append_names(lxb_dom_interface_element(self->nodes[i]), out))
      return false;
  }
  return true;
}

static const xhr__legacy_properties list_properties = {.length = xhr__collection_length,
                                                       .indexed = xhr__collection_at};

static const xhr__member list_members[] = {
    XHR__DEFINE_READONLY("length", get_length),
    XHR__DEFINE_OPERATION("item", 1, item),
    XHR__DEFINE_VALUE_ITERABLE,
};

const xhr__interface xhr__node_list_interface = {
    .name = "NodeList",
    .exposed = XHR__EXPOSED_WINDOW,
    .members = list_members,
    .member_count = sizeof list_members / sizeof *list_members,
    .legacy = &list_properties,
    .finalize = xhr__collection_finalize,
    .mark = xhr__collection_mark,
};

static const xhr__legacy_properties collection_properties = {.length = xhr__collection_length,
                                                             .indexed = xhr__collection_at,
                                                             .named = xhr__collection_named,
                                                             .names = xhr__collection_names,
                                                             .unenumerable = true};

static const xhr__member collection_members[] = {
    XHR__DEFINE_READONLY("length", get_length),
    XHR__DEFINE_OPERATION("item", 1, item),
    XHR__DEFINE_OPERATION("namedItem", 1, named_item),
    XHR__DEFINE_ARRAY_ITERATOR,
};

const xhr__interface xhr__html_collection_interface = {
    .name = "HTMLCollection",
    .exposed = XHR__EXPOSED_WINDOW,
    .members = collection_members,
    .member_count = sizeof collection_members / sizeof *collection_members,
    .legacy = &collection_properties,
    .finalize = xhr__collection_finalize,
    .mark = xhr__collection_mark,
};

/* ---- making ----------------------------------------------------------------------------------------------------- */

static const xhr__interface *interface_of(xhr__collection_kind kind) {
  switch (kind) {
    case XHR__COLLECT_CHILD_NODES:
    case XHR__COLLECT_NAME: return &xhr__node_list_interface;
    case XHR__COLLECT_FORM_ELEMENTS: return &xhr__html_form_controls_collection_interface;
    case XHR__COLLECT_FORM_ELEMENTS_NAMED: return &xhr__radio_node_list_interface;
    case XHR__COLLECT_OPTIONS: return &xhr__html_options_collection_interface;
    default: return &xhr__html_collection_interface;
  }
}

JSValue xhr__collection_new(xhr__realm *realm, xhr__js_node *root, xhr__collection_kind kind,
                            xhr__str name, xhr__str namespace) {
  collection *self = XHR__NEW(collection);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  self->object.interface = interface_of(kind);
  self->root_object = JS_DupValue(realm->js, root->self);
  self->root = root->node;
  self->kind = kind;
  if (xhr__bytes_assign(&self->name, name) != XHR_OK ||
      xhr__bytes_append_lower(&self->lower_name, name) != XHR_OK ||
      xhr__bytes_assign(&self->namespace, namespace) != XHR_OK) {
    xhr__collection_finalize(JS_GetRuntime(realm->js), self);
    return JS_ThrowOutOfMemory(realm->js);
  }
  return xhr__platform_object_new(realm, self->object.interface, JS_UNDEFINED, self);
}

JSValue xhr__static_node_list_new(xhr__realm *realm, xhr__js_node *root, lxb_dom_node_t **nodes,
                                  size_t count) {
  collection *self = XHR__NEW(collection);
  if (self)
    self->nodes = xhr__calloc(count + 1, sizeof *nodes);
  if (!self || !self->nodes) {
    xhr__free(self);
    return JS_ThrowOutOfMemory(realm->js);
  }
  self->root_object = JS_DupValue(realm->js, root->self);
  self->root = root->node;
  self->is_static = true;
  self->count = count;
  if (count > 0)
    memcpy(self->nodes, nodes, count * sizeof *nodes);
  return xhr__platform_object_new(realm, &xhr__node_list_interface, JS_UNDEFINED, self);
}

JSValue xhr__collection_of_slot(xhr__realm *realm, xhr__js_node *self, xhr__node_slot slot,
                                xhr__collection_kind kind) {
  JSValueConst kept = xhr__js_node_slot(self, slot);
  if (!JS_IsUndefined(kept))
    return JS_DupValue(realm->js, kept);
  return xhr__js_node_keep(realm, self, slot,
                           xhr__collection_new(realm, self, kind, XHR__STR_EMPTY, XHR__STR_EMPTY));
}
