/* Arguments and exceptions of the interfaces of nodes. */
#include "runtime/node_binding.h"

JSValue xhr__throw_dom(xhr__realm *realm, const char *error, const char *what) {
  if (error == xhr__dom_out_of_memory)
    return JS_ThrowOutOfMemory(realm->js);
  return xhr__throw(realm, error, "%s", what);
}

lxb_dom_node_t *xhr__to_node(xhr__realm *realm, JSValueConst value, const char *what) {
  lxb_dom_node_t *node = xhr__node_of(value);
  if (!node)
    JS_ThrowTypeError(realm->js, "%s: the argument is no Node", what);
  return node;
}

bool xhr__to_nullable_node(xhr__realm *realm, JSValueConst value, const char *what,
                           lxb_dom_node_t **node) {
  *node = NULL;
  if (JS_IsNull(value) || JS_IsUndefined(value))
    return true;
  *node = xhr__to_node(realm, value, what);
  return *node != NULL;
}

bool xhr__to_nullable_string(xhr__realm *realm, JSValueConst value, xhr__bytes *out,
                             bool *is_null) {
  *is_null = JS_IsNull(value) || JS_IsUndefined(value);
  return *is_null || xhr__to_dom_string(realm, value, out);
}

bool xhr__to_string_null_to_empty(xhr__realm *realm, JSValueConst value, xhr__bytes *out) {
  return JS_IsNull(value) || xhr__to_dom_string(realm, value, out);
}

/* One of (Node or DOMString). */
static lxb_dom_node_t *node_or_text(xhr__realm *realm, xhr__document *document,
                                    JSValueConst value) {
  lxb_dom_node_t *node = xhr__node_of(value);
  if (node)
    return node;
  xhr__bytes text = {0};
  if (xhr__to_dom_string(realm, value, &text)) {
    node = xhr__text_new(document, xhr__bytes_str(&text));
    if (!node)
      JS_ThrowOutOfMemory(realm->js);
  }
  xhr__bytes_free(&text);
  return node;
}

lxb_dom_node_t *xhr__nodes_into_node(xhr__realm *realm, xhr__document *document, int argc,
                                     JSValueConst *argv) {
  /* 1. - 3. one node stands for itself */
  if (argc == 1)
    return node_or_text(realm, document, argv[0]);
  /* 4. All are converted before any is moved. */
  lxb_dom_node_t **nodes = xhr__calloc((size_t)argc + 1, sizeof(lxb_dom_node_t *));
  lxb_dom_node_t *fragment = nodes ? xhr__document_fragment_new(document) : NULL;
  if (!fragment)
    JS_ThrowOutOfMemory(realm->js);
  for (int i = 0; fragment && i < argc; i++) {
    nodes[i] = node_or_text(realm, document, argv[i]);
    if (!nodes[i])
      fragment = NULL;
  }
  for (int i = 0; fragment && i < argc; i++) {
    const char *error = xhr__node_pre_insert(nodes[i], fragment, NULL);
    if (error) {
      (void)xhr__throw_dom(realm, error, "a node cannot be put there");
      fragment = NULL;
    }
  }
  xhr__free(nodes);
  return fragment;
}
