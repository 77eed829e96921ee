#include "fetch/forbidden_header.h"

#include "fetch/get_decode_split.h"
#include "fetch/method.h"

static bool is_one_of(xhr__str name, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (xhr__str_equals_ci(name, xhr__str_c(names[i])))
      return true;
  }
  return false;
}

bool xhr__is_forbidden_request_header(xhr__str name, xhr__str value) {
  static const char *const forbidden[] = {"Accept-Charset",
                                          "Accept-Encoding",
                                          "Access-Control-Request-Headers",
                                          "Access-Control-Request-Method",
                                          "Connection",
                                          "Content-Length",
                                          "Cookie",
                                          "Cookie2",
                                          "Date",
                                          "DNT",
                                          "Expect",
                                          "Host",
                                          "Keep-Alive",
                                          "Origin",
                                          "Referer",
                                          "Set-Cookie",
                                          "TE",
                                          "Trailer",
                                          "Transfer-Encoding",
                                          "Upgrade",
                                          "Via"};
  static const char *const overriding[] = {"X-HTTP-Method", "X-HTTP-Method-Override",
                                           "X-Method-Override"};
  /* 1. the names themselves */
  if (is_one_of(name, forbidden, sizeof forbidden / sizeof *forbidden))
    return true;
  /* 2. two families of names */
  if (xhr__str_starts_with_ci(name, XHR__STR("proxy-")) ||
      xhr__str_starts_with_ci(name, XHR__STR("sec-"))) {
    return true;
  }
  /* 3. what would smuggle in a forbidden method */
  if (is_one_of(name, overriding, sizeof overriding / sizeof *overriding)) {
    /* 3.1. - 3.2. any of the values */
    xhr__value_splitter splitter = xhr__value_splitter_of(value);
    xhr__str method;
    while (xhr__value_splitter_next(&splitter, &method)) {
      if (xhr__is_forbidden_method(method))
        return true;
    }
  }
  /* 4. */
  return false;
}

bool xhr__is_forbidden_response_header_name(xhr__str name) {
  static const char *const forbidden[] = {"Set-Cookie", "Set-Cookie2"};
  return is_one_of(name, forbidden, sizeof forbidden / sizeof *forbidden);
}
