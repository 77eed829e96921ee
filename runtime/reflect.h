/* https://html.spec.whatwg.org/#reflect: IDL attributes that stand for content attributes. In a file of an interface of
 * elements,
 *
 *   XHR__REFLECT_STRING(name, "name")       makes get_name and set_name
 *   XHR__REFLECT_BOOLEAN(async, "async")
 *   XHR__REFLECT_URL(src, "src")
 *
 * for members[] = {XHR__DEFINE_ATTRIBUTE("name", get_name, set_name), …}. */
#ifndef XHR__RUNTIME_REFLECT_H
#define XHR__RUNTIME_REFLECT_H

#include "runtime/node_binding.h"

JSValue xhr__reflect_get_string(xhr__realm *realm, void *self, const char *attribute);
bool xhr__reflect_set_string(xhr__realm *realm, void *self, const char *attribute,
                             JSValueConst value);
JSValue xhr__reflect_get_boolean(xhr__realm *realm, void *self, const char *attribute);
bool xhr__reflect_set_boolean(xhr__realm *realm, void *self, const char *attribute,
                              JSValueConst value);
/* https://html.spec.whatwg.org/#encoding-parsing-and-serializing-a-url of the content attribute; setting is a USVString's. */
JSValue xhr__reflect_get_url(xhr__realm *realm, void *self, const char *attribute);
bool xhr__reflect_set_url(xhr__realm *realm, void *self, const char *attribute, JSValueConst value);
/* An unsigned long, with what it is by default. */
JSValue xhr__reflect_get_unsigned(xhr__realm *realm, void *self, const char *attribute,
                                  uint32_t otherwise);
bool xhr__reflect_set_unsigned(xhr__realm *realm, void *self, const char *attribute,
                               uint32_t otherwise, JSValueConst value);
/* https://html.spec.whatwg.org/#limited-to-only-known-values: the keyword (of a list that NULL ends) that the attribute is; `invalid` where it
 * is none of them, `missing` where there is no attribute. */
JSValue xhr__reflect_get_keyword(xhr__realm *realm, void *self, const char *attribute,
                                 const char *const *keywords, const char *invalid,
                                 const char *missing);

#define XHR__REFLECT(function_, attribute_, kind_)                                                 \
  static JSValue get_##function_(xhr__realm *realm, void *self, JSValueConst this_value) {         \
    (void)this_value;                                                                              \
    return xhr__reflect_get_##kind_(realm, self, attribute_);                                      \
  }                                                                                                \
  static bool set_##function_(xhr__realm *realm, void *self, JSValueConst this_value,              \
                              JSValueConst value) {                                                \
    (void)this_value;                                                                              \
    return xhr__reflect_set_##kind_(realm, self, attribute_, value);                               \
  }
#define XHR__REFLECT_STRING(function_, attribute_)  XHR__REFLECT(function_, attribute_, string)
#define XHR__REFLECT_BOOLEAN(function_, attribute_) XHR__REFLECT(function_, attribute_, boolean)
#define XHR__REFLECT_URL(function_, attribute_)     XHR__REFLECT(function_, attribute_, url)
/* Likewise, by a function of xhr__control_get_method's kind. */
#define XHR__REFLECT_KEYWORD(function_, attribute_, by_, missing_)                                 \
  static JSValue get_##function_(xhr__realm *realm, void *self, JSValueConst this_value) {         \
    (void)this_value;                                                                              \
    return by_(realm, self, attribute_, missing_);                                                 \
  }                                                                                                \
  static bool set_##function_(xhr__realm *realm, void *self, JSValueConst this_value,              \
                              JSValueConst value) {                                                \
    (void)this_value;                                                                              \
    return xhr__reflect_set_string(realm, self, attribute_, value);                                \
  }

#endif
