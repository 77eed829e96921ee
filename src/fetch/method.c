#include "fetch/method.h"

bool xhr__is_method(xhr__str method) {
  return xhr__is_http_token(method);
}

bool xhr__is_forbidden_method(xhr__str method) {
  return xhr__str_equals_ci(method, XHR__STR("CONNECT")) ||
         xhr__str_equals_ci(method, XHR__STR("TRACE")) ||
         xhr__str_equals_ci(method, XHR__STR("TRACK"));
}

xhr__str xhr__normalize_method(xhr__str method) {
  static const char *const normalized[] = {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"};
  for (size_t i = 0; i < sizeof normalized / sizeof *normalized; i++) {
    xhr__str name = xhr__str_c(normalized[i]);
    if (xhr__str_equals_ci(method, name))
      return name;
  }
  return method;
}
