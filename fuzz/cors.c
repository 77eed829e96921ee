/* What a server's answer may allow: the CORS check, lists of names, filtered headers. Input: flags, then names and values
 * of response headers, NUL between them; a name of one byte stands for one that matters. */
#include "fuzz.h"

#include "fetch/cors_check.h"
#include "fetch/cors_safelisted.h"
#include "fetch/filtered_response.h"
#include "fetch/forbidden_header.h"
#include "infra/alloc.h"

#define MAX_HEADERS 16

static const char *const names[] = {
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Set-Cookie",
    "Content-Length",
};

/* A request of http://a.test for http://b.test/. */
static xhr__request *make_request(bool with_credentials) {
  xhr__url page, url;
  xhr__origin origin;
  xhr__request *request;
  HOLDS(xhr__url_parse(XHR__STR("http://a.test/"), NULL, &page) == XHR_OK);
  HOLDS(xhr__url_parse(XHR__STR("http://b.test/"), NULL, &url) == XHR_OK);
  HOLDS(xhr__url_origin(&page, &origin) == XHR_OK);
  HOLDS(xhr__request_new(&url, &request) == XHR_OK);
  HOLDS(xhr__client_snapshot_new(&origin, &page, &request->client) == XHR_OK);
  request->response_tainting = XHR__TAINTING_CORS;
  request->credentials_mode =
      with_credentials ? XHR__CREDENTIALS_INCLUDE : XHR__CREDENTIALS_SAME_ORIGIN;
  xhr__origin_free(&origin);
  xhr__url_free(&page);
  xhr__url_free(&url);
  return request;
}

static void read_headers(xhr__str input, xhr__header_list *list) {
  while (input.len > 0 && list->count < MAX_HEADERS) {
    xhr__str name = fuzz_take_string(&input), value = fuzz_take_string(&input);
    if (name.len == 1)
      name = xhr__str_c(names[(uint8_t)name.data[0] % (sizeof names / sizeof *names)]);
    if (xhr__is_header_name(name) && xhr__is_header_value(value))
      HOLDS(xhr__header_list_append(list, name, value) == XHR_OK);
  }
}

/* Whether the header is there once, with that value. */
static bool is(const xhr__header_list *list, const char *name, const char *value) {
  size_t at = xhr__header_list_find(list, 0, xhr__str_c(name));
  return at < list->count && xhr__header_list_find(list, at + 1, xhr__str_c(name)) == list->count &&
         xhr__str_equals(xhr__header_list_value(list, at), xhr__str_c(value));
}

static void check(const xhr__request *request, const xhr__response *response) {
  const xhr__header_list *list = &response->header_list;
  bool with_credentials = request->credentials_mode == XHR__CREDENTIALS_INCLUDE;
  bool allowed = with_credentials
                     ? is(list, names[0], "http://a.test") && is(list, names[1], "true")
                     : is(list, names[0], "http://a.test") || is(list, names[0], "*");
  xhr__detail why = {0};
  xhr_failure_code code = xhr__cors_check(request, response, &why);
  HOLDS((code == XHR_FAILURE_NONE) == allowed);
  HOLDS(allowed == (why.len == 0));
  HOLDS(why.len < XHR__FAILURE_TEXT);
  for (size_t i = 0; i < why.len; i++)
    HOLDS(why.text[i] >= 0x20 && why.text[i] < 0x7f);
}

static void check_lists(const xhr__header_list *list) {
  xhr__tokens tokens;
  xhr__str token;
  size_t count = 0;
  uint64_t seconds;
  (void)xhr__extract_delta_seconds(list, xhr__str_c(names[3]), &seconds);
  xhr__extracted extracted = xhr__extract_tokens(list, xhr__str_c(names[2]), &tokens);
  xhr__token_iterator iterator = {.tokens = &tokens};
  while (xhr__tokens_next(&iterator, &token)) {
    HOLDS(xhr__is_http_token(token));
    HOLDS(xhr__tokens_contain(&tokens, token) && xhr__tokens_contain_name(&tokens, token));
    count++;
  }
  HOLDS(extracted == XHR__EXTRACTED_VALUES || count == 0);
}

/* As if they were a request's. */
static void check_unsafe_names(const xhr__header_list *list) {
  xhr__str *unsafe;
  size_t count;
  HOLDS(xhr__cors_unsafe_request_header_names(list, &unsafe, &count) == XHR_OK);
  HOLDS(xhr__has_cors_unsafe_request_header_names(list) == (count > 0));
  for (size_t i = 0; i < count; i++) {
    HOLDS(xhr__header_list_contains(list, unsafe[i]));
    HOLDS(i == 0 || !xhr__str_equals_ci(unsafe[i - 1], unsafe[i]));
  }
  xhr__free(unsafe);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  xhr__str input = fuzz_input(data, size);
  if (input.len == 0)
    return 0;
  xhr__request *request = make_request(fuzz_take_byte(&input) & 1);
  xhr__response *response = xhr__response_new();
  HOLDS(response != NULL);
  read_headers(input, &response->header_list);
  check_unsafe_names(&response->header_list);
  check_lists(&response->header_list);
  check(request, response);
  HOLDS(xhr__filter_response(request, response) == XHR_OK);
  for (size_t i = 0; i < response->header_list.count; i++) {
    xhr__str name = xhr__header_list_name(&response->header_list, i);
    HOLDS(!xhr__is_forbidden_response_header_name(name));
  }
  xhr__response_free(response);
  xhr__request_free(request);
  return 0;
}
