#include "url/percent.h"

/* The standard's sets, each described by what it adds to the one it builds on:
 * https://url.spec.whatwg.org/#c0-control-percent-encode-set and the definitions behind it. */
#define C0    XHR__C0_CONTROL_PERCENT_ENCODE_SET
#define FRAG  XHR__FRAGMENT_PERCENT_ENCODE_SET
#define QUERY XHR__QUERY_PERCENT_ENCODE_SET
#define SPEC  XHR__SPECIAL_QUERY_PERCENT_ENCODE_SET
#define PATH  XHR__PATH_PERCENT_ENCODE_SET
#define USER  XHR__USERINFO_PERCENT_ENCODE_SET
#define COMP  XHR__COMPONENT_PERCENT_ENCODE_SET
#define FORM  XHR__URLENCODED_PERCENT_ENCODE_SET

/* A byte of a set is in all sets that build on it. */
#define ALL        (C0 | FRAG | QUERY | SPEC | PATH | USER | COMP | FORM)
#define FROM_COMP  (COMP | FORM)
#define FROM_USER  (USER | FROM_COMP)
#define FROM_PATH  (PATH | FROM_USER)
#define FROM_QUERY (QUERY | SPEC | FROM_PATH)

#define X4(value)  value, value, value, value
#define X16(value) X4(value), X4(value), X4(value), X4(value)

/* clang-format off */
const uint8_t xhr__percent_encode_sets[256] = {
    X16(ALL), X16(ALL), /* C0 controls */
    /* SPACE                !          "                    #               */
    FROM_QUERY | FRAG,      FORM,      FROM_QUERY | FRAG,   FROM_QUERY,
    /* $                    %          &                    '               */
    FROM_COMP,              FROM_COMP, FROM_COMP,           SPEC | FORM,
    /* (                    )          *                    +               */
    FORM,                   FORM,      0,                   FROM_COMP,
    /* ,                    -          .                    /               */
    FROM_COMP,              0,         0,                   FROM_USER,
    /* 0 to 9 */
    X4(0), X4(0), 0, 0,
    /* :                    ;          <                    =               */
    FROM_USER,              FROM_USER, FROM_QUERY | FRAG,   FROM_USER,
    /* >                    ?          @                                    */
    FROM_QUERY | FRAG,      FROM_PATH, FROM_USER,
    /* A to Z */
    X16(0), X4(0), X4(0), 0, 0,
    /* [                    \          ]                    ^               */
    FROM_USER,              FROM_USER, FROM_USER,           FROM_PATH,
    /* _                    `                                               */
    0,                      FROM_PATH | FRAG,
    /* a to z */
    X16(0), X4(0), X4(0), 0, 0,
    /* {                    |          }                    ~       DELETE  */
    FROM_PATH,              FROM_USER, FROM_PATH,           FORM,   ALL,
    X16(ALL), X16(ALL), X16(ALL), X16(ALL), X16(ALL), X16(ALL), X16(ALL), X16(ALL),
};
/* clang-format on */

static xhr_status cut(xhr__bytes *out, size_t len, xhr_status status) {
  out->len = len;
  if (out->data)
    out->data[len] = '\0';
  return status;
}

/* https://url.spec.whatwg.org/#percent-decode */
xhr_status xhr__percent_decode(xhr__str input, xhr__bytes *out) {
  /* 1. The output: never longer than the input. */
  xhr_status status = xhr__bytes_reserve(out, input.len);
  if (status != XHR_OK)
    return status;
  char *to = out->data + out->len;
  /* 2. Each byte, */
  for (size_t i = 0; i < input.len; i++) {
    /* 2.1 to 2.2 as it is, unless it begins a percent-encoded byte, */
    if (input.data[i] != '%' || input.len - i < 3 ||
        !xhr__is_ascii_hex_digit(xhr__str_at(input, i + 1)) ||
        !xhr__is_ascii_hex_digit(xhr__str_at(input, i + 2))) {
      *to++ = input.data[i];
      continue;
    }
    /* 2.3 which stands for another. */
    *to++ = (char)(xhr__hex_value(xhr__str_at(input, i + 1)) * 16 +
                   xhr__hex_value(xhr__str_at(input, i + 2)));
    i += 2;
  }
  *to = '\0';
  out->len = (size_t)(to - out->data);
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#percent-encode, for the bytes of `input` in the set; the others stay. Bytes above 0x7F
 * are in every set. Ends as soon as memory does. */
static xhr_status percent_encode_bytes(xhr__str input, xhr__percent_encode_set set,
                                       bool space_as_plus, xhr__bytes *out) {
  static const char digits[] = "0123456789ABCDEF";
  xhr_status status = xhr__bytes_reserve(out, input.len);
  for (size_t i = 0; i < input.len && status == XHR_OK;) {
    size_t run = i;
    while (run < input.len && !xhr__in_percent_encode_set(xhr__str_at(input, run), set))
      run++;
    if (run > i) {
      status = xhr__bytes_append(out, xhr__str_slice(input, i, run));
      i = run;
      continue;
    }
    uint8_t byte = xhr__str_at(input, i++);
    char text[3] = {'%', digits[byte >> 4], digits[byte & 15]};
    if (space_as_plus && byte == ' ')
      status = xhr__bytes_append_byte(out, '+');
    else
      status = xhr__bytes_append(out, xhr__str_of(text, sizeof text));
  }
  return status;
}

/* https://url.spec.whatwg.org/#string-percent-encode-after-encoding */
xhr_status xhr__percent_encode_after_encoding(const xhr__percent_encoding *encoding, xhr__str input,
                                              xhr__percent_encode_set set, xhr__bytes *out) {
  size_t before = out->len;
  /* 2. Spaces become "+" in forms only. */
  bool space_as_plus = set == XHR__URLENCODED_PERCENT_ENCODE_SET;
  /* UTF-8 has no errors, so that there is one round. */
  if (!encoding) {
    xhr_status status = percent_encode_bytes(input, set, space_as_plus, out);
    return status == XHR_OK ? status : cut(out, before, status);
  }
  /* 3 to 4. The encoder and its input. */
  xhr__bytes encoded = {0};
  size_t position = 0;
  xhr_status status;
  /* 6 to 7. Until the encoder has no more errors: */
  uint32_t potential_error = 0;
  do {
    /* 7.1 to 7.2. Encode as far as it goes. */
    xhr__bytes_clear(&encoded);
    status =
        encoding->encode_or_fail(encoding->encoder, input, &position, &encoded, &potential_error);
    /* 7.3. Percent-encode that. */
    if (status == XHR_OK)
      status = percent_encode_bytes(xhr__bytes_str(&encoded), set, space_as_plus, out);
    /* 7.4. "&#", the code point, ";", percent-encoded. */
    if (status == XHR_OK && potential_error != XHR__PERCENT_NO_ERROR) {
      status = xhr__bytes_append(out, XHR__STR("%26%23"));
      if (status == XHR_OK)
        status = xhr__bytes_append_u64(out, potential_error);
      if (status == XHR_OK)
        status = xhr__bytes_append(out, XHR__STR("%3B"));
    }
  } while (status == XHR_OK && potential_error != XHR__PERCENT_NO_ERROR);
  xhr__bytes_free(&encoded);
  return status == XHR_OK ? status : cut(out, before, status);
}

/* https://url.spec.whatwg.org/#string-utf-8-percent-encode */
xhr_status xhr__utf8_percent_encode(xhr__str input, xhr__percent_encode_set set, xhr__bytes *out) {
  return xhr__percent_encode_after_encoding(NULL, input, set, out);
}
