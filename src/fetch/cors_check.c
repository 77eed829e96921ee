#include "fetch/cors_check.h"

/* https://fetch.spec.whatwg.org/#concept-header-list-get, where a header that is there twice never has the value that
 * is wanted: "a, b" is no origin and not `true`. So nothing has to be joined. */
typedef enum presence { MISSING, ONCE, SEVERAL } presence;

static presence get(const xhr__header_list *list, xhr__str name, xhr__str *value) {
  size_t at = xhr__header_list_find(list, 0, name);
  *value = XHR__STR_EMPTY;
  if (at == list->count)
    return MISSING;
  *value = xhr__header_list_value(list, at);
  return xhr__header_list_find(list, at + 1, name) == list->count ? ONCE : SEVERAL;
}

/* "…; the server has to answer with HEADER: VALUE" */
static void advise(xhr__detail *why, const char *header, xhr__str value) {
  xhr__detail_add(why, XHR__STR("; the server has to answer with "));
  xhr__detail_add(why, xhr__str_c(header));
  xhr__detail_add(why, XHR__STR(": "));
  xhr__detail_add(why, value);
}

/* "HEADER is missing", "is there more than once", "is VALUE". */
static void say(xhr__detail *why, const char *header, presence there, xhr__str value) {
  xhr__detail_add(why, xhr__str_c(header));
  if (there == MISSING) {
    xhr__detail_add(why, XHR__STR(" is missing"));
  } else if (there == SEVERAL) {
    xhr__detail_add(why, XHR__STR(" is there more than once"));
  } else {
    xhr__detail_add(why, XHR__STR(" is "));
    xhr__detail_add(why, value.len ? value : XHR__STR("empty"));
  }
}

static xhr_failure_code fail_origin(xhr__str origin, presence there, xhr__str allowed,
                                    xhr__detail *why) {
  xhr__detail_add(why, XHR__STR("the answer is not for "));
  xhr__detail_add(why, origin);
  xhr__detail_add(why, XHR__STR(": "));
  say(why, "Access-Control-Allow-Origin", there, allowed);
  advise(why, "Access-Control-Allow-Origin", origin);
  return XHR_FAILURE_CORS_ORIGIN;
}

/* `*` is no answer to a request with credentials. */
static xhr_failure_code fail_wildcard(xhr__str origin, xhr__detail *why) {
  xhr__detail_add(why, XHR__STR("a request with credentials is not allowed by * in "
                                "Access-Control-Allow-Origin"));
  advise(why, "Access-Control-Allow-Origin", origin);
  xhr__detail_add(why, XHR__STR(" and Access-Control-Allow-Credentials: true"));
  return XHR_FAILURE_CORS_CREDENTIALS;
}

static xhr_failure_code fail_credentials(presence there, xhr__str credentials, xhr__detail *why) {
  xhr__detail_add(why, XHR__STR("credentials are not allowed: "));
  say(why, "Access-Control-Allow-Credentials", there, credentials);
  advise(why, "Access-Control-Allow-Credentials", XHR__STR("true"));
  xhr__detail_add(why, XHR__STR(", or the request to be made without withCredentials"));
  return XHR_FAILURE_CORS_CREDENTIALS;
}

/* https://fetch.spec.whatwg.org/#concept-cors-check */
xhr_failure_code xhr__cors_check(const xhr__request *request, const xhr__response *response,
                                 xhr__detail *why) {
  const xhr__header_list *headers = &response->header_list;
  bool with_credentials = request->credentials_mode == XHR__CREDENTIALS_INCLUDE;
  xhr__str serialized = xhr__serialize_request_origin(request), origin, credentials;
  /* 1. */
  presence there = get(headers, XHR__STR("Access-Control-Allow-Origin"), &origin);
  /* 3. */
  bool wildcard = there == ONCE && xhr__str_equals(origin, XHR__STR("*"));
  if (!with_credentials && wildcard)
    return XHR_FAILURE_NONE;
  /* 2. and 4. */
  if (there != ONCE || !xhr__str_equals(origin, serialized)) {
    return wildcard ? fail_wildcard(serialized, why) : fail_origin(serialized, there, origin, why);
  }
  /* 5. */
  if (!with_credentials)
    return XHR_FAILURE_NONE;
  /* 6. */
  there = get(headers, XHR__STR("Access-Control-Allow-Credentials"), &credentials);
  /* 7. */
  if (there == ONCE && xhr__str_equals(credentials, XHR__STR("true")))
    return XHR_FAILURE_NONE;
  /* 8. */
  return fail_credentials(there, credentials, why);
}
