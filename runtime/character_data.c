/* https://dom.spec.whatwg.org/#interface-characterdata, #interface-text, #interface-cdatasection,
 * #interface-processinginstruction, #interface-comment */
#include "infra/utf8.h"
#include "runtime/node_binding.h"

/* ---- CharacterData ---------------------------------------------------------------------------------------------- */

static JSValue get_data(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__character_data(xhr__self_node(self)));
}

static bool set_data(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  xhr__bytes data = {0};
  (void)this_value;
  bool done = xhr__to_string_null_to_empty(realm, value, &data);
  if (done && xhr__set_character_data(xhr__self_node(self), xhr__bytes_str(&data))) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  xhr__bytes_free(&data);
  return done;
}

/* How many code units a character of WTF-8 is that begins so; 0 for what is no beginning. */
static uint32_t units_of(uint8_t byte) {
  return (byte & 0xC0) == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1;
}

static uint32_t length_of(xhr__str data) {
  uint32_t units = 0;
  for (size_t i = 0; i < data.len; i++)
    units += units_of(xhr__str_at(data, i));
  return units;
}

/* The data as the engine's string, in which offsets count code units. */
static JSValue get_length(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, length_of(xhr__character_data(xhr__self_node(self))));
}

/* The code units `offset` up to `offset` + `count`, as the caller's string: through the engine, so that halves of surrogate
 * pairs are right. */
static JSValue slice(xhr__realm *realm, xhr__str data, uint32_t from, uint32_t to) {
  JSValue text = xhr__from_dom_string(realm, data);
  JSValue arguments[] = {JS_NewUint32(realm->js, from), JS_NewUint32(realm->js, to)};
  JSValue part = JS_IsException(text) ? JS_EXCEPTION
                                      : xhr__call_intrinsic(realm, XHR__INTRINSIC_STRING_SUBSTRING,
                                                            text, 2, arguments);
  JS_FreeValue(realm->js, text);
  return part;
}

/* Appends a slice of the data. */
static bool append_slice(xhr__realm *realm, xhr__str data, uint32_t from, uint32_t to,
                         xhr__bytes *out) {
  JSValue part = slice(realm, data, from, to);
  bool done = !JS_IsException(part) && xhr__to_dom_string(realm, part, out);
  JS_FreeValue(realm->js, part);
  return done;
}

/* https://dom.spec.whatwg.org/#concept-cd-substring: the end of a range; false where it threw. */
static bool end_of(xhr__realm *realm, xhr__str data, uint32_t offset, uint32_t count,
                   uint32_t *end) {
  uint32_t length = length_of(data);
  if (offset > length) {
    (void)xhr__throw(realm, "IndexSizeError", "the offset is behind the end of the data");
    return false;
  }
  *end = count > length - offset ? length : offset + count;
  return true;
}

static JSValue substring_data(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  uint32_t offset, count, end;
  (void)this_value, (void)argc;
  if (!xhr__to_unsigned_long(realm, argv[0], &offset) ||
      !xhr__to_unsigned_long(realm, argv[1], &count))
    return JS_EXCEPTION;
  xhr__str data = xhr__character_data(xhr__self_node(self));
  return end_of(realm, data, offset, count, &end) ? slice(realm, data, offset, end) : JS_EXCEPTION;
}

/* https://dom.spec.whatwg.org/#concept-cd-replace. False where it threw. */
static bool replace(xhr__realm *realm, lxb_dom_node_t *node, uint32_t offset, uint32_t count,
                    xhr__str data) {
  xhr__str old = xhr__character_data(node);
  xhr__bytes new = {0};
  uint32_t end;
  /* 1. - 3. */
  if (!end_of(realm, old, offset, count, &end))
    return false;
  /* 4. observers: not built yet */
  /* 5. - 7. */
  bool done = append_slice(realm, old, 0, offset, &new);
  if (done && xhr__bytes_append(&new, data) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  done = done && append_slice(realm, old, end, UINT32_MAX, &new);
  /* 8. - 12. ranges: not built yet */
  if (done && xhr__set_character_data(node, xhr__bytes_str(&new))) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  xhr__bytes_free(&new);
  return done;
}

static JSValue append_data(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                           JSValueConst *argv) {
  lxb_dom_node_t *node = xhr__self_node(self);
  xhr__bytes data = {0};
  (void)this_value, (void)argc;
  bool done = xhr__to_dom_string(realm, argv[0], &data) &&
              replace(realm, node, length_of(xhr__character_data(node)), 0, xhr__bytes_str(&data));
  xhr__bytes_free(&data);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

static JSValue insert_data(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                           JSValueConst *argv) {
  xhr__bytes data = {0};
  uint32_t offset;
  (void)this_value, (void)argc;
  bool done = xhr__to_unsigned_long(realm, argv[0], &offset) &&
              xhr__to_dom_string(realm, argv[1], &data) &&
              replace(realm, xhr__self_node(self), offset, 0, xhr__bytes_str(&data));
  xhr__bytes_free(&data);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

static JSValue delete_data(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                           JSValueConst *argv) {
  uint32_t offset, count;
  (void)this_value, (void)argc;
  bool done = xhr__to_unsigned_long(realm, argv[0], &offset) &&
              xhr__to_unsigned_long(realm, argv[1], &count) &&
              replace(realm, xhr__self_node(self), offset, count, XHR__STR_EMPTY);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

static JSValue replace_data(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  xhr__bytes data = {0};
  uint32_t offset, count;
  (void)this_value, (void)argc;
  bool done = xhr__to_unsigned_long(realm, argv[0], &offset) &&
              xhr__to_unsigned_long(realm, argv[1], &count) &&
              xhr__to_dom_string(realm, argv[2], &data) &&
              replace(realm, xhr__self_node(self), offset, count, xhr__bytes_str(&data));
  xhr__bytes_free(&data);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

static const xhr__member data_members[] = {
    XHR__DEFINE_ATTRIBUTE("data", get_data, set_data),
    XHR__DEFINE_READONLY("length", get_length),
    XHR__DEFINE_OPERATION("substringData", 2, substring_data),
    XHR__DEFINE_OPERATION("appendData", 1, append_data),
    XHR__DEFINE_OPERATION("insertData", 2, insert_data),
    XHR__DEFINE_OPERATION("deleteData", 2, delete_data),
    XHR__DEFINE_OPERATION("replaceData", 3, replace_data),
};

static const xhr__mixin *const data_includes[] = {&xhr__child_node,
                                                  &xhr__non_document_type_child_node, NULL};

const xhr__interface xhr__character_data_interface = {
    XHR__NODE_INTERFACE("CharacterData", &xhr__node_interface, data_members),
    .includes = data_includes,
};

/* ---- Text, Comment ---------------------------------------------------------------------------------------------- */

/* What the constructors of both do. */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv,
                         lxb_dom_node_t *make(xhr__document *, xhr__str)) {
  xhr__bytes data = {0};
  xhr__document *document = xhr__realm_document(realm);
  if (!document)
    return xhr__throw(realm, "InvalidStateError", "there is no document");
  if (argc > 0 && !JS_IsUndefined(argv[0]) && !xhr__to_dom_string(realm, argv[0], &data)) {
    xhr__bytes_free(&data);
    return JS_EXCEPTION;
  }
  lxb_dom_node_t *node = make(document, xhr__bytes_str(&data));
  xhr__bytes_free(&data);
  return node ? xhr__node_wrap_as(realm, node, new_target) : JS_ThrowOutOfMemory(realm->js);
}

static JSValue construct_text(xhr__realm *realm, JSValueConst new_target, int argc,
                              JSValueConst *argv) {
  return construct(realm, new_target, argc, argv, xhr__text_new);
}

static JSValue construct_comment(xhr__realm *realm, JSValueConst new_target, int argc,
                                 JSValueConst *argv) {
  return construct(realm, new_target, argc, argv, xhr__comment_new);
}

/* https://dom.spec.whatwg.org/#concept-text-split */
static JSValue split_text(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                          JSValueConst *argv) {
  lxb_dom_node_t *node = xhr__self_node(self), *new_node = NULL;
  xhr__bytes data = {0};
  uint32_t offset, end;
  (void)this_value, (void)argc;
  /* 1. - 4. */
  bool done = xhr__to_unsigned_long(realm, argv[0], &offset) &&
              end_of(realm, xhr__character_data(node), offset, UINT32_MAX, &end) &&
              append_slice(realm, xhr__character_data(node), offset, end, &data);
  /* 5. - 6. */
  if (done) {
    new_node = xhr__text_new(xhr__document_of_node(node), xhr__bytes_str(&data));
    if (!new_node)
      JS_ThrowOutOfMemory(realm->js);
    done = new_node != NULL;
  }
  xhr__bytes_free(&data);
  /* 7. ranges: not built yet */
  if (done && node->parent)
    done = !xhr__node_insert(new_node, node->parent, node->next);
  /* 8. - 9. */
  done = done && replace(realm, node, offset, UINT32_MAX, XHR__STR_EMPTY);
  return done ? xhr__node_wrap(realm, new_node) : JS_EXCEPTION;
}

/* https://dom.spec.whatwg.org/#dom-text-wholetext */
static JSValue get_whole_text(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_node_t *node = xhr__self_node(self);
  xhr__bytes text = {0};
  xhr_status status = XHR_OK;
  (void)this_value;
  while (node->prev && xhr__node_is_text(node->prev))
    node = node->prev;
  for (; node && xhr__node_is_text(node) && status == XHR_OK; node = node->next)
    status = xhr__bytes_append(&text, xhr__character_data(node));
  JSValue value = status == XHR_OK ? xhr__from_dom_string(realm, xhr__bytes_str(&text))
                                   : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&text);
  return value;
}

static const xhr__member text_members[] = {
    XHR__DEFINE_OPERATION("splitText", 1, split_text),
    XHR__DEFINE_READONLY("wholeText", get_whole_text),
};

const xhr__interface xhr__text_interface = {
    XHR__NODE_INTERFACE("Text", &xhr__character_data_interface, text_members),
    .construct = construct_text,
};

const xhr__interface xhr__comment_interface = {
    XHR__EMPTY_NODE_INTERFACE("Comment", &xhr__character_data_interface),
    .construct = construct_comment,
};

const xhr__interface xhr__cdata_section_interface = {
    XHR__EMPTY_NODE_INTERFACE("CDATASection", &xhr__text_interface),
};

static JSValue get_target(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__processing_instruction_target(xhr__self_node(self)));
}

static const xhr__member instruction_members[] = {
    XHR__DEFINE_READONLY("target", get_target),
};

const xhr__interface xhr__processing_instruction_interface = {
    XHR__NODE_INTERFACE("ProcessingInstruction", &xhr__character_data_interface,
                        instruction_members),
};
