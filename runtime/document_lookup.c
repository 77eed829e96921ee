/* Operations that Document and Element share. */
#include "runtime/node_binding.h"

/* https://dom.spec.whatwg.org/#dom-document-getelementsbytagname */
JSValue xhr__get_elements_by_tag_name(xhr__realm *realm, void *self, JSValueConst this_value,
                                      int argc, JSValueConst *argv) {
  xhr__bytes name = {0};
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, argv[0], &name))
    value = xhr__collection_new(realm, self, XHR__COLLECT_QUALIFIED_NAME, xhr__bytes_str(&name),
                                XHR__STR_EMPTY);
  xhr__bytes_free(&name);
  return value;
}

/* https://dom.spec.whatwg.org/#dom-document-getelementsbytagnamens */
JSValue xhr__get_elements_by_tag_name_ns(xhr__realm *realm, void *self, JSValueConst this_value,
                                         int argc, JSValueConst *argv) {
  xhr__bytes namespace = {0}, name = {0};
  bool is_null;
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_nullable_string(realm, argv[0], &namespace, &is_null) &&
      xhr__to_dom_string(realm, argv[1], &name))
    value = xhr__collection_new(realm, self, XHR__COLLECT_NAMESPACE, xhr__bytes_str(&name),
                                xhr__bytes_str(&namespace));
  xhr__bytes_free(&namespace);
  xhr__bytes_free(&name);
  return value;
}

/* https://dom.spec.whatwg.org/#dom-document-getelementsbyclassname */
JSValue xhr__get_elements_by_class_name(xhr__realm *realm, void *self, JSValueConst this_value,
                                        int argc, JSValueConst *argv) {
  xhr__bytes names = {0};
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, argv[0], &names))
    value = xhr__collection_new(realm, self, XHR__COLLECT_CLASS_NAMES, xhr__bytes_str(&names),
                                XHR__STR_EMPTY);
  xhr__bytes_free(&names);
  return value;
}
