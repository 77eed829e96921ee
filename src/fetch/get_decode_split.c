#include "fetch/get_decode_split.h"

#include "mime/http_quoted_string.h"

xhr__value_splitter xhr__value_splitter_of(xhr__str input) {
  /* 1. - 4. isomorphic: the bytes themselves; position; values and temporaryValue need no storage, see below */
  return (xhr__value_splitter){.input = input};
}

/* https://fetch.spec.whatwg.org/#header-value-get-decode-and-split
 * One turn up to step 5.7. temporaryValue is always one stretch of the input, so it is a slice of it. */
bool xhr__value_splitter_next(xhr__value_splitter *splitter, xhr__str *value) {
  if (splitter->done)
    return false;
  xhr__str input = splitter->input;
  size_t start = splitter->position, at = start;
  /* 5. */
  for (;;) {
    /* 5.1. all up to a quotation mark or comma */
    while (at < input.len && input.data[at] != '"' && input.data[at] != ',')
      at++;
    /* 5.2. a quoted string belongs to it as it is, commas too; go on behind it */
    if (at == input.len || input.data[at] == ',')
      break;
    xhr__skip_http_quoted_string(input, &at);
  }
  /* 5.3. - 5.5. trimmed, given out */
  *value = xhr__str_trim_http_tab_or_space(xhr__str_slice(input, start, at));
  /* 5.6. the end; 5.7. - 5.8. past the comma */
  splitter->done = at == input.len;
  splitter->position = splitter->done ? at : at + 1;
  return true;
}

/* https://fetch.spec.whatwg.org/#concept-header-list-get */
xhr_status xhr__combine_values(const xhr__str *values, size_t count, xhr__bytes *storage,
                               xhr__str *combined) {
  /* 1. not contained: null */
  if (count == 0)
    return XHR_NOT_FOUND;
  /* 2. all of them, separated by a comma and a space */
  if (count == 1) {
    *combined = values[0];
    return XHR_OK;
  }
  xhr_status status = XHR_OK;
  for (size_t i = 0; i < count && status == XHR_OK; i++) {
    if (i > 0)
      status = xhr__bytes_append(storage, XHR__STR(", "));
    if (status == XHR_OK)
      status = xhr__bytes_append(storage, values[i]);
  }
  *combined = xhr__bytes_str(storage);
  return status;
}
