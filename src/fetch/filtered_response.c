#include "fetch/filtered_response.h"

#include "fetch/cors_safelisted.h"
#include "fetch/forbidden_header.h"

/* Main fetch's steps 14.1.1 to 14.1.3, the CORS-exposed header-name list; `*all` where it holds every name. */
static xhr__tokens exposed_names(const xhr__request *request, const xhr__response *response,
                                 bool *all) {
  xhr__tokens names;
  /* 14.1.1. and 14.1.3. null and failure leave the list empty */
  (void)xhr__extract_tokens(&response->header_list, XHR__STR("Access-Control-Expose-Headers"),
                            &names);
  /* 14.1.2. */
  *all = request->credentials_mode != XHR__CREDENTIALS_INCLUDE &&
         xhr__tokens_contain(&names, XHR__STR("*"));
  return names;
}

static bool is_exposed(const xhr__request *request, xhr__str name, const xhr__tokens *exposed,
                       bool all) {
  /* https://fetch.spec.whatwg.org/#concept-filtered-response-basic, and what both have in common */
  if (xhr__is_forbidden_response_header_name(name))
    return false;
  if (request->response_tainting == XHR__TAINTING_BASIC || all)
    return true;
  /* https://fetch.spec.whatwg.org/#concept-filtered-response-cors */
  return xhr__is_cors_safelisted_response_header_name(name, exposed);
}

static xhr__response_type type_of(xhr__response_tainting tainting) {
  switch (tainting) {
    case XHR__TAINTING_BASIC: break;
    case XHR__TAINTING_CORS: return XHR__RESPONSE_CORS;
    case XHR__TAINTING_OPAQUE: return XHR__RESPONSE_OPAQUE;
  }
  return XHR__RESPONSE_BASIC;
}

/* NOTE: an opaque one is never looked at but as its internal response: who asks with mode "no-cors" asks for that. */
xhr_status xhr__filter_response(const xhr__request *request, xhr__response *response) {
  xhr__header_list *headers = &response->header_list;
  response->type = type_of(request->response_tainting);
  if (request->internal_response)
    return XHR_OK;
  xhr__tokens exposed = {0};
  bool all = false, keeps_all = true;
  if (headers->count == 0)
    return XHR_OK;
  if (request->response_tainting == XHR__TAINTING_CORS)
    exposed = exposed_names(request, response, &all);
  /* What makes an announced length void may be filtered away, the length not. */
  response->body_was_coded = xhr__header_list_contains(headers, XHR__STR("Content-Encoding")) ||
                             xhr__header_list_contains(headers, XHR__STR("Transfer-Encoding"));
  /* The exposed names are read from the list itself, so it changes once all is known. */
  bool *kept = xhr__calloc(headers->count, sizeof *kept);
  if (!kept)
    return XHR_OUT_OF_MEMORY;
  for (size_t i = 0; i < headers->count; i++) {
    kept[i] = is_exposed(request, xhr__header_list_name(headers, i), &exposed, all);
    keeps_all = keeps_all && kept[i];
  }
  if (!keeps_all)
    xhr__header_list_keep(headers, kept);
  xhr__free(kept);
  return XHR_OK;
}
