#include "runtime/document_binding.h"

#include "infra/alloc.h"
#include "runtime/document.h"
#include "runtime/event.h"

/* ---- life ------------------------------------------------------------------------------------------------------- */

/* The document's object lets go of its nodes' objects, whichever of them are finalized already. */
static void release_wrappers(JSRuntime *runtime, xhr__js_document *document) {
  xhr__list *item;
  while ((item = xhr__list_take_first(&document->wrappers))) {
    xhr__js_node *wrapper = XHR__OWNER(item, xhr__js_node, member);
    wrapper->owner = NULL;
    JS_FreeValueRT(runtime, wrapper->self);
  }
}

/* The realm goes: from now on nothing of the document can reach it. */
static void forget_realm(xhr__js_document *document) {
  xhr__document *inner = document->node.document;
  xhr__list_remove(&document->teardown.node);
  document->realm = NULL;
  document->host = NULL;
  inner->steps = NULL;
}

static void end_teardown(xhr__teardown *teardown) {
  forget_realm(XHR__OWNER(teardown, xhr__js_document, teardown));
}

static bool is_document(const xhr__js_node *self) {
  return xhr__interface_is(self->target.object.interface, &xhr__document_interface);
}

void xhr__js_node_finalize(JSRuntime *runtime, void *object) {
  xhr__js_node *self = object;
  if (is_document(self)) {
    xhr__js_document *document = object;
    forget_realm(document);
    release_wrappers(runtime, document);
    JS_FreeValueRT(runtime, document->current_script);
  }
  xhr__list_remove(&self->member);
  if (self->node && self->node->user)
    xhr__node_data_if_any(self->node)->wrapper = NULL;
  for (int i = 0; self->slots && i < XHR__SLOT_COUNT; i++)
    JS_FreeValueRT(runtime, self->slots[i]);
  xhr__free(self->slots);
  JS_FreeValueRT(runtime, self->owner_object);
  xhr__js_event_target_free(runtime, &self->target);
  xhr__document_unref(self->document);
  xhr__free(self);
}

void xhr__js_node_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__js_node *self = object;
  if (is_document(self)) {
    xhr__js_document *document = object;
    for (xhr__list *item = document->wrappers.next; item != &document->wrappers; item = item->next)
      JS_MarkValue(runtime, XHR__OWNER(item, xhr__js_node, member)->self, mark_func);
    JS_MarkValue(runtime, document->current_script, mark_func);
  }
  for (int i = 0; self->slots && i < XHR__SLOT_COUNT; i++)
    JS_MarkValue(runtime, self->slots[i], mark_func);
  JS_MarkValue(runtime, self->owner_object, mark_func);
  xhr__js_event_target_mark(runtime, &self->target, mark_func);
}

JSValueConst xhr__js_node_slot(const xhr__js_node *self, xhr__node_slot slot) {
  return self->slots ? self->slots[slot] : JS_UNDEFINED;
}

JSValue xhr__js_node_keep(xhr__realm *realm, xhr__js_node *self, xhr__node_slot slot,
                          JSValue object) {
  if (JS_IsException(object))
    return object;
  if (!self->slots) {
    self->slots = xhr__calloc(XHR__SLOT_COUNT, sizeof(JSValue));
    if (!self->slots) {
      JS_FreeValue(realm->js, object);
      return JS_ThrowOutOfMemory(realm->js);
    }
    for (int i = 0; i < XHR__SLOT_COUNT; i++)
      self->slots[i] = JS_UNDEFINED;
  }
  self->slots[slot] = object;
  return JS_DupValue(realm->js, object);
}

/* ---- what the tree tells ---------------------------------------------------------------------------------------- */

static void script_changed(void *user, lxb_dom_element_t *script) {
  const xhr__js_document *document = user;
  if (document->host && document->host->script_changed)
    document->host->script_changed(document->host_user, script);
}

static void base_url_changed(void *user) {
  const xhr__js_document *document = user;
  if (document->host && document->host->base_url_changed)
    document->host->base_url_changed(document->host_user);
}

static void attribute_changed(void *user, lxb_dom_attr_t *attribute, lxb_dom_element_t *element,
                              bool exists) {
  const xhr__js_document *document = user;
  if (document->realm)
    xhr__event_handler_attribute_changed(document->realm, attribute, element, exists);
}

/* Gives an object to a document, whose reference to it is new. */
static void give(JSContext *js, xhr__js_document *document, xhr__js_node *wrapper) {
  wrapper->owner = document;
  wrapper->owner_object = JS_DupValue(js, document->node.self);
  (void)JS_DupValue(js, wrapper->self);
  xhr__list_append(&document->wrappers, &wrapper->member);
}

/* A node's object goes from one document's to another's. */
static void adopted(void *user, lxb_dom_node_t *node, xhr__document *old_document) {
  xhr__js_document *document = user;
  xhr__js_node *wrapper = xhr__node_data_if_any(node)->wrapper;
  (void)old_document;
  if (!wrapper || !document->realm || wrapper->owner == document)
    return;
  JSContext *js = document->realm->js;
  JSValue old_object = wrapper->owner_object;
  bool held = wrapper->owner != NULL;
  xhr__list_remove(&wrapper->member);
  give(js, document, wrapper);
  if (held)
    JS_FreeValue(js, wrapper->self);
  JS_FreeValue(js, old_object);
}

/* Whoever ends the loop, as a signal does, ends what is parsed. */
static bool is_over(void *user) {
  const xhr__js_document *document = user;
  return document->realm && xhr__loop_is_stopping(document->realm->context->loop);
}

static const xhr__document_steps steps = {
    .script_changed = script_changed,
    .base_url_changed = base_url_changed,
    .attribute_changed = attribute_changed,
    .adopted = adopted,
    .is_over = is_over,
};

/* ---- making objects --------------------------------------------------------------------------------------------- */

static void init_node(xhr__js_node *self, lxb_dom_node_t *node, xhr__node_data *data) {
  self->node = node;
  self->document = xhr__document_ref(xhr__document_of_node(node));
  xhr__list_init(&self->member);
  self->owner_object = JS_UNDEFINED;
  data->wrapper = self;
}

JSValue xhr__document_binding_new_as(xhr__realm *realm, xhr__document *document,
                                     const xhr__interface *interface, JSValueConst new_target) {
  xhr__node_data *data = xhr__node_data_of(xhr__document_node(document));
  xhr__js_document *self = data ? XHR__NEW(xhr__js_document) : NULL;
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  init_node(&self->node, xhr__document_node(document), data);
  self->realm = realm;
  self->current_script = JS_NULL;
  self->teardown.idle = true;
  self->teardown.end = end_teardown;
  xhr__list_init(&self->wrappers);
  xhr__list_append(&realm->teardown, &self->teardown.node);
  JSValue value = xhr__platform_object_new(realm, interface, new_target, self);
  if (JS_IsException(value))
    return value;
  self->node.self = value;
  document->steps = &steps;
  document->steps_user = self;
  return value;
}

JSValue xhr__document_binding_new(xhr__realm *realm, xhr__document *document) {
  return xhr__document_binding_new_as(realm, document, &xhr__document_interface, JS_UNDEFINED);
}

void xhr__document_set_host(JSValueConst document, const xhr__document_host *host, void *user) {
  xhr__js_document *self = xhr__js_document_of_value(document);
  self->host = host;
  self->host_user = user;
}

static const xhr__interface *interface_of(const lxb_dom_node_t *node) {
  switch (node->type) {
    case LXB_DOM_NODE_TYPE_ELEMENT:
      return xhr__interface_of_element((const lxb_dom_element_t *)(const void *)node);
    case LXB_DOM_NODE_TYPE_ATTRIBUTE: return &xhr__attr_interface;
    case LXB_DOM_NODE_TYPE_TEXT: return &xhr__text_interface;
    case LXB_DOM_NODE_TYPE_CDATA_SECTION: return &xhr__cdata_section_interface;
    case LXB_DOM_NODE_TYPE_PROCESSING_INSTRUCTION: return &xhr__processing_instruction_interface;
    case LXB_DOM_NODE_TYPE_COMMENT: return &xhr__comment_interface;
    case LXB_DOM_NODE_TYPE_DOCUMENT_TYPE: return &xhr__document_type_interface;
    case LXB_DOM_NODE_TYPE_DOCUMENT_FRAGMENT: return &xhr__document_fragment_interface;
    default: return &xhr__node_interface;
  }
}

/* A node's object that is not there yet; `owner` is its document's. */
static JSValue new_wrapper(xhr__realm *realm, xhr__js_document *owner, lxb_dom_node_t *node,
                           xhr__node_data *data, JSValueConst new_target) {
  xhr__js_node *self = XHR__NEW(xhr__js_node);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  init_node(self, node, data);
  JSValue value = xhr__platform_object_new(realm, interface_of(node), new_target, self);
  if (JS_IsException(value))
    return value;
  self->self = value;
  give(realm->js, owner, self);
  if (xhr__node_is_element(node))
    xhr__event_handlers_of_attributes(realm, self);
  return value;
}

JSValue xhr__node_wrap_as(xhr__realm *realm, lxb_dom_node_t *node, JSValueConst new_target) {
  xhr__node_data *data = xhr__node_data_of(node);
  if (!data)
    return JS_ThrowOutOfMemory(realm->js);
  if (data->wrapper)
    return JS_DupValue(realm->js, ((xhr__js_node *)data->wrapper)->self);
  xhr__document *document = xhr__document_of_node(node);
  if (node->type == LXB_DOM_NODE_TYPE_DOCUMENT)
    return xhr__document_binding_new(realm, document);
  JSValue owner = xhr__node_wrap(realm, xhr__document_node(document));
  if (JS_IsException(owner))
    return owner;
  JSValue value = new_wrapper(realm, xhr__js_document_of_value(owner), node, data, new_target);
  JS_FreeValue(realm->js, owner);
  return value;
}

JSValue xhr__node_wrap(xhr__realm *realm, lxb_dom_node_t *node) {
  return node ? xhr__node_wrap_as(realm, node, JS_UNDEFINED) : JS_NULL;
}

/* ---- and back --------------------------------------------------------------------------------------------------- */

lxb_dom_node_t *xhr__node_of(JSValueConst value) {
  xhr__js_node *self = xhr__platform_object_of(value, &xhr__node_interface);
  return self ? self->node : NULL;
}

lxb_dom_element_t *xhr__element_of(JSValueConst value) {
  xhr__js_node *self = xhr__platform_object_of(value, &xhr__element_interface);
  return self ? lxb_dom_interface_element(self->node) : NULL;
}

xhr__document *xhr__document_of(JSValueConst value) {
  xhr__js_document *self = xhr__js_document_of_value(value);
  return self ? self->node.document : NULL;
}

xhr__js_document *xhr__js_document_of_value(JSValueConst value) {
  return xhr__platform_object_of(value, &xhr__document_interface);
}

xhr__document *xhr__realm_document(xhr__realm *realm) {
  JSValue value = JS_GetPropertyStr(realm->js, realm->global, "document");
  xhr__document *document = xhr__document_of(value);
  JS_FreeValue(realm->js, value);
  return document;
}

xhr__js_document *xhr__js_document_of(xhr__js_node *self) {
  return self->owner ? self->owner : (xhr__js_document *)(void *)self;
}

/* ---- for the page ----------------------------------------------------------------------------------------------- */

void xhr__document_set_ready_state(xhr__realm *realm, JSValueConst document,
                                   xhr__ready_state ready_state) {
  xhr__document *inner = xhr__document_of(document);
  /* 1. */
  if (inner->ready_state == ready_state)
    return;
  /* 2. - 3. load timing: there is none */
  inner->ready_state = ready_state;
  /* 4. */
  (void)xhr__dispatch_new(realm, document, xhr__event_new(realm, "readystatechange", false, false));
}

JSValue xhr__document_exchange_current_script(JSValueConst document, JSValue script) {
  xhr__js_document *self = xhr__js_document_of_value(document);
  JSValue old = self->current_script;
  self->current_script = script;
  return old;
}
