#include "mime/http_quoted_string.h"

/* https://fetch.spec.whatwg.org/#collect-an-http-quoted-string, the value appended where `value` is given. */
static xhr_status collect(xhr__str input, size_t *position, xhr__bytes *value) {
  xhr_status status = XHR_OK;
  /* 1. positionStart is the caller's; 2. value; 3. assert: a quotation mark; 4. past it */
  size_t at = *position + 1;
  /* 5. until the closing quotation mark */
  for (;;) {
    /* 5.1. all up to a quotation mark or backslash */
    size_t start = at;
    while (at < input.len && input.data[at] != '"' && input.data[at] != '\\')
      at++;
    if (value && status == XHR_OK)
      status = xhr__bytes_append(value, xhr__str_slice(input, start, at));
    /* 5.2. the end of input ends it too */
    if (at == input.len)
      break;
    /* 5.3. - 5.4. what stopped us; 5.6. the closing quotation mark */
    if (input.data[at++] == '"')
      break;
    /* 5.5. a backslash: it stands for itself at the end (5.5.1.), else the next byte is meant (5.5.2. - 5.5.3.) */
    char escaped = at < input.len ? input.data[at++] : '\\';
    if (value && status == XHR_OK)
      status = xhr__bytes_append_byte(value, escaped);
  }
  /* 6. the value; 7. else the caller has both positions */
  *position = at;
  return status;
}

void xhr__skip_http_quoted_string(xhr__str input, size_t *position) {
  (void)collect(input, position, NULL);
}

xhr_status xhr__extract_http_quoted_string(xhr__str input, size_t *position, xhr__bytes *value) {
  return collect(input, position, value);
}
