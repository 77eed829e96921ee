#include "runtime/reflect.h"

JSValue xhr__reflect_get_string(xhr__realm *realm, void *self, const char *attribute) {
  xhr__str value;
  (void)xhr__element_attribute(xhr__self_element(self), xhr__str_c(attribute), &value);
  return xhr__from_dom_string(realm, value);
}

bool xhr__reflect_set_string(xhr__realm *realm, void *self, const char *attribute,
                             JSValueConst value) {
  xhr__bytes text = {0};
  bool done = xhr__to_dom_string(realm, value, &text) &&
              xhr__element_set(realm, xhr__self_element(self), xhr__str_c(attribute),
                               xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return done;
}

JSValue xhr__reflect_get_boolean(xhr__realm *realm, void *self, const char *attribute) {
  xhr__str value;
  return JS_NewBool(realm->js,
                    xhr__element_attribute(xhr__self_element(self), xhr__str_c(attribute), &value));
}

bool xhr__reflect_set_boolean(xhr__realm *realm, void *self, const char *attribute,
                              JSValueConst value) {
  lxb_dom_element_t *element = xhr__self_element(self);
  bool there;
  if (!xhr__to_boolean(realm, value, &there))
    return false;
  if (there)
    return xhr__element_set(realm, element, xhr__str_c(attribute), XHR__STR_EMPTY);
  lxb_dom_attr_t *old =
      xhr__element_get_attribute_by_namespace(element, XHR__STR_EMPTY, xhr__str_c(attribute));
  if (old)
    xhr__attribute_remove(old);
  return true;
}

JSValue xhr__reflect_get_url(xhr__realm *realm, void *self, const char *attribute) {
  xhr__str value;
  xhr__url base, url;
  if (!xhr__element_attribute(xhr__self_element(self), xhr__str_c(attribute), &value))
    return JS_NewString(realm->js, "");
  if (xhr__document_base_url(xhr__self_document(self), &base) != XHR_OK)
    return JS_ThrowOutOfMemory(realm->js);
  xhr_status status = xhr__url_parse(value, &base, &url);
  xhr__url_free(&base);
  if (status == XHR_OUT_OF_MEMORY)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue result = status == XHR_OK ? xhr__from_usv_string(realm, xhr__url_href(&url, false))
                                    : xhr__from_dom_string(realm, value);
  xhr__url_free(&url);
  return result;
}

bool xhr__reflect_set_url(xhr__realm *realm, void *self, const char *attribute,
                          JSValueConst value) {
  xhr__bytes text = {0};
  bool done = xhr__to_usv_string(realm, value, &text) &&
              xhr__element_set(realm, xhr__self_element(self), xhr__str_c(attribute),
                               xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return done;
}

JSValue xhr__reflect_get_keyword(xhr__realm *realm, void *self, const char *attribute,
                                 const char *const *keywords, const char *invalid,
                                 const char *missing) {
  xhr__str value;
  if (!xhr__element_attribute(xhr__self_element(self), xhr__str_c(attribute), &value))
    return JS_NewString(realm->js, missing);
  for (; *keywords; keywords++) {
    if (xhr__str_equals_ci(value, xhr__str_c(*keywords)))
      return JS_NewString(realm->js, *keywords);
  }
  return JS_NewString(realm->js, invalid);
}

/* https://html.spec.whatwg.org/#rules-for-parsing-non-negative-integers, up to 2^31 - 1 */
static bool read_unsigned(xhr__str text, uint32_t *number) {
  uint64_t value;
  size_t digits = 0;
  while (text.len > 0 && xhr__is_ascii_whitespace(xhr__str_at(text, 0)))
    text = xhr__str_from(text, 1);
  if (text.len > 0 && text.data[0] == '+')
    text = xhr__str_from(text, 1);
  while (digits < text.len && xhr__is_ascii_digit(xhr__str_at(text, digits)))
    digits++;
  if (digits == 0 || !xhr__str_to_u64(xhr__str_slice(text, 0, digits), &value) || value > INT32_MAX)
    return false;
  *number = (uint32_t)value;
  return true;
}

JSValue xhr__reflect_get_unsigned(xhr__realm *realm, void *self, const char *attribute,
                                  uint32_t otherwise) {
  xhr__str value;
  uint32_t number;
  (void)xhr__element_attribute(xhr__self_element(self), xhr__str_c(attribute), &value);
  return JS_NewUint32(realm->js, read_unsigned(value, &number) ? number : otherwise);
}

bool xhr__reflect_set_unsigned(xhr__realm *realm, void *self, const char *attribute,
                               uint32_t otherwise, JSValueConst value) {
  xhr__bytes text = {0};
  uint32_t number;
  if (!xhr__to_unsigned_long(realm, value, &number))
    return false;
  bool done = xhr__bytes_append_u64(&text, number <= INT32_MAX ? number : otherwise) == XHR_OK;
  if (!done)
    JS_ThrowOutOfMemory(realm->js);
  done = done && xhr__element_set(realm, xhr__self_element(self), xhr__str_c(attribute),
                                  xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return done;
}
