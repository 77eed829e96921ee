#include "fetch/referrer.h"

#include "fetch/header_values.h"
#include "fetch/potentially_trustworthy.h"

/* Both the client's URL and its origin are same origin with its origin, and trustworthy where that is: the three of them
 * stand for each other in what follows. */
static bool is_same_origin(const xhr__request *request) {
  return xhr__url_same_origin(xhr__request_current_url(request), &request->client->origin);
}

/* From a trustworthy URL to one that is not. */
static bool is_downgrade(const xhr__request *request) {
  return request->client->secure_context &&
         !xhr__is_url_potentially_trustworthy(xhr__request_current_url(request));
}

/* https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer */
xhr__referrer xhr__determine_referrer(const xhr__request *request) {
  /* 3. the source; 4. referrerURL: a redirect may have cut it to its origin already */
  xhr__referrer url = request->referrer, origin = XHR__REFERRER_ORIGIN;
  if (url == XHR__REFERRER_NONE || request->client->referrer_url.len == 0)
    return XHR__REFERRER_NONE;
  /* 5. - 7. referrerOrigin; too long a URL was cut when the client was made; no more privacy than asked for */
  /* 8. */
  switch (request->referrer_policy) {
    case XHR__NO_REFERRER: return XHR__REFERRER_NONE;
    case XHR__ORIGIN: return origin;
    case XHR__UNSAFE_URL: return url;
    case XHR__STRICT_ORIGIN: return is_downgrade(request) ? XHR__REFERRER_NONE : origin;
    case XHR__REFERRER_POLICY_EMPTY: /* main fetch has set it */
    case XHR__STRICT_ORIGIN_WHEN_CROSS_ORIGIN:
      if (is_same_origin(request))
        return url;
      return is_downgrade(request) ? XHR__REFERRER_NONE : origin;
    case XHR__SAME_ORIGIN: return is_same_origin(request) ? url : XHR__REFERRER_NONE;
    case XHR__ORIGIN_WHEN_CROSS_ORIGIN: return is_same_origin(request) ? url : origin;
    case XHR__NO_REFERRER_WHEN_DOWNGRADE: return is_downgrade(request) ? XHR__REFERRER_NONE : url;
  }
  return XHR__REFERRER_NONE;
}

xhr__referrer_policy xhr__referrer_policy_by_name(xhr__str name) {
  static const struct {
    const char *name;
    xhr__referrer_policy policy;
  } policies[] = {
      {"no-referrer", XHR__NO_REFERRER},
      {"no-referrer-when-downgrade", XHR__NO_REFERRER_WHEN_DOWNGRADE},
      {"same-origin", XHR__SAME_ORIGIN},
      {"origin", XHR__ORIGIN},
      {"strict-origin", XHR__STRICT_ORIGIN},
      {"origin-when-cross-origin", XHR__ORIGIN_WHEN_CROSS_ORIGIN},
      {"strict-origin-when-cross-origin", XHR__STRICT_ORIGIN_WHEN_CROSS_ORIGIN},
      {"unsafe-url", XHR__UNSAFE_URL},
  };
  for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
    if (xhr__str_equals_ci(name, xhr__str_c(policies[i].name)))
      return policies[i].policy;
  }
  return XHR__REFERRER_POLICY_EMPTY;
}

void xhr__set_referrer_policy_on_redirect(xhr__request *request,
                                          const xhr__header_list *response_headers) {
  xhr__tokens tokens;
  xhr__str token;
  /* 1. https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header: the last that is known */
  if (xhr__extract_tokens(response_headers, XHR__STR("Referrer-Policy"), &tokens) !=
      XHR__EXTRACTED_VALUES)
    return;
  xhr__token_iterator iterator = {.tokens = &tokens};
  while (xhr__tokens_next(&iterator, &token)) {
    xhr__referrer_policy policy = xhr__referrer_policy_by_name(token);
    /* 2. */
    if (policy != XHR__REFERRER_POLICY_EMPTY)
      request->referrer_policy = policy;
  }
}

xhr__str xhr__referrer_url(const xhr__request *request) {
  switch (request->referrer) {
    case XHR__REFERRER_CLIENT: return xhr__bytes_str(&request->client->referrer_url);
    case XHR__REFERRER_ORIGIN: return xhr__bytes_str(&request->client->referrer_origin);
    case XHR__REFERRER_NONE: break;
  }
  return XHR__STR_EMPTY;
}
