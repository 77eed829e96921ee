/* https://dom.spec.whatwg.org/#interface-domtokenlist */
#include "infra/alloc.h"
#include "runtime/legacy_platform_object.h"
#include "runtime/node_binding.h"

typedef struct token_list {
  xhr__platform_object object;
  JSValue element_object;
  lxb_dom_element_t *element;
  const char *attribute;
} token_list;

static void finalize(JSRuntime *runtime, void *object) {
  JS_FreeValueRT(runtime, ((token_list *)object)->element_object);
  xhr__free(object);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((token_list *)object)->element_object, mark_func);
}

/* ---- token sets: tokens separated by single spaces -------------------------------------------------------------- */

static bool next_token(xhr__str set, size_t *position, xhr__str *token) {
  size_t start = *position;
  while (start < set.len && xhr__is_ascii_whitespace(xhr__str_at(set, start)))
    start++;
  size_t end = start;
  while (end < set.len && !xhr__is_ascii_whitespace(xhr__str_at(set, end)))
    end++;
  *position = end;
  *token = xhr__str_slice(set, start, end);
  return end > start;
}

static bool contains(xhr__str set, xhr__str wanted) {
  size_t position = 0;
  xhr__str token;
  while (next_token(set, &position, &token)) {
    if (xhr__str_equals(token, wanted))
      return true;
  }
  return false;
}

static xhr_status add_token(xhr__bytes *set, xhr__str token) {
  if (contains(xhr__bytes_str(set), token))
    return XHR_OK;
  xhr_status status = set->len > 0 ? xhr__bytes_append_byte(set, ' ') : XHR_OK;
  return status == XHR_OK ? xhr__bytes_append(set, token) : status;
}

/* Replaces a token by another, or with the empty one removes it, where the set may have the other already. */
static xhr_status change_token(xhr__bytes *set, xhr__str token, xhr__str by) {
  xhr__bytes new = {0};
  xhr__str at;
  size_t position = 0;
  xhr_status status = XHR_OK;
  while (status == XHR_OK && next_token(xhr__bytes_str(set), &position, &at)) {
    if (!xhr__str_equals(at, token))
      status = add_token(&new, at);
    else if (by.len > 0)
      status = add_token(&new, by);
  }
  if (status == XHR_OK)
    xhr__bytes_move(set, &new);
  xhr__bytes_free(&new);
  return status;
}

static xhr__str attribute_value(const token_list *self) {
  xhr__str value;
  (void)xhr__element_attribute(self->element, xhr__str_c(self->attribute), &value);
  return value;
}

/* The token set, as the caller's; false where it threw. */
static bool read_set(xhr__realm *realm, const token_list *self, xhr__bytes *set) {
  xhr__str value = attribute_value(self), token;
  size_t position = 0;
  xhr_status status = XHR_OK;
  while (status == XHR_OK && next_token(value, &position, &token))
    status = add_token(set, token);
  if (status != XHR_OK)
    JS_ThrowOutOfMemory(realm->js);
  return status == XHR_OK;
}

/* https://dom.spec.whatwg.org/#concept-dtl-update */
static bool update(xhr__realm *realm, token_list *self, const xhr__bytes *set) {
  xhr__str value;
  bool there = xhr__element_attribute(self->element, xhr__str_c(self->attribute), &value);
  /* 1. */
  if (!there && set->len == 0)
    return true;
  /* 2. */
  return xhr__element_set(realm, self->element, xhr__str_c(self->attribute), xhr__bytes_str(set));
}

static bool done_or_memory(xhr__realm *realm, xhr_status status) {
  if (status != XHR_OK)
    JS_ThrowOutOfMemory(realm->js);
  return status == XHR_OK;
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

/* The token number `index`; false where there is none. The set is read anew, duplicates left out. */
static bool token_at(token_list *self, uint32_t index, xhr__str *token) {
  xhr__str value = attribute_value(self);
  size_t position = 0;
  while (next_token(value, &position, token)) {
    xhr__str before = xhr__str_slice(value, 0, (size_t)(token->data - value.data));
    if (!contains(before, *token) && index-- == 0)
      return true;
  }
  return false;
}

static uint32_t length_of(void *self) {
  uint32_t count = 0;
  xhr__str token;
  while (token_at(self, count, &token))
    count++;
  return count;
}

static JSValue at(xhr__realm *realm, void *self, uint32_t index) {
  xhr__str token;
  return token_at(self, index, &token) ? xhr__from_dom_string(realm, token) : JS_NULL;
}

static JSValue get_length(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, length_of(self));
}

static JSValue item(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  uint32_t index;
  (void)this_value, (void)argc;
  return xhr__to_unsigned_long(realm, argv[0], &index) ? at(realm, self, index) : JS_EXCEPTION;
}

static JSValue contains_operation(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  xhr__bytes token = {0};
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, argv[0], &token))
    value = JS_NewBool(realm->js, contains(attribute_value(self), xhr__bytes_str(&token)));
  xhr__bytes_free(&token);
  return value;
}

/* Whether it is a token; throws where not. */
static bool check_token(xhr__realm *realm, xhr__str token) {
  if (token.len == 0) {
    (void)xhr__throw(realm, "SyntaxError", "a token is empty");
    return false;
  }
  for (size_t i = 0; i < token.len; i++) {
    if (xhr__is_ascii_whitespace(xhr__str_at(token, i))) {
      (void)xhr__throw(realm, "InvalidCharacterError", "a token has white space in it");
      return false;
    }
  }
  return true;
}

/* https://dom.spec.whatwg.org/#dom-domtokenlist-add and -remove: all tokens are converted, then checked, then used. */
static JSValue change_all(xhr__realm *realm, void *self, int argc, JSValueConst *argv, bool add) {
  xhr__bytes *tokens = xhr__calloc((size_t)argc + 1, sizeof *tokens);
  xhr__bytes set = {0};
  bool done = tokens != NULL;
  if (!done)
    JS_ThrowOutOfMemory(realm->js);
  for (int i = 0; done && i < argc; i++)
    done = xhr__to_dom_string(realm, argv[i], &tokens[i]);
  for (int i = 0; done && i < argc; i++)
    done = check_token(realm, xhr__bytes_str(&tokens[i]));
  done = done && read_set(realm, self, &set);
  for (int i = 0; done && i < argc; i++) {
    xhr__str token = xhr__bytes_str(&tokens[i]);
    done = done_or_memory(realm,
                          add ? add_token(&set, token) : change_token(&set, token, XHR__STR_EMPTY));
  }
  done = done && update(realm, self, &set);
  for (int i = 0; tokens && i < argc; i++)
    xhr__bytes_free(&tokens[i]);
  xhr__free(tokens);
  xhr__bytes_free(&set);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

static JSValue add(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                   JSValueConst *argv) {
  (void)this_value;
  return change_all(realm, self, argc, argv, true);
}

static JSValue remove_tokens(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  (void)this_value;
  return change_all(realm, self, argc, argv, false);
}

/* https://dom.spec.whatwg.org/#dom-domtokenlist-toggle */
static JSValue toggle(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  xhr__bytes token = {0}, set = {0};
  bool force = false, has_force = argc > 1 && !JS_IsUndefined(argv[1]), there = false;
  (void)this_value;
  bool done = xhr__to_dom_string(realm, argv[0], &token) &&
              (!has_force || xhr__to_boolean(realm, argv[1], &force)) &&
              check_token(realm, xhr__bytes_str(&token)) && read_set(realm, self, &set);
  if (done) {
    bool had = contains(xhr__bytes_str(&set), xhr__bytes_str(&token));
    there = has_force ? force : !had;
    if (had != there)
      done = done_or_memory(realm,
                            there ? add_token(&set, xhr__bytes_str(&token))
                                  : change_token(&set, xhr__bytes_str(&token), XHR__STR_EMPTY)) &&
             update(realm, self, &set);
  }
  xhr__bytes_free(&token);
  xhr__bytes_free(&set);
  return done ? JS_NewBool(realm->js, there) : JS_EXCEPTION;
}

/* https://dom.spec.whatwg.org/#dom-domtokenlist-replace */
static JSValue replace(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  xhr__bytes token = {0}, by = {0}, set = {0};
  bool had = false;
  (void)this_value, (void)argc;
  bool done = xhr__to_dom_string(realm, argv[0], &token) && xhr__to_dom_string(realm, argv[1], &by);
  /* 1. Emptiness of either comes first. */
  if (done && token.len > 0 && by.len == 0)
    done = check_token(realm, xhr__bytes_str(&by));
  /* 2. */
  done = done && check_token(realm, xhr__bytes_str(&token)) &&
         check_token(realm, xhr__bytes_str(&by)) && read_set(realm, self, &set);
  if (done) {
    /* 3. - 6. */
    had = contains(xhr__bytes_str(&set), xhr__bytes_str(&token));
    if (had)
      done =
          done_or_memory(realm, change_token(&set, xhr__bytes_str(&token), xhr__bytes_str(&by))) &&
          update(realm, self, &set);
  }
  xhr__bytes_free(&token);
  xhr__bytes_free(&by);
  xhr__bytes_free(&set);
  return done ? JS_NewBool(realm->js, had) : JS_EXCEPTION;
}

/* https://dom.spec.whatwg.org/#concept-domtokenlist-validation: class and its like define no supported tokens. */
static JSValue supports(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                        JSValueConst *argv) {
  (void)self, (void)this_value, (void)argc, (void)argv;
  return JS_ThrowTypeError(realm->js, "supports: the attribute has no supported tokens");
}

static JSValue get_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, attribute_value(self));
}

static bool set_value(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  token_list *list = self;
  xhr__bytes text = {0};
  (void)this_value;
  bool done =
      xhr__to_dom_string(realm, value, &text) &&
      xhr__element_set(realm, list->element, xhr__str_c(list->attribute), xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return done;
}

static JSValue to_string(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                         JSValueConst *argv) {
  (void)argc, (void)argv;
  return get_value(realm, self, this_value);
}

static const xhr__legacy_properties properties = {.length = length_of, .indexed = at};

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("length", get_length),
    XHR__DEFINE_OPERATION("item", 1, item),
    XHR__DEFINE_OPERATION("contains", 1, contains_operation),
    XHR__DEFINE_OPERATION("add", 0, add),
    XHR__DEFINE_OPERATION("remove", 0, remove_tokens),
    XHR__DEFINE_OPERATION("toggle", 1, toggle),
    XHR__DEFINE_OPERATION("replace", 2, replace),
    XHR__DEFINE_OPERATION("supports", 1, supports),
    XHR__DEFINE_ATTRIBUTE("value", get_value, set_value),
    XHR__DEFINE_OPERATION("toString", 0, to_string),
    XHR__DEFINE_VALUE_ITERABLE,
};

const xhr__interface xhr__dom_token_list_interface = {
    .name = "DOMTokenList",
    .exposed = XHR__EXPOSED_WINDOW,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .legacy = &properties,
    .finalize = finalize,
    .mark = mark,
};

JSValue xhr__dom_token_list_new(xhr__realm *realm, xhr__js_node *element, const char *attribute) {
  token_list *self = XHR__NEW(token_list);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  self->element_object = JS_DupValue(realm->js, element->self);
  self->element = lxb_dom_interface_element(element->node);
  self->attribute = attribute;
  return xhr__platform_object_new(realm, &xhr__dom_token_list_interface, JS_UNDEFINED, self);
}
