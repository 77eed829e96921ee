#include "fetch/extract_mime_type.h"

#include "fetch/get_decode_split.h"

/* The variables of the algorithm; a string that is null is not `set`. */
typedef struct extraction {
  xhr__bytes charset;
  bool charset_set;
  xhr__bytes essence;
  xhr__mime_type mime_type;
  bool mime_type_set;
} extraction;

/* Step 6, for one value. */
static xhr_status extract_from(extraction *state, xhr__str value) {
  xhr__str charset;
  /* 6.1. parse */
  xhr__mime_type temporary = {0};
  xhr_status status = xhr__mime_type_parse(&temporary, value);
  /* 6.2. failures and wildcards do not count */
  if (status == XHR_SYNTAX_ERR)
    return XHR_OK;
  if (status != XHR_OK)
    return status;
  if (xhr__mime_type_essence_is(&temporary, XHR__STR("*/*"))) {
    xhr__mime_type_free(&temporary);
    return XHR_OK;
  }
  /* 6.3. this one, for now */
  xhr__mime_type_move(&state->mime_type, &temporary);
  state->mime_type_set = true;
  bool has_charset = xhr__mime_type_get_parameter(&state->mime_type, XHR__STR("charset"), &charset);
  xhr__str essence = xhr__mime_type_essence(&state->mime_type);
  if (!xhr__str_equals(essence, xhr__bytes_str(&state->essence))) {
    /* 6.4. another essence: 6.4.1. - 6.4.2. its charset or none; 6.4.3. remember it */
    state->charset_set = has_charset;
    if (has_charset)
      status = xhr__bytes_assign(&state->charset, charset);
    if (status == XHR_OK)
      status = xhr__bytes_assign(&state->essence, essence);
  } else if (!has_charset && state->charset_set) {
    /* 6.5. the same essence: the charset goes on */
    status = xhr__mime_type_set_parameter(&state->mime_type, XHR__STR("charset"),
                                          xhr__bytes_str(&state->charset));
  }
  return status;
}

/* https://fetch.spec.whatwg.org/#concept-header-extract-mime-type */
xhr_status xhr__extract_mime_type(const xhr__str *values, size_t count, xhr__mime_type *mime_type) {
  /* 1. - 3. charset, essence, mimeType: null */
  extraction state = {0};
  xhr__bytes storage = {0};
  xhr__str combined, value;
  /* 4. get, decode, and split */
  xhr_status status = xhr__combine_values(values, count, &storage, &combined);
  /* 5. no header: failure */
  if (status == XHR_NOT_FOUND)
    status = XHR_SYNTAX_ERR;
  if (status == XHR_OK) {
    /* 6. each value */
    xhr__value_splitter splitter = xhr__value_splitter_of(combined);
    while (status == XHR_OK && xhr__value_splitter_next(&splitter, &value))
      status = extract_from(&state, value);
  }
  /* 7. none parsed: failure; 8. */
  if (status == XHR_OK && !state.mime_type_set)
    status = XHR_SYNTAX_ERR;
  if (status == XHR_OK)
    xhr__mime_type_move(mime_type, &state.mime_type);
  xhr__mime_type_free(&state.mime_type);
  xhr__bytes_free(&state.charset);
  xhr__bytes_free(&state.essence);
  xhr__bytes_free(&storage);
  return status;
}

/* https://fetch.spec.whatwg.org/#legacy-extract-an-encoding */
xhr__encoding xhr__legacy_extract_encoding(const xhr__mime_type *mime_type,
                                           xhr__encoding fallback) {
  xhr__str charset;
  /* 1. failure; 2. no charset */
  if (!mime_type || !xhr__mime_type_get_parameter(mime_type, XHR__STR("charset"), &charset))
    return fallback;
  /* 3. the encoding of that label */
  xhr__encoding tentative = xhr__encoding_get(charset);
  /* 4. none; 5. */
  return tentative == XHR__ENCODING_NONE ? fallback : tentative;
}
