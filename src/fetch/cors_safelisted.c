#include "fetch/cors_safelisted.h"

#include <stdlib.h>

#include "fetch/forbidden_header.h"

enum {
  VALUE_MAX = 128, /* of one safelisted header */
  VALUES_MAX = 1024
};

static bool is_one_of(xhr__str name, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (xhr__str_equals_ci(name, xhr__str_c(names[i])))
      return true;
  }
  return false;
}

bool xhr__is_cors_safelisted_method(xhr__str method) {
  return xhr__str_equals(method, XHR__STR("GET")) || xhr__str_equals(method, XHR__STR("HEAD")) ||
         xhr__str_equals(method, XHR__STR("POST"));
}

bool xhr__is_cors_non_wildcard_request_header_name(xhr__str name) {
  return xhr__str_equals_ci(name, XHR__STR("Authorization"));
}

/* ---- request headers -------------------------------------------------------------------------------------------- */

/* https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte, any of the value's. */
static bool has_unsafe_byte(xhr__str value) {
  for (size_t i = 0; i < value.len; i++) {
    uint8_t byte = xhr__str_at(value, i);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f ||
        (byte != 0 && strchr("\"():<>?@[\\]{}", byte)))
      return true;
  }
  return false;
}

static bool is_language_list(xhr__str value) {
  for (size_t i = 0; i < value.len; i++) {
    uint8_t byte = xhr__str_at(value, i);
    if (!xhr__is_ascii_alnum(byte) && (byte == 0 || !strchr(" *,-.;=", byte)))
      return false;
  }
  return true;
}

/* Whether the value, parsed as a MIME type, has one of the three essences. NOTE: parameters never make the parser
 * fail, and what is trimmed around type and subtype is all that could be in the way of comparing. */
static bool is_form_type(xhr__str value) {
  static const char *const essences[] = {"application/x-www-form-urlencoded", "multipart/form-data",
                                         "text/plain"};
  xhr__str essence = xhr__str_slice(value, 0, xhr__str_find(value, 0, ';'));
  return is_one_of(xhr__str_trim_http_whitespace(essence), essences,
                   sizeof essences / sizeof *essences);
}

/* Takes digits off `data`; compares as numbers do, however many there are. */
static xhr__str take_number(xhr__str *data) {
  size_t end = 0;
  while (end < data->len && xhr__is_ascii_digit(xhr__str_at(*data, end)))
    end++;
  xhr__str digits = xhr__str_slice(*data, 0, end);
  *data = xhr__str_from(*data, end);
  while (digits.len > 1 && digits.data[0] == '0')
    digits = xhr__str_from(digits, 1);
  return digits;
}

static bool is_greater(xhr__str a, xhr__str b) {
  return a.len != b.len ? a.len > b.len : xhr__str_compare(a, b) > 0;
}

/* https://fetch.spec.whatwg.org/#simple-range-header-value without white space; true where it succeeds and the range's
 * start is not null. */
static bool is_simple_range(xhr__str value) {
  /* 2. - 6. */
  if (!xhr__str_starts_with(value, XHR__STR("bytes=")))
    return false;
  xhr__str data = xhr__str_from(value, 6);
  /* 8. - 9. */
  xhr__str start = take_number(&data);
  /* 11. - 12. */
  if (start.len == 0 || data.len == 0 || data.data[0] != '-')
    return false;
  data = xhr__str_from(data, 1);
  /* 14. - 18. */
  xhr__str end = take_number(&data);
  return data.len == 0 && (end.len == 0 || !is_greater(start, end));
}

/* https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
bool xhr__is_cors_safelisted_request_header(xhr__str name, xhr__str value) {
  /* 1. */
  if (value.len > VALUE_MAX)
    return false;
  /* 2. by name; 3. */
  if (xhr__str_equals_ci(name, XHR__STR("accept")))
    return !has_unsafe_byte(value);
  if (xhr__str_equals_ci(name, XHR__STR("accept-language")) ||
      xhr__str_equals_ci(name, XHR__STR("content-language")))
    return is_language_list(value);
  if (xhr__str_equals_ci(name, XHR__STR("content-type")))
    return !has_unsafe_byte(value) && is_form_type(value);
  if (xhr__str_equals_ci(name, XHR__STR("range")))
    return is_simple_range(value);
  return false;
}

/* ---- unsafe names ----------------------------------------------------------------------------------------------- */

/* Steps 2 to 5's condition: whether safelisted headers count as unsafe too, because there is too much in them. */
static bool too_much(const xhr__header_list *headers) {
  size_t size = 0;
  for (size_t i = 0; i < headers->count; i++) {
    xhr__str value = xhr__header_list_value(headers, i);
    if (xhr__is_cors_safelisted_request_header(xhr__header_list_name(headers, i), value))
      size += value.len;
  }
  return size > VALUES_MAX;
}

static bool is_unsafe(const xhr__header_list *headers, size_t index) {
  return !xhr__is_cors_safelisted_request_header(xhr__header_list_name(headers, index),
                                                 xhr__header_list_value(headers, index));
}

bool xhr__has_cors_unsafe_request_header_names(const xhr__header_list *headers) {
  for (size_t i = 0; i < headers->count; i++) {
    if (is_unsafe(headers, i))
      return true;
  }
  return too_much(headers);
}

/* In byte order of the lower case. */
static int compare_names(const void *a, const void *b) {
  const xhr__str *left = a, *right = b;
  size_t len = left->len < right->len ? left->len : right->len;
  for (size_t i = 0; i < len; i++) {
    uint8_t x = (uint8_t)xhr__ascii_lower(left->data[i]);
    uint8_t y = (uint8_t)xhr__ascii_lower(right->data[i]);
    if (x != y)
      return x < y ? -1 : 1;
  }
  return left->len == right->len ? 0 : left->len < right->len ? -1 : 1;
}

/* https://fetch.spec.whatwg.org/#convert-header-names-to-a-sorted-lowercase-set, but for the lower case. */
static void sort_and_unite(xhr__str *names, size_t *count) {
  size_t kept = 0;
  qsort(names, *count, sizeof *names, compare_names);
  for (size_t i = 0; i < *count; i++) {
    if (kept == 0 || compare_names(&names[kept - 1], &names[i]) != 0)
      names[kept++] = names[i];
  }
  *count = kept;
}

/* https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names */
xhr_status xhr__cors_unsafe_request_header_names(const xhr__header_list *headers, xhr__str **names,
                                                 size_t *count) {
  *names = NULL;
  *count = 0;
  if (!xhr__has_cors_unsafe_request_header_names(headers))
    return XHR_OK;
  *names = xhr__calloc(headers->count, sizeof **names);
  if (!*names)
    return XHR_OUT_OF_MEMORY;
  /* 1. - 5. */
  bool all = too_much(headers);
  for (size_t i = 0; i < headers->count; i++) {
    if (all || is_unsafe(headers, i))
      (*names)[(*count)++] = xhr__header_list_name(headers, i);
  }
  /* 6. */
  sort_and_unite(*names, count);
  return XHR_OK;
}

/* ---- response headers ------------------------------------------------------------------------------------------- */

bool xhr__is_cors_safelisted_response_header_name(xhr__str name, const xhr__tokens *exposed) {
  static const char *const safelisted[] = {"Cache-Control", "Content-Language", "Content-Length",
                                           "Content-Type",  "Expires",          "Last-Modified",
                                           "Pragma"};
  if (is_one_of(name, safelisted, sizeof safelisted / sizeof *safelisted))
    return true;
  return !xhr__is_forbidden_response_header_name(name) && xhr__tokens_contain_name(exposed, name);
}
