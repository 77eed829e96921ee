#include "fetch/script_response.h"

#include "fetch/extract_mime_type.h"
#include "fetch/get_decode_split.h"
#include "infra/alloc.h"
#include "mime/mime_type_groups.h"

/* https://fetch.spec.whatwg.org/#determine-nosniff */
static xhr_status determine_nosniff(const xhr__header_list *headers, bool *nosniff) {
  xhr__bytes storage = {0};
  xhr__str value, first;
  *nosniff = false;
  /* 1. - 2. */
  xhr_status status =
      xhr__header_list_get(headers, XHR__STR("X-Content-Type-Options"), &storage, &value);
  if (status == XHR_OK) {
    xhr__value_splitter splitter = xhr__value_splitter_of(value);
    /* 3. */
    *nosniff = xhr__value_splitter_next(&splitter, &first) &&
               xhr__str_equals_ci(first, XHR__STR("nosniff"));
  }
  xhr__bytes_free(&storage);
  return status == XHR_NOT_FOUND ? XHR_OK : status;
}

/* https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?, step 4. */
static bool is_blocked_due_to_its_mime_type(const xhr__mime_type *mime_type) {
  xhr__str type = xhr__mime_type_type(mime_type);
  return xhr__str_equals(type, XHR__STR("audio")) || xhr__str_equals(type, XHR__STR("image")) ||
         xhr__str_equals(type, XHR__STR("video")) ||
         xhr__mime_type_essence_is(mime_type, XHR__STR("text/csv"));
}

/* What both algorithms say of a type; `has_type` is false for failure. */
static xhr_status check(const xhr__mime_type *type, bool has_type, bool nosniff, xhr__detail *why) {
  bool script = has_type && xhr__is_javascript_mime_type(type);
  if (!(has_type && is_blocked_due_to_its_mime_type(type)) && !(nosniff && !script))
    return XHR_OK;
  xhr__detail_add(why, XHR__STR("a script's response has the MIME type \""));
  xhr__detail_add(why, has_type ? xhr__mime_type_essence(type) : XHR__STR_EMPTY);
  xhr__detail_add(why, XHR__STR("\"; let the server say text/javascript"));
  return XHR_SYNTAX_ERR;
}

xhr_status xhr__check_script_response(const xhr__response *response, xhr__detail *why) {
  xhr__mime_type type = {0};
  xhr__str *values;
  size_t count;
  bool nosniff;
  xhr_status status = determine_nosniff(&response->header_list, &nosniff);
  if (status == XHR_OK) {
    status =
        xhr__header_list_values(&response->header_list, XHR__STR("Content-Type"), &values, &count);
  }
  if (status != XHR_OK)
    return status;
  status = xhr__extract_mime_type(values, count, &type);
  xhr__free(values);
  if (status != XHR_OUT_OF_MEMORY)
    status = check(&type, status == XHR_OK, nosniff, why);
  xhr__mime_type_free(&type);
  return status;
}
